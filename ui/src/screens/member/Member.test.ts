import { fireEvent, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { refusal } from '../../ipc/fake';
import { application, membership, notice } from '../../ipc/fake-programme';
import type { World } from '../../ipc/fake-world';
import type { LeftOff, MembershipState, NotDrawn, NoticeRow } from '../../ipc/types';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Member from './Member.svelte';

async function open(scenario: string, change?: (world: World) => void) {
  const fake = await fakeIn(scenario, change);
  const shown = show(Member, 'member');
  await waitFor(() => expect(document.querySelector('[data-membership], .empty')).not.toBeNull());
  return { fake, shown };
}
const text = (css = 'body') => document.querySelector(css)?.textContent ?? '';
const action = (name: string) => document.querySelector<HTMLElement>(`[data-action="${name}"]`);
const press = (name: string) => fireEvent.click(action(name) as HTMLElement);
const DIGITS = '8812 0044 5566 4172';

afterEach(() => vi.useRealTimers());

describe('the card number', () => {
  it('is masked, for eyes and ears', async () => {
    await open('accepted');
    expect(text('[data-card="masked"]')).toContain('•••• •••• •••• 4172');
    expect(text('[data-card] .hidden-visually')).toContain('4172');
    expect(text()).not.toContain('8812');
    expect(text()).toContain('Jangan berikan kepada siapa pun');
  });

  it('is shown on request and hidden by the button', async () => {
    const { fake } = await open('accepted');
    expect(callsOf(fake, 'reveal_card_number')).toHaveLength(0);
    const button = action('show-number');
    button?.focus();
    await press('show-number');
    await waitFor(() => expect(text('[data-card="shown"]')).toBe(DIGITS));
    expect(action('hide-number')).toBe(button);
    expect(document.activeElement).toBe(button);
    await press('hide-number');
    await waitFor(() => expect(document.querySelector('[data-card="masked"]')).not.toBeNull());
    expect(document.activeElement).toBe(button);
    expect(text()).not.toContain('8812');
  });

  it('hides itself after half a minute', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await open('accepted');
    await press('show-number');
    await waitFor(() => expect(text('[data-card="shown"]')).toBe(DIGITS));
    await vi.advanceTimersByTimeAsync(29_000);
    expect(text('[data-card="shown"]')).toBe(DIGITS);
    action('copy-number')?.focus();
    await vi.advanceTimersByTimeAsync(1500);
    expect(document.querySelector('[data-card="masked"]')).not.toBeNull();
    expect(text()).toContain('Nomor disembunyikan');
    expect(document.activeElement).toBe(action('show-number'));
  });

  it('is copied by the app, which takes it out of the clipboard again', async () => {
    const { fake } = await open('accepted');
    await press('show-number');
    await waitFor(() => expect(action('copy-number')).not.toBeNull());
    await press('copy-number');
    await waitFor(() => expect(callsOf(fake, 'copy_card_number')).toHaveLength(1));
    expect(callsOf(fake, 'copy_text')).toHaveLength(0);
    await waitFor(() => expect(text()).toContain('Setelah satu menit nomor ini hilang lagi'));
  });

  it('says when it cannot be shown', async () => {
    const { fake } = await open('accepted');
    fake.on('reveal_card_number', () => {
      throw refusal('vault_locked');
    });
    await press('show-number');
    await waitFor(() => expect(text('[role="alert"]')).toContain('tidak bisa ditampilkan'));
  });
});

describe('the first purchase', () => {
  it('shows the date, how long, the reminders, and what happens else', async () => {
    await open('accepted');
    expect(text()).toMatch(/dalam 11 hari/u);
    expect(text()).toMatch(/23\.59 WIB/u);
    expect(text()).toMatch(/10 hari sebelumnya.*1 hari sebelumnya/su);
    expect(text()).toContain('tidak bisa mendaftar lagi seumur hidup');
  });

  it('counts by the best clock known, not by this computer’s', async () => {
    await open('accepted', (world) => {
      const now = Date.now() + 9 * 86_400_000;
      world.programme.membership = membership({ now });
    });
    expect(text('.left .count')).toMatch(/dalam 2 hari/u);
    expect(text()).not.toContain('10 hari sebelumnya');
  });

  it('saves a calendar file and says where', async () => {
    await open('accepted');
    await press('save-calendar');
    await waitFor(() => expect(text('.said code')).toBe('/home/sari/Dokumen/batas-waktu-prakerja.ics'));
  });

  it('says when the calendar file could not be saved', async () => {
    const { fake } = await open('accepted');
    fake.on('save_deadline_calendar', () => {
      throw refusal('disk_full');
    });
    await press('save-calendar');
    await waitFor(() => expect(text('[role="alert"]')).toContain('belum tersimpan'));
  });

  it('claims nothing when the date has passed and central has not spoken', async () => {
    await open('accepted', (world) => {
      world.programme.membership = membership({ first_purchase_until: Date.now() - 1000, reminders: [] });
    });
    expect(text()).toContain('Batas waktunya sudah lewat');
    expect(text()).not.toContain('Kepesertaanmu dicabut');
  });
});

describe('the last day of the balance', () => {
  const member = (patch: Parameters<typeof membership>[0]) => (world: World) => {
    world.programme.membership = membership(patch);
  };

  it('is told with what happens then', async () => {
    await open('accepted');
    expect(text('[data-balance-until]')).toMatch(/Hari terakhir memakai saldo.*23\.59 WIB.*kembali ke negara/su);
  });

  it('claims nothing when it has passed and central has not spoken', async () => {
    await open('accepted', member({ balance_use_until: Date.now() - 1000 }));
    expect(text('[data-balance-until]')).toContain('Hari terakhirnya sudah lewat');
    expect(text('[data-balance-until]')).not.toContain('sudah ditarik');
  });

  it('says how much went back', async () => {
    const withdrawn = { at: Date.now() - 86_400_000, amount_idr: 1_250_000 };
    await open('accepted', member({ state: 'learning', awaits_first_purchase: false, balance_idr: 0, withdrawn }));
    expect(text('[data-balance-until]')).toMatch(/Rp1\.250\.000 sudah ditarik/u);
    expect(await violations()).toEqual([]);
  });

  it('is not there where a scheme has none', async () => {
    await open('accepted', member({ balance_use_until: null }));
    expect(document.querySelector('[data-balance-until]')).toBeNull();
  });
});

it('tells the rules that apply to the person', async () => {
  await open('accepted', (world) => {
    const rules = { first_purchase_days: 30, next_purchase_days: 20, refund_days: 60 };
    world.programme.membership = membership({ rules });
  });
  expect(text('[data-rules]')).toMatch(/dalam 30 hari.*dalam 20 hari.*dalam 60 hari/su);
});

const STATES: Record<MembershipState, RegExp> = {
  appointed: /Selamat, kamu lolos/u,
  onboarding: /Tonton video/u,
  active: /Saldomu siap dipakai/u,
  learning: /sedang belajar/u,
  completed: /pertamamu selesai/u,
  balance_forfeited: /hangus/u,
  finished: /Kepesertaanmu selesai/u,
  suspended: /ditangguhkan/u,
  revoked: /dicabut/u,
};
it.each(Object.entries(STATES))('membership %s', async (state, words) => {
  await open('accepted', (world) => {
    world.programme.membership = membership({
      state: state as MembershipState,
      awaits_first_purchase: state === 'appointed',
    });
  });
  expect(text('[data-membership]')).toMatch(words);
  expect(document.querySelector('[data-card]') === null).toBe(state === 'revoked');
});

describe('a membership that is over or held', () => {
  const revoked = (change: (world: World) => void) => open('revoked', change);
  const told = (world: World) => world.programme.notices[0] as NoticeRow;

  it('names the deadline when it was missed', async () => {
    await revoked((world) => (told(world).numbers = { first_purchase_until: Date.UTC(2026, 11, 16, 16, 59) }));
    expect(text()).toContain('tidak tercatat dibeli sampai Rabu, 16 Desember 2026, 23.59 WIB');
  });

  it('claims no missed deadline when the office revoked it, and shows its words', async () => {
    await revoked((world) => Object.assign(told(world), { numbers: { wave: 72 }, note: 'Data palsu.' }));
    expect(text()).toContain('saldonya kembali ke negara');
    expect(text()).not.toContain('tidak tercatat dibeli');
    expect(text('blockquote')).toMatch(/Kata petugas.*Data palsu/su);
  });

  it('says why it is held', async () => {
    await open('accepted', (world) => {
      world.programme.membership = membership({ state: 'suspended', awaits_first_purchase: false });
      world.programme.notices.unshift(notice('membership_suspended', 0, { note: 'Rekening diperiksa.' }));
    });
    expect(text('blockquote')).toContain('Rekening diperiksa.');
  });

  it('dates the decree by the programme’s own clock', async () => {
    // Half past midnight in Jakarta: still the day before in UTC.
    await open('accepted', (world) => {
      world.programme.membership = membership({ appointed_at: Date.UTC(2026, 10, 30, 17, 30) });
    });
    expect(text('[data-membership]')).toContain('1 Desember 2026');
  });
});

describe('not this time', () => {
  it('stays to be read while the next wave is waited for', async () => {
    await open('not-accepted', (world) => {
      const { waves } = world.programme;
      const settled = waves.application;
      const row = waves.waves.find((one) => one.number === settled?.wave);
      if (row) row.application = settled;
      waves.application = application({ wave: 73 });
    });
    expect(text('h2')).toBe('Kamu belum berhasil');
    expect(text()).toContain('undian gelombang 72');
  });

  it.each<[NotDrawn | null, RegExp]>([
    ['total_full', /Semua tempat sudah terisi/u],
    ['class_full', /Tempat untuk kelompokmu/u],
    ['region_full', /Tempat untuk provinsimu/u],
    ['family_full', /Penerima di Kartu Keluargamu sudah sebanyak yang boleh/u],
    [null, /tidak menyebutkan alasan/u],
  ])('%s: place and reason in words', async (passed_over, words) => {
    await open('not-accepted', (world) => {
      const drawn = world.programme.waves.application?.drawn;
      if (drawn) drawn.passed_over = passed_over;
    });
    expect(text('h2')).toBe('Kamu belum berhasil');
    expect(text()).toContain('ke-1.234 dari 5.678');
    expect(text()).toMatch(words);
  });

  it.each<[LeftOff, RegExp, string | null]>([
    ['blocked', /akunmu diblokir/u, 'appeal'],
    ['excluded', /tidak lagi memenuhi syarat/u, 'registration'],
    ['recipient', /sudah menjadi peserta/u, null],
  ])('whoever was left off the list (%s) is not told that the draw did not choose', async (left_off, words, way) => {
    await open('not-accepted', (world) => {
      if (world.programme.waves.application)
        Object.assign(world.programme.waves.application, { left_off, drawn: null });
    });
    expect(text('h2')).toBe('Kamu tidak ada di daftar undian');
    expect(text()).toMatch(words);
    expect(text()).not.toContain('belum memilihmu');
    expect(action('join-next')).toBeNull();
    if (way !== null) expect(action(way)).not.toBeNull();
    expect(await violations()).toEqual([]);
  });

  it('leads to the next wave, with nothing to type', async () => {
    await open('not-accepted');
    expect(action('join-next')?.getAttribute('href')).toBe('#/join/73');
    expect(text()).toContain('tidak perlu mengisi apa-apa lagi');
  });

  it('counts by the best clock known, not by this computer’s', async () => {
    await open('selection-after', (world) => {
      const now = Date.now() + 9 * 86_400_000;
      Object.assign(world.programme.waves, { now, next_opens_at: now + 2.5 * 86_400_000 });
    });
    expect(text()).toMatch(/\(dalam 2 hari\)/u);
  });

  it('says that one is told when there is none', async () => {
    await open('selection-after');
    expect(action('join-next')).toBeNull();
    expect(text()).toContain('Kamu diberi tahu begitu ada');
  });
});

it('has no result before central said one', async () => {
  await open('selection-before');
  expect(text()).toContain('Belum ada hasil');
});

it.each(['accepted', 'revoked', 'not-accepted', 'selection-before'])('%s: axe finds nothing', async (scenario) => {
  await open(scenario);
  if (scenario === 'accepted') {
    await press('show-number');
    await waitFor(() => expect(document.querySelector('[data-card="shown"]')).not.toBeNull());
  }
  expect(await violations()).toEqual([]);
});
