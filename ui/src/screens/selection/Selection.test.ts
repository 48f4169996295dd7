import { fireEvent, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../ipc/fake';
import { application, listed, proof, sealed, voided } from '../../ipc/fake-programme';
import type { World } from '../../ipc/fake-world';
import type { SelectionProof } from '../../ipc/types';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Selection from './Selection.svelte';

async function open(scenario: string, change?: (world: World) => void) {
  const fake = await fakeIn(scenario, change);
  show(Selection, 'selection', '72');
  await waitFor(() => expect(document.querySelector('[data-stage], .empty')).not.toBeNull());
  return fake;
}
const text = (css = 'body') => document.querySelector(css)?.textContent ?? '';
const action = (name: string) => document.querySelector<HTMLButtonElement>(`[data-action="${name}"]`);
const found = (verified: SelectionProof) => (world: World) => {
  const draw = world.programme.waves.waves[0]?.selection;
  if (draw) draw.verified = verified;
};

describe('before the draw', () => {
  it('has nothing to check before the commitment', async () => {
    await open('joined');
    expect(text()).toContain('Belum ada yang bisa diperiksa');
    expect(action('verify')).toBeNull();
  });

  it('shows commitment and own pseudonym, each to copy', async () => {
    const fake = await open('selection-before');
    await fireEvent.click(action('copy-commitment') as HTMLElement);
    await fireEvent.click(action('copy-blind') as HTMLElement);
    await waitFor(() => expect(callsOf(fake, 'copy_text')).toHaveLength(2));
    const [commitment, blind] = callsOf(fake, 'copy_text').map((args) => args.text as string);
    expect([commitment?.length, blind?.length]).toEqual([64, 32]);
    expect(await waitFor(() => text('dl ~ [role="status"]'))).toBe('Disalin.');
  });

  it('says how much it downloads, looks, and finds the person', async () => {
    const fake = await open('selection-before');
    expect(text()).toContain('Unduhan sekitar 412 KB');
    expect(action('verify')?.textContent).toContain('Periksa bahwa kamu ada di daftar');
    await fireEvent.click(action('verify') as HTMLElement);
    await waitFor(() => expect(text('[data-proof="listed"]')).toContain('5.678 lamaran'));
    expect(callsOf(fake, 'verify_selection')).toEqual([{ wave: 72 }]);
    await waitFor(() => expect(document.activeElement?.id).toBe('proof-title'));
  });

  it('names the number from outside before anybody can know it', async () => {
    await open('selection-listed');
    expect(text('[data-sealed]')).toMatch(/drand mainnet, round 4182771.*Baru diketahui \d+ \w+ \d{4}/su);
    expect(text('[data-sealed]')).toContain('sebelum angka dari luar diketahui');
  });

  it('tells who is rightly not on the list apart from a list that does not fit', async () => {
    await open('selection-before', found(listed({ off_list: true })));
    expect(document.querySelector('[data-proof="failed"]')).toBeNull();
    expect(text('[data-off-list]')).toMatch(/Kamu tidak ada di daftar.*Alasannya.*pusat/su);
    expect(text('[data-proof="listed"]')).not.toContain('Kamu ada di daftar');
    expect(await violations()).toEqual([]);
  });

  it.each([
    ['blocked', /akunmu diblokir/u],
    ['excluded', /tidak lagi memenuhi syarat/u],
    ['recipient', /sudah menjadi peserta/u],
  ] as const)('says why: %s', async (left_off, words) => {
    await open('selection-before', (world) => {
      found(listed({ off_list: true, card: null }))(world);
      if (world.programme.waves.application) world.programme.waves.application.left_off = left_off;
    });
    expect(text('[data-off-list]')).toMatch(words);
  });

  it('shows what the list says of the family card', async () => {
    await open('selection-before', found(listed({ card: { free: 1, others: 2 } })));
    expect(text('[data-card="1"]')).toMatch(/Sisa tempat.*: 1\..*di daftar ini: 2\..*Hanya keluargamu/su);
  });

  it('warns when the family card has no place left', async () => {
    await open('selection-before', found(listed({ card: { free: 0, others: 0 } })));
    expect(text('[data-card="0"]')).toContain('tidak punya tempat lagi');
    expect(await violations()).toEqual([]);
  });

  it('says when hardly any time was left to keep the commitment', async () => {
    await open('selection-before', found(listed({ sealed: sealed({ kept_short: true }) })));
    expect(text('[data-short]')).toContain('kurang dari satu jam');
  });

  it('asks for a newer app, and does not say that something is wrong', async () => {
    await open('selection-before', found({ is: 'newer', at: Date.now() }));
    expect(text('[data-proof="newer"]')).toContain('Perbarui aplikasi');
    expect(text()).not.toContain('TIDAK COCOK');
    expect(await violations()).toEqual([]);
  });

  it('shows the application of its own wave when another one stands in front', async () => {
    const other = 'ab'.repeat(16);
    await open('selection-before', (world) => {
      const { waves } = world.programme;
      if (waves.waves[0]) waves.waves[0].application = application({ blind: other });
      waves.application = application({ wave: 73 });
    });
    expect(text('dl')).not.toContain('tidak punya lamaran');
    expect(text('code').replaceAll(' ', '')).toBe(other);
  });

  it('needs a connection', async () => {
    await open('selection-before', (world) => (world.state.sync.online = false));
    expect(action('verify')?.disabled).toBe(true);
    expect(text()).toContain('perlu internet');
  });
});

describe('a draw that was voided', () => {
  it('is told loudly: why, when, and that another one follows', async () => {
    await open('selection-voided');
    const box = document.querySelector('[data-voided="early"]');
    expect(box?.getAttribute('role')).toBe('alert');
    expect(box?.textContent).toMatch(
      /UNDIAN DIBATALKAN \d+.*Putaran drand.*tidak pernah terbit.*Undian baru menyusul/su,
    );
    expect(box?.textContent).not.toContain('Pusat mungkin sudah melihat hasilnya');
    expect(box?.textContent).toContain('Disimpan komputer ini sejak');
    expect(action('verify')).toBeNull();
  });

  it('warns when the result could be known by then', async () => {
    await open('selection-voided', (world) => {
      const row = world.programme.waves.waves[0];
      if (row) row.voided = [voided({ value_known: true, kept_at: null })];
    });
    const box = document.querySelector('[data-voided="late"]');
    expect(box?.textContent).toMatch(/Pusat mungkin sudah melihat hasilnya.*ajukan pengaduan/su);
    expect(box?.textContent).toContain('tidak pernah melihatnya');
    expect(await violations()).toEqual([]);
  });

  it('stays beside the draw that replaced it', async () => {
    const fake = await open('selection-listed', (world) => {
      const row = world.programme.waves.waves[0];
      if (row) row.voided = [voided()];
    });
    expect(text('[data-voided]')).toContain('Undian baru sudah dikunci');
    expect(action('verify')).not.toBeNull();
    await fireEvent.click(action('copy-voided') as HTMLElement);
    await waitFor(() => expect(callsOf(fake, 'copy_text')).toEqual([{ text: voided().commitment }]));
  });
});

describe('after the draw', () => {
  it('offers the full verification even when the list was looked at before', async () => {
    await open('selection-after', found(listed()));
    expect(action('verify')?.textContent).toContain('Hitung ulang seleksi');
  });

  it('shows the own place and what it proves and does not prove', async () => {
    await open('selection-verified');
    const card = text('[data-proof="verified"]');
    expect(card).toMatch(/ke-1\.234 dari 5\.678.*500 lolos.*tidak termasuk/su);
    expect(card).toContain('Tidak membuktikan');
    expect(document.querySelector('[data-stage="recomputed"]')?.getAttribute('data-standing')).toBe('done');
  });

  it('shows the number from outside beside what was named before, to compare', async () => {
    await open('selection-verified');
    expect(text('[data-sealed]')).toMatch(/drand mainnet, round 4182771.*8f3c51d90a7742be.*sumbernya/su);
    expect(text('[data-proof="verified"]')).toContain('Terbukti');
    expect(text('[data-proof="verified"]')).toContain('Tidak ada yang diganti sejak');
  });

  it('proves less when the commitment was seen too late', async () => {
    await open('selection-after', found({ ...proof(), sealed: sealed({ kept_in_time: false }) }));
    expect(text('[data-proof="verified"]')).not.toContain('Terbukti');
    expect(text('[data-proof="verified"]')).toContain('Berkasnya cocok satu sama lain');
    expect(text('[data-proof="verified"]')).not.toContain('Tidak ada yang diganti sejak');
    expect(await violations()).toEqual([]);
  });

  it('verifies the rest for who was rightly left off', async () => {
    await open('selection-after', found({ ...proof(), position: null, mine: null, off_list: true }));
    expect(text('[data-off-list]')).toContain('Kamu tidak ada di daftar');
    expect(text('[data-proof="verified"]')).toContain('Terbukti');
    expect(text('[data-proof="verified"]')).not.toContain('Kamu tidak ikut undian ini');
    expect(document.querySelector('[data-proof="failed"]')).toBeNull();
  });

  it('is there for who took no part', async () => {
    await open('selection-after', found({ ...proof(), position: null, mine: null }));
    expect(text('[data-proof="verified"]')).toContain('Kamu tidak ikut undian ini');
  });

  it('says what is under way, and moves to the answer', async () => {
    const fake = await open('selection-after');
    let answer: (value: unknown) => void = () => {};
    fake.on('verify_selection', () => new Promise((resolve) => (answer = resolve)));
    await fireEvent.click(action('verify') as HTMLElement);
    await waitFor(() => expect(text('[role="status"] .busy')).toContain('menghitung ulang undian'));
    expect(document.querySelector('progress')?.getAttribute('aria-label')).toBe('Hitung ulang undiannya');
    found({ ...proof() })(fake.world);
    answer(fake.world.programme.waves);
    await waitFor(() => expect(document.querySelector('[data-proof="verified"]')).not.toBeNull());
  });

  it('does not call a download that failed a draw that failed', async () => {
    const fake = await open('selection-after');
    fake.on('verify_selection', () => {
      throw refusal('offline');
    });
    await fireEvent.click(action('verify') as HTMLElement);
    await waitFor(() => expect(text('#error-summary')).toContain('Pemeriksaan belum selesai'));
    expect(document.querySelector('[data-proof="failed"]')).toBeNull();
  });
});

describe('a draw that does not fit', () => {
  it.each([
    ['accepted', 'bukan yang keluar dari undian'],
    ['list_digest', 'Daftar peserta undian berubah'],
    ['not_listed', 'Kamu tidak ada di daftar'],
    ['other_commitment', 'bukan yang diumumkan sebelum undian'],
    ['own_entry', 'bukan yang dikatakan pusat kepadamu'],
    ['own_place', 'Urutan atau hasilmu bukan'],
    ['too_large', 'lebih besar daripada yang diumumkan'],
    ['other', 'Ada bagian yang tidak cocok'],
  ] as const)('%s: says so loudly, which part, and what to do', async (part, words) => {
    await open('selection-after', found({ is: 'failed', at: Date.now(), part }));
    const box = document.querySelector('[data-proof="failed"]');
    expect(box?.getAttribute('role')).toBe('alert');
    expect(box?.querySelector('h2 svg')).not.toBeNull();
    expect(box?.textContent).toMatch(/TIDAK COCOK: jangan percaya/u);
    expect(box?.textContent).toContain(words);
    expect(box?.textContent).toContain(`Kode: ${part}`);
    expect(box?.textContent).toContain('ajukan pengaduan');
  });

  it('keeps an earlier finding in view, whatever a later check says', async () => {
    await open('selection-verified', (world) => {
      const draw = world.programme.waves.waves[0]?.selection;
      if (draw) draw.failed_before = { at: Date.now(), part: 'not_listed' };
    });
    expect(text('[data-failed-before="not_listed"]')).toMatch(/TIDAK COCOK.*tidak menyebutkan alasannya/su);
    expect(await violations()).toEqual([]);
  });

  it('gives a report to copy', async () => {
    const fake = await open('selection-failed');
    await fireEvent.click(action('copy-report') as HTMLElement);
    await waitFor(() => expect(callsOf(fake, 'copy_text')).toHaveLength(1));
    expect(callsOf(fake, 'copy_text')[0]?.text).toMatch(/^Gelombang 72, bagian accepted, komitmen c41e/u);
  });
});

it.each([
  'joined',
  'selection-before',
  'selection-listed',
  'selection-voided',
  'selection-verified',
  'selection-failed',
])('%s: axe finds nothing', async (scenario) => {
  await open(scenario);
  expect(await violations()).toEqual([]);
});
