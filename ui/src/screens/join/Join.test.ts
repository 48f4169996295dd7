import { fireEvent, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../ipc/fake';
import { application, otherAid, wave } from '../../ipc/fake-programme';
import type { World } from '../../ipc/fake-world';
import type { ApplicationView, Delivery } from '../../ipc/types';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Join from './Join.svelte';

async function open(scenario: string, change?: (world: World) => void, wave = '72') {
  const fake = await fakeIn(scenario, change);
  show(Join, 'join', wave);
  await waitFor(() => expect(document.querySelector('.lines, .empty')).not.toBeNull());
  return fake;
}
const text = (css = 'body') => document.querySelector(css)?.textContent ?? '';
const action = (name: string) => document.querySelector<HTMLElement>(`[data-action="${name}"]`);
async function press(name: string) {
  await waitFor(() => expect(action(name)).not.toBeNull());
  await fireEvent.click(action(name) as HTMLElement);
}
const boxes = () => [...document.querySelectorAll<HTMLInputElement>('input[type="checkbox"]')];
const card = () => document.querySelector<HTMLElement>('[data-join]');

describe('joining', () => {
  it('asks twice, and then for each consent, none ticked in advance', async () => {
    const fake = await open('waves-open');
    expect(text()).toContain('tidak bisa dibatalkan');
    expect(boxes()).toHaveLength(0);
    await press('yes-join');
    await waitFor(() => expect(boxes()).toHaveLength(2));
    expect(boxes().map((box) => box.checked)).toEqual([false, false]);
    await fireEvent.click(boxes()[0] as HTMLElement);
    await press('agree');
    await waitFor(() => expect(document.querySelectorAll('#error-summary a')).toHaveLength(1));
    expect(callsOf(fake, 'join_wave')).toHaveLength(0);
    expect(boxes()[0]?.checked).toBe(true);
    await fireEvent.click(boxes()[1] as HTMLElement);
    await press('agree');
    await waitFor(() => expect(card()).not.toBeNull());
    const consents = ['card_agreement', 'return_if_wrong'];
    expect(callsOf(fake, 'join_wave')).toEqual([{ wave: 72, consents, answers: {} }]);
  });

  it("asks what the wave's scheme asks and the registration did not", async () => {
    const fake = await open('waves-open', (world) => {
      world.programme.waves.waves = [wave({ scheme: '2020', questions: [otherAid()] })];
    });
    const radio = (answer: string) => document.getElementById(`declaration-other_aid-${answer}`) as HTMLInputElement;
    await press('yes-join');
    await waitFor(() => expect(boxes()).toHaveLength(2));
    expect(text()).toMatch(/Skema 2020 menanyakan ini.*bantuan sosial lain/su);
    expect([radio('yes').checked, radio('no').checked]).toEqual([false, false]);
    for (const box of boxes()) await fireEvent.click(box);
    await press('agree');
    await waitFor(() => expect(document.querySelector('#error-summary a')?.textContent).toContain('Jawab dulu'));
    await fireEvent.click(radio('yes'));
    await waitFor(() => expect(text('[data-declaration]')).toContain('tidak bisa ikut gelombang ini'));
    await press('agree');
    expect(callsOf(fake, 'join_wave')).toHaveLength(0);
    expect(await violations()).toEqual([]);
    await fireEvent.click(radio('no'));
    await press('agree');
    await waitFor(() => expect(callsOf(fake, 'join_wave')).toHaveLength(1));
    expect(callsOf(fake, 'join_wave')[0]).toMatchObject({ answers: { other_aid: false } });
  });

  it('says exactly what counts, before the button is pressed', async () => {
    await open('waves-open');
    await press('yes-join');
    await waitFor(() => expect(text()).toMatch(/sebelum gelombang ditutup: .*23\.59 WIB/u));
    expect(text('[data-late="true"]')).toMatch(/masih dihitung sampai .*WIB.*membuktikan/u);
  });

  it('promises no proof that this computer does not have', async () => {
    await open('waves-open', (world) => (world.programme.waves.provable = false));
    await press('yes-join');
    await waitFor(() => expect(text('[data-late="false"]')).toContain('belum mendengar waktu pusat'));
    expect(text()).not.toContain('masih dihitung');
  });

  it('does not speak of evidence where only arrival counts', async () => {
    await open('waves-open', (world) => {
      for (const row of world.programme.waves.waves) row.late_until = null;
    });
    await press('yes-join');
    await waitFor(() => expect(text('[data-late="false"]')).toContain('tidak dihitung'));
    expect(text()).not.toContain('membuktikan');
  });

  it.each<[boolean | null, string]>([
    [true, 'Saya menyetujui'],
    [false, 'Saya menyetujui, kirim saat online'],
    [null, 'Saya menyetujui, kirim saat online'],
  ])('online %s: the button says what really happens', async (online, words) => {
    await open('waves-open', (world) => (world.state.sync.online = online));
    await press('yes-join');
    await waitFor(() => expect(action('agree')?.textContent?.trim()).toBe(words));
  });

  it('keeps the ticks when it fails', async () => {
    const fake = await open('waves-open');
    fake.on('join_wave', () => {
      throw refusal('wave_not_open');
    });
    await press('yes-join');
    await waitFor(() => expect(boxes()).toHaveLength(2));
    for (const box of boxes()) await fireEvent.click(box);
    await press('agree');
    await waitFor(() => expect(document.getElementById('error-summary')).not.toBeNull());
    expect(boxes().every((box) => box.checked)).toBe(true);
  });
});

describe('a request', () => {
  it('made offline is saved, not joined, and can be taken back', async () => {
    const fake = await open('joined-offline');
    expect(card()?.dataset.join).toBe('waiting');
    expect(text('[data-join]')).toMatch(/tersimpan di komputer ini.*belum ikut gelombang 72/su);
    expect(text('[data-join]')).not.toMatch(/Kamu ikut gelombang/u);
    await press('undo-join');
    await waitFor(() => expect(callsOf(fake, 'cancel_command')).toHaveLength(1));
    await waitFor(() => expect(text()).toContain('Tidak ada yang dikirim'));
    expect(action('yes-join')).not.toBeNull();
  });

  it('shows and takes back the request of this wave while another application stands in front', async () => {
    const fake = await open(
      'not-accepted',
      (world) => {
        const command = '01960000-0000-7000-8000-000000000047';
        const delivery = { state: 'waiting', at: Date.now() } as const;
        const asked = { wave: 47, state: null, counted: null, delivery, command };
        world.programme.waves.waves.push(wave({ number: 47, joinable: false, application: application(asked) }));
      },
      '47',
    );
    expect(card()?.dataset.join).toBe('waiting');
    expect(text('[data-join]')).toContain('belum ikut gelombang 47');
    await press('undo-join');
    await waitFor(() => expect(callsOf(fake, 'cancel_command')).toHaveLength(1));
  });

  const at = Date.now();
  it.each<[Delivery, boolean, string]>([
    [{ state: 'saved', at }, true, 'tersimpan di komputer ini'],
    [{ state: 'sending', at }, false, 'sedang dikirim'],
    [{ state: 'received', at, receipt: 'PK-1A2B-33' }, false, 'Pusat menerima permintaanmu'],
    [{ state: 'needs_you', why: 'sign_in', at }, true, 'belum bisa dikirim'],
  ])('%o: can be taken back %s', async (delivery, undo, words) => {
    await open('joined-offline', (world) => {
      if (world.programme.waves.application) world.programme.waves.application.delivery = delivery;
    });
    expect(action('undo-join') !== null).toBe(undo);
    expect(text('[data-join] h2')).toContain(words);
  });

  it.each([
    ['joined', 'in_time', 'tiba sebelum gelombang ditutup'],
    ['joined-late', 'by_evidence', 'terbukti dibuat sebelumnya'],
  ])('%s: counted %s', async (scenario, counted, words) => {
    await open(scenario);
    expect(card()?.dataset.counted).toBe(counted);
    expect(text('[data-join]')).toContain(words);
    expect(action('undo-join')).toBeNull();
  });

  it('tells no date of a result that has passed, and no step that is done', async () => {
    await open('selection-before', (world) => {
      for (const row of world.programme.waves.waves) row.results_expected_at = Date.now() - 1;
    });
    expect(card()?.dataset.join).toBe('counted');
    expect(text()).toMatch(/sudah ditutup dan seleksi berjalan.*Hasilnya diberitahukan/su);
    expect(text()).not.toMatch(/dikunci dan diundi|Hasilnya paling lambat/u);
  });

  it.each<[string, string, Partial<ApplicationView>, string]>([
    ['selection-before', 'left_off', { left_off: 'excluded' }, 'kamu tidak ada di daftar undian'],
    ['accepted', 'accepted', {}, 'kamu lolos'],
    ['selection-after', 'not_accepted', {}, 'kamu belum berhasil'],
  ])('%s: what is decided is said: %s', async (scenario, shown, patch, words) => {
    await open(scenario, (world) => void Object.assign(world.programme.waves.application ?? {}, patch));
    expect(card()?.dataset.join).toBe(shown);
    expect(text('[data-join] h2')).toContain(words);
    expect(text()).not.toMatch(/Kamu ikut gelombang|Setelah ini|Hasilnya paling lambat|Peluangmu sama/u);
    expect(document.querySelector('[data-join] a')?.getAttribute('href')).toBe('#/member');
    expect(await violations()).toEqual([]);
  });

  it.each([
    ['wave_closed', 'setelah gelombang ditutup'],
    ['not_in_region', 'bukan untuk provinsi'],
    ['already_member', 'sekali seumur hidup'],
    ['scheme_unfit', 'berbeda dari aturan pendaftaranmu'],
    ['something_new', 'Petugas bantuan'],
  ])('refused for %s: why, and the next wave', async (refused, words) => {
    await open('join-refused', (world) => {
      if (world.programme.waves.application) world.programme.waves.application.refused = refused;
    });
    expect(text('[data-join="refused"]')).toContain(words);
    expect(action('join-next')?.getAttribute('href')).toBe('#/join/73');
    expect(text()).toContain('tidak perlu mengisi apa-apa lagi');
  });

  it('becomes an application when central answers', async () => {
    const fake = await open('waves-open');
    await press('yes-join');
    await waitFor(() => expect(boxes()).toHaveLength(2));
    for (const box of boxes()) await fireEvent.click(box);
    await press('agree');
    await waitFor(() => expect(card()?.dataset.counted).toBe('in_time'));
    expect(fake.world.programme.waves.application?.state).toBe('joined_waiting_close');
  });
});

it('says that a wave is not there', async () => {
  await open('waves-open', undefined, '7');
  expect(text()).toContain('tidak ada di daftar');
});

it('says why a wave cannot be joined', async () => {
  await open('waves-region');
  expect(text()).toContain('bukan untuk Jawa Timur');
  expect(action('yes-join')).toBeNull();
});

it.each(['waves-open', 'joined', 'joined-offline', 'join-refused', 'waves-region'])(
  '%s: axe finds nothing',
  async (scenario) => {
    await open(scenario);
    if (scenario === 'waves-open') {
      await press('yes-join');
      await waitFor(() => expect(boxes()).toHaveLength(2));
    }
    expect(await violations()).toEqual([]);
  },
);
