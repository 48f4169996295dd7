import { fireEvent, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../../ipc/fake';
import type { World } from '../../ipc/fake-world';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import { type } from '../../test/window';
import Appeal from './Appeal.svelte';
import { draft } from './draft.svelte';

async function open(scenario: string, change?: (world: World) => void) {
  const fake = await fakeIn(scenario, change);
  const shown = show(Appeal, 'appeal');
  await waitFor(() => expect(document.querySelector('[data-blocked], .empty')).not.toBeNull());
  return { fake, shown };
}
const text = (css = 'body') => document.querySelector(css)?.textContent ?? '';
const send = () => document.querySelector<HTMLElement>('[data-action="send-appeal"]');
const area = () => document.getElementById('appeal-text') as HTMLTextAreaElement;

beforeEach(() => {
  draft.text = '';
});

describe('a block', () => {
  it.each([
    ['false_data', 'data yang tidak benar'],
    ['automation', 'oleh program'],
    ['proxy', 'joki'],
    ['missed_first_purchase', 'tidak dibeli pada waktunya'],
    ['unfinished_training', 'tidak diselesaikan'],
    ['terms_broken', 'Syarat dan ketentuan'],
    ['something_new', 'Pusat memblokir akunmu'],
  ])('%s is said in words', async (reason, words) => {
    await open('blocked', (world) => {
      const { blocked } = world.registration.view;
      if (blocked) blocked.reason = reason;
    });
    expect(text('[data-blocked]')).toContain(words);
    expect(text('[data-blocked]')).toContain('14 pendaftaran');
  });

  it('is none for everybody else', async () => {
    await open('inside');
    expect(text()).toContain('Akunmu tidak diblokir');
    expect(area()).toBeNull();
    expect(document.querySelector('[data-appeal]')).toBeNull();
  });

  it('leaves the answer to be read when it is over', async () => {
    await open('blocked-granted');
    expect(text()).toContain('Akunmu tidak diblokir');
    expect(text('[data-appeal="true"]')).toContain('Benar, maaf. Akunmu dibuka lagi.');
    expect(area()).toBeNull();
  });
});

describe('an appeal', () => {
  it('counts what is left and refuses nothing and too much, keeping the text', async () => {
    const { fake } = await open('blocked');
    expect(text()).toContain('Sisa 2.000 huruf');
    await fireEvent.click(send() as HTMLElement);
    await waitFor(() => expect(text('#error-summary')).toContain('belum diisi'));
    type('appeal-text', 'a'.repeat(2001));
    await waitFor(() => expect(text()).toContain('kurangi 1 huruf'));
    await fireEvent.click(send() as HTMLElement);
    await waitFor(() => expect(text('#error-summary')).toContain('terlalu panjang'));
    expect(area().value).toHaveLength(2001);
    expect(callsOf(fake, 'submit_appeal')).toHaveLength(0);
  });

  it('is sent, shown with how it travels, and asked for no second time', async () => {
    const { fake } = await open('blocked');
    type('appeal-text', '  Nomor itu milik ibu saya.  ');
    await fireEvent.click(send() as HTMLElement);
    await waitFor(() => expect(callsOf(fake, 'submit_appeal')).toEqual([{ text: 'Nomor itu milik ibu saya.' }]));
    await waitFor(() => expect(text('[data-appeal]')).toContain('Nomor itu milik ibu saya.'));
    expect(area()).toBeNull();
    expect(text('[data-appeal]')).not.toContain('dikabulkan');
  });

  it('keeps what was typed when the screen is left and when sending fails', async () => {
    const { fake, shown } = await open('blocked');
    type('appeal-text', 'Ini keliru.');
    shown.unmount();
    show(Appeal, 'appeal');
    await waitFor(() => expect(area()?.value).toBe('Ini keliru.'));
    fake.on('submit_appeal', () => {
      throw refusal('disk_full');
    });
    await fireEvent.click(send() as HTMLElement);
    await waitFor(() => expect(text('#error-summary')).toContain('belum terkirim'));
    expect(area().value).toBe('Ini keliru.');
  });

  it('says offline what really happens', async () => {
    await open('blocked', (world) => (world.state.sync.online = false));
    expect(send()?.textContent?.trim()).toBe('Simpan & kirim saat online');
    expect(text()).toContain('dikirim begitu ada internet');
  });

  it('that central did not take is written anew, with what was typed before', async () => {
    const { fake } = await open('blocked-returned');
    expect(text()).toContain('Tulisanmu ada lagi di bawah');
    expect(area().value).toContain('Nomor itu milik ibu saya.');
    expect(text()).not.toContain('menjawab di sini');
    // What the person takes away stays away.
    type('appeal-text', '');
    fake.emitChanged('registration');
    await waitFor(() => expect(callsOf(fake, 'get_registration')).toHaveLength(2));
    expect(area().value).toBe('');
    type('appeal-text', 'Ini buktinya.');
    await fireEvent.click(send() as HTMLElement);
    await waitFor(() => expect(text('[data-appeal]')).toContain('Ini buktinya.'));
    expect(area()).toBeNull();
    expect(text()).not.toContain('Tulisanmu ada lagi');
  });

  it('that is being written is not lost to one that comes back', async () => {
    const { fake } = await open('blocked');
    type('appeal-text', 'Ini yang baru.');
    const delivery = { state: 'needs_you', why: 'step_refused', at: Date.now() } as const;
    const answer = { granted: null, answered_at: null, answer: null };
    fake.world.registration.view.appeal = { text: 'Lama.', delivery, open: false, ...answer };
    fake.emitChanged('registration');
    await waitFor(() => expect(text()).toContain('Tulisanmu ada lagi'));
    expect(area().value).toBe('Ini yang baru.');
  });

  it('that waits for the person to sign in is open', async () => {
    await open('blocked-appealed', ({ registration: { view } }) => {
      if (view.appeal) view.appeal.delivery = { state: 'needs_you', why: 'sign_in', at: Date.now() };
    });
    expect(area()).toBeNull();
    expect(text()).not.toContain('Tulisanmu ada lagi');
  });

  it('that is open waits for its answer', async () => {
    await open('blocked-appealed');
    expect(document.querySelector('[data-appeal]')?.getAttribute('data-appeal')).toBe('received');
    expect(text('[data-appeal]')).toContain('menjawab di sini');
    expect(area()).toBeNull();
  });

  it('that was denied is final: when, in whose words, and no other one', async () => {
    await open('blocked-refused', ({ registration: { view } }) => {
      if (view.appeal)
        Object.assign(view.appeal, { answered_at: Date.UTC(2026, 10, 24, 3), answer: 'Buktinya tidak cocok.' });
    });
    expect(document.querySelector('[data-appeal]')?.getAttribute('data-appeal')).toBe('false');
    for (const words of ['tidak dikabulkan', 'Diputuskan pada 24 November 2026', 'final', 'Buktinya tidak cocok.']) {
      expect(text('[data-appeal]')).toContain(words);
    }
    expect([area(), send()]).toEqual([null, null]);
  });
});

it.each(['blocked', 'blocked-appealed', 'blocked-refused', 'blocked-returned', 'blocked-granted', 'inside'])(
  '%s: axe finds nothing',
  async (scenario) => {
    await open(scenario);
    expect(await violations()).toEqual([]);
  },
);
