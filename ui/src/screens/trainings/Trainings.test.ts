import { cleanup, fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { World } from '../../ipc/fake-world';
import { refusal } from '../../ipc/fake';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Training from './Training.svelte';
import Trainings from './Trainings.svelte';

const WELDING = '01930000-0000-7000-8000-000000000001';
const COMPUTER = '01930000-0000-7000-8000-000000000002';
const PAID = '01930000-0000-7000-8000-000000000006';

/** Sets the width of the window; jsdom starts at 1024. */
function width(pixels: number) {
  Object.defineProperty(window, 'innerWidth', { configurable: true, value: pixels });
  window.dispatchEvent(new Event('resize'));
}

async function list(scenario = 'inside', change?: (world: World) => void) {
  const fake = await fakeIn(scenario, change);
  show(Trainings, 'trainings');
  await waitFor(() => expect(document.querySelector('[data-training], .empty')).not.toBeNull());
  return fake;
}
const rows = () => [...document.querySelectorAll('[data-training]')];
const chip = (name: string) => document.querySelector(`[data-filter="${name}"]`) as HTMLButtonElement;

describe('the training list', () => {
  it('says how many are stored on this computer and as of when', async () => {
    await list();
    expect(document.body.textContent).toContain('44 pelatihan tersimpan di komputer ini');
    expect(screen.getByText(/Daftar per/u)).toBeTruthy();
    expect(document.querySelector(`[data-training="${WELDING}"]`)?.getAttribute('data-method')).toBe('in_person');
    expect(document.querySelector(`[data-training="${PAID}"]`)?.getAttribute('data-free')).toBe('false');
  });

  it('says when a later search fails, above the rows that it left', async () => {
    const fake = await list();
    let broken = true;
    fake.on('search_trainings', () => {
      if (broken) throw refusal('internal');
      return { total: 1, stored: 44, as_of: null, rows: [fake.world.trainings[0]?.row] };
    });
    await fireEvent.click(chip('webinar'));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('Di bawah ini hasil sebelumnya');
    expect(rows().length).toBeGreaterThan(0);
    broken = false;
    await fireEvent.click(screen.getByRole('button', { name: 'Coba lagi' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('searches once after a pause in typing', async () => {
    const fake = await list();
    const before = callsOf(fake, 'search_trainings').length;
    const search = document.getElementById('search') as HTMLInputElement;
    for (const value of ['l', 'la', 'las']) await fireEvent.input(search, { target: { value } });
    await waitFor(() => expect(rows()).toHaveLength(1));
    const calls = callsOf(fake, 'search_trainings').slice(before);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ query: { text: 'las', offset: 0 } });
  });

  it('remembers the search for the same person only', async () => {
    const search = () => (document.getElementById('search') as HTMLInputElement).value;
    const fake = await list();
    await fireEvent.input(document.getElementById('search') as Element, { target: { value: 'las' } });
    await waitFor(() => expect(rows()).toHaveLength(1));
    cleanup();
    show(Trainings, 'trainings');
    expect(search()).toBe('las');
    cleanup();
    fake.world.state.account = { state: 'signed_in', email: 'jefry@contoh.id', first_name: 'Jefry' };
    fake.emitState();
    show(Trainings, 'trainings');
    expect(search()).toBe('');
  });

  it('drops an answer that was overtaken', async () => {
    const fake = await list();
    let release: (() => void) | undefined;
    const page = (title: string) => ({
      total: 1,
      stored: 44,
      as_of: null,
      rows: [{ ...fake.world.trainings[0]!.row, title }],
    });
    fake.on('search_trainings', ({ query }) => {
      const { free_only: free } = query as { free_only: boolean };
      if (!free) return page('lama');
      return new Promise((done) => (release = () => done(page('baru sekali'))));
    });
    await fireEvent.click(chip('free'));
    await fireEvent.click(chip('free'));
    await waitFor(() => expect(document.body.textContent).toContain('lama'));
    release?.();
    await new Promise((done) => setTimeout(done));
    expect(document.body.textContent).not.toContain('baru sekali');
  });

  it('filters by chips that say whether they are on', async () => {
    const fake = await list();
    await fireEvent.click(chip('free'));
    await fireEvent.click(chip('webinar'));
    await waitFor(() => expect(rows().every((row) => row.getAttribute('data-method') === 'webinar')).toBe(true));
    expect(chip('webinar').getAttribute('aria-pressed')).toBe('true');
    await fireEvent.change(document.getElementById('filter-province') as Element, { target: { value: '21' } });
    await waitFor(() =>
      expect(callsOf(fake, 'search_trainings').at(-1)).toMatchObject({
        query: { free_only: true, methods: ['webinar'], province: '21' },
      }),
    );
  });

  it('shows more and moves the focus to the first new row', async () => {
    await list();
    expect(rows()).toHaveLength(20);
    await fireEvent.click(screen.getByRole('button', { name: 'Tampilkan lagi' }));
    await waitFor(() => expect(rows()).toHaveLength(40));
    await waitFor(() => expect(document.activeElement).toBe(rows()[20]?.querySelector('a')));
    await fireEvent.click(screen.getByRole('button', { name: 'Tampilkan lagi' }));
    await waitFor(() => expect(rows()).toHaveLength(44));
    expect(screen.queryByRole('button', { name: 'Tampilkan lagi' })).toBeNull();
  });

  it('offers to clear the filters when nothing fits', async () => {
    await list();
    await fireEvent.input(document.getElementById('search') as Element, { target: { value: 'astronaut' } });
    await fireEvent.click(await screen.findByRole('button', { name: 'Hapus saringan' }));
    await waitFor(() => expect(rows()).toHaveLength(20));
    expect((document.getElementById('search') as HTMLInputElement).value).toBe('');
  });

  it('tells an empty catalogue from no result', async () => {
    await list('no-catalogue');
    expect(document.body.textContent).toContain('Belum ada daftar pelatihan di komputer ini');
    expect(document.querySelector('[data-action="clear-filters"]')).toBeNull();
    expect(await violations()).toEqual([]);
  });

  it('says what failed and tries again', async () => {
    const fake = await fakeIn('inside');
    fake.on('search_trainings', () => {
      throw refusal('vault_locked');
    });
    show(Trainings, 'trainings');
    await fireEvent.click(await screen.findByRole('button', { name: 'Coba lagi' }));
    await waitFor(() => expect(callsOf(fake, 'search_trainings')).toHaveLength(2));
  });

  it('reads again when the catalogue changed', async () => {
    const fake = await list();
    fake.world.trainings[0]!.row.title = 'Las tingkat lanjut';
    fake.emitChanged('catalogue');
    await waitFor(() => expect(document.body.textContent).toContain('Las tingkat lanjut'));
  });

  it('opens beside the list above 1100 pixels and on a page of its own below', async () => {
    width(1280);
    await list();
    await waitFor(() => expect(document.querySelector(`[data-training-detail="${WELDING}"]`)).not.toBeNull());
    const link = document.querySelector(`#training-${COMPUTER}`) as HTMLElement;
    expect(await fireEvent.click(link)).toBe(false);
    await waitFor(() => expect(document.querySelector(`[data-training-detail="${COMPUTER}"]`)).not.toBeNull());
    expect(link.getAttribute('aria-current')).toBe('true');
    expect(await violations()).toEqual([]);
    width(1024);
    await waitFor(() => expect(document.querySelector('[data-training-detail]')).toBeNull());
    expect(link.getAttribute('href')).toBe(`#/training/${COMPUTER}`);
    link.addEventListener('click', (event) => event.preventDefault(), { once: true });
    expect(link.getAttribute('aria-current')).toBeNull();
  });
});

describe('a training', () => {
  async function detail(id: string, scenario = 'inside', change?: (world: World) => void) {
    const fake = await fakeIn(scenario, change);
    show(Training, 'training', id);
    await waitFor(() => expect(document.querySelector('article, .empty')).not.toBeNull());
    return fake;
  }
  const enrolButton = () => document.querySelector('[data-action="enrol"]') as HTMLButtonElement | null;

  it.each<[string, (world: World) => void, string]>([
    ['online', () => {}, 'Daftar'],
    ['offline', (world) => (world.state.sync.online = false), 'Simpan & daftar saat online'],
    ['not tried yet', (world) => (world.state.sync.online = null), 'Simpan & daftar saat online'],
  ])('%s: the button says what really happens', async (_case, change, words) => {
    await detail(COMPUTER, 'inside', change);
    expect(enrolButton()?.textContent?.trim()).toBe(words);
  });

  it('asks for a schedule first, then for a place in that one', async () => {
    const fake = await detail(WELDING);
    await fireEvent.click(enrolButton() as Element);
    await waitFor(() => expect(document.querySelector('#error-summary a')).not.toBeNull());
    expect(callsOf(fake, 'request_enrolment')).toEqual([]);
    const radio = document.querySelector('input[id^="schedule-"]') as HTMLInputElement;
    await fireEvent.click(radio);
    await fireEvent.click(enrolButton() as Element);
    await waitFor(() => expect(enrolButton()).toBeNull());
    expect(callsOf(fake, 'request_enrolment')).toEqual([{ training: WELDING, schedule: radio.value }]);
    expect(document.querySelector('[data-mine]')).not.toBeNull();
  });

  it('never says "enrolled" before central did', async () => {
    await detail(COMPUTER, 'inside', (world) => (world.state.sync.online = false));
    await fireEvent.click(enrolButton() as Element);
    await waitFor(() => expect(document.querySelector('[data-mine="requested"]')).not.toBeNull());
    expect(document.body.textContent).not.toContain('Kamu terdaftar');
  });

  it('explains why central or this computer refuses', async () => {
    const fake = await detail(COMPUTER);
    fake.on('request_enrolment', () => {
      throw refusal('seat_full');
    });
    await fireEvent.click(enrolButton() as Element);
    await waitFor(() => expect(document.getElementById('error-summary')?.textContent).toContain('tidak ada biaya'));
  });

  it('shows what a paid one needs, and no button that would lie', async () => {
    await detail(PAID);
    expect(enrolButton()).toBeNull();
    expect(document.body.textContent).toContain('Dibayar dari saldo pelatihan');
    expect(document.body.textContent).toContain('Rp450.000');
  });

  it('needs an account to ask', async () => {
    await detail(COMPUTER, 'fresh');
    expect(enrolButton()).toBeNull();
    expect(document.querySelector('[data-action="go-sign-up"]')).not.toBeNull();
  });

  it('closed and full runs cannot be chosen and say why', async () => {
    await detail(WELDING, 'inside', (world) => {
      world.trainings[0]!.schedules[0]!.closed = true;
    });
    const radios = [...document.querySelectorAll<HTMLInputElement>('input[type=radio]')];
    expect(radios.map((radio) => radio.disabled)).toEqual([true, false]);
    expect(radios[1]?.checked).toBe(true);
    expect(document.body.textContent).toContain('Pendaftaran sudah tutup');
  });

  it('gives the deadline with day, hour, zone and how long', async () => {
    await detail(WELDING);
    expect(document.body.textContent).toMatch(
      /Pendaftaran tutup \p{L}+, \d+ \p{L}+ \d{4}, \d\d\.\d\d \S+.*, \d+ hari lagi/u,
    );
  });

  it('counts down by the best clock known, not by this computer’s', async () => {
    await detail(WELDING, 'inside', (world) => {
      const training = world.trainings[0]!;
      training.now = Date.now() + 9 * 86_400_000;
      training.schedules[0]!.closes_at = training.now + 3.5 * 86_400_000;
      training.schedules[1]!.closes_at = training.now - 120_000;
    });
    const words = [...document.querySelectorAll('fieldset label')].map((run) => run.textContent);
    expect(words[0]).toContain(', 3 hari lagi');
    expect(words[1]).toContain('Pendaftaran sudah tutup');
  });

  it('tells a training that is gone', async () => {
    await detail('01930000-0000-7000-8000-00000000ffff');
    expect(document.body.textContent).toContain('tidak ada lagi');
  });

  it.each([
    [WELDING, 'inside'],
    [PAID, 'inside'],
    [COMPUTER, 'fresh'],
    [WELDING, 'middle'],
  ])('axe finds nothing on %s, %s', async (id, scenario) => {
    await detail(id, scenario);
    expect(await violations()).toEqual([]);
  });
});
