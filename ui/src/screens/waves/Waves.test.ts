import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../ipc/fake';
import { application, wave } from '../../ipc/fake-programme';
import type { World } from '../../ipc/fake-world';
import type { StepRefusal, WavesView } from '../../ipc/types';
import { fakeIn, show, violations } from '../../test/show';
import Waves from './Waves.svelte';

async function open(scenario: string, change?: (world: World) => void) {
  const fake = await fakeIn(scenario, change);
  show(Waves, 'waves');
  await waitFor(() => expect(document.querySelector('.lines')).not.toBeNull());
  return fake;
}
const text = (css = 'body') => document.querySelector(css)?.textContent ?? '';
const standing = () => document.querySelector('[data-standing]')?.getAttribute('data-standing');
const hrefs = (css: string) => [...document.querySelectorAll(`${css} a`)].map((one) => one.getAttribute('href'));

describe('the two lines', () => {
  it.each([
    ['waves-open', 'none', 'open'],
    ['waves-none', 'none', 'none'],
    ['joined-offline', 'asked', 'open'],
    ['joined', 'joined_waiting_close', 'open'],
    ['selection-before', 'processing', 'none'],
    ['accepted', 'accepted', 'none'],
    ['not-accepted', 'not_accepted', 'open'],
    ['join-refused', 'refused', 'open'],
  ])('%s: application %s, wave %s', async (scenario, application, line) => {
    await open(scenario);
    expect(document.querySelector('[data-line="application"]')?.getAttribute('data-application')).toBe(application);
    expect(document.querySelector('[data-line="wave"]')?.getAttribute('data-wave-line')).toBe(line);
  });

  it('says that no open wave does not change the own application', async () => {
    await open('selection-before');
    expect(text('[data-line="wave"]')).toContain('Gelombang tidak ditemukan');
    expect(text('[data-line="wave"]')).toContain('tidak mengubah lamaranmu');
    expect(text('[data-line="application"]')).not.toContain('tidak ditemukan');
  });

  it('never shows a programme word for a request that only waits', async () => {
    await open('joined-offline');
    expect(text('[data-line="application"]')).toContain('Menunggu koneksi');
    expect(text()).not.toMatch(/menunggu gelombang ditutup|Kamu di gelombang ini/u);
  });
});

describe('a draw that does not fit', () => {
  it('is said in the list, without a check being asked for', async () => {
    await open('selection-failed');
    const box = document.querySelector('[data-wave="72"] [role="alert"]');
    expect(box?.textContent).toMatch(/TIDAK COCOK.*bukan yang keluar dari undian/su);
    expect(hrefs('[data-wave="72"] [role="alert"]')).toEqual(['#/selection/72']);
    expect(await violations()).toEqual([]);
  });

  it('is not said of one that fits', async () => {
    await open('selection-verified');
    expect(document.querySelector('[role="alert"]')).toBeNull();
  });
});

describe('a draw that was voided', () => {
  it('is said in the list, with the way to the reason', async () => {
    await open('selection-voided');
    const box = document.querySelector('[data-wave="72"] [role="alert"]');
    expect(box?.textContent).toMatch(/dibatalkan.*Undian baru menyusul/su);
    expect(hrefs('[data-wave="72"] [role="alert"]')).toEqual(['#/selection/72']);
    expect(await violations()).toEqual([]);
  });
});

describe('no open wave', () => {
  it('says what it means, when the next opens, that one is told, and what to do', async () => {
    await open('waves-none');
    expect(text('[data-none-open]')).toMatch(/keadaan biasa.*WIB, dalam \d+ hari.*diberi tahu.*sudah lengkap/su);
  });

  it('does not promise a date that is not announced', async () => {
    await open('waves-none', (world) => (world.programme.waves.next_opens_at = null));
    expect(text('[data-none-open]')).toContain('belum diumumkan');
  });

  it.each<[string, Partial<WavesView>, string, string | null]>([
    ['a registration that is open', { refused: 'too_early' }, 'Lengkapi pendaftaran', '#/registration'],
    ['a block', { refused: 'blocked' }, 'sedang diblokir', '#/appeal'],
    ['a final no', { refused: 'ended' }, 'Pendaftaranmu berakhir', '#/registration'],
    ['a participant', { member: true }, 'sekali seumur hidup', null],
  ])('calls nobody ready who is not: %s', async (_case, patch, words, address) => {
    await open('waves-none', (world) => void Object.assign(world.programme.waves, patch));
    expect(text('[data-none-open]')).toContain(words);
    expect(text('[data-none-open]')).not.toContain('sudah lengkap');
    expect(hrefs('[data-none-open]').filter((one) => one !== '#/trainings' && one !== '#/help/waves')).toEqual(
      address === null ? [] : [address],
    );
  });

  it('counts to the next one by the best clock known, not by this computer’s', async () => {
    await open('waves-none', ({ programme: { waves } }) => {
      waves.now = Date.now() + 5 * 86_400_000;
      waves.next_opens_at = waves.now + 3.5 * 86_400_000;
    });
    expect(text('[data-none-open]')).toContain('dalam 3 hari');
    expect(text('[data-line="wave"]')).toContain('dalam 3 hari');
  });
});

describe('a wave', () => {
  it('shows its dates in WIB with the other zones, places, provinces and amounts', async () => {
    await open('waves-open');
    const card = text('[data-wave="72"]');
    expect(card).toMatch(/23\.59 WIB, dalam 4 hari/u);
    expect(card).toMatch(/00\.59 WITA.*01\.59 WIT/su);
    expect(card).toContain('50.000 orang');
    expect(card).toMatch(/Kuota Bali\s*1\.200 orang/u);
    expect(card).toContain('Kepulauan Riau, Sulawesi Utara, Bali');
    expect(card).toContain('Rp4.200.000 seluruhnya, termasuk saldo pelatihan Rp3.500.000');
    expect(text()).toContain('Seleksi acak, bukan siapa cepat');
    expect(hrefs('[data-wave="72"]')).toEqual(['#/join/72']);
  });

  it('names all provinces where it is for all', async () => {
    await open('waves-open', (world) => (world.programme.waves.waves = [wave({ provinces: [] })]));
    expect(text('[data-wave="72"]')).toContain('Semua provinsi');
  });

  it.each<[StepRefusal, string, string | undefined]>([
    ['too_early', 'Selesaikan dulu pendaftaranmu', '#/registration'],
    ['not_passed', 'lulus tes', '#/test'],
    ['blocked', 'diblokir', '#/appeal'],
    ['ended', 'berakhir', '#/registration'],
    ['under_way', 'masih diproses', undefined],
  ])('refused for %s: why, and what mends it', async (why, words, address) => {
    await open('waves-open', (world) => {
      world.programme.waves.refused = why;
      world.programme.waves.waves = [wave({ joinable: false })];
    });
    expect(text('[data-wave="72"]')).toContain(words);
    expect(hrefs('[data-wave="72"]')).toEqual(address === undefined ? [] : [address]);
  });

  it.each([
    ['waves-region', 'not_in_region', 'bukan untuk Jawa Timur'],
    ['waves-announced', 'announced', 'setelah dibuka'],
    ['joined', 'mine', 'Kamu di gelombang ini'],
    ['accepted', 'mine', 'Kamu lolos'],
    ['selection-after', 'mine', 'Kamu belum berhasil'],
  ])('%s: %s', async (scenario, kind, words) => {
    await open(scenario);
    expect(standing()).toBe(kind);
    expect(text('[data-wave]')).toContain(words);
  });

  it('counts to its end by the best clock known, not by this computer’s', async () => {
    await open('waves-open', (world) => (world.programme.waves.now = Date.now() + 2 * 86_400_000));
    expect(text('[data-wave="72"]')).toContain('dalam 2 hari');
    expect(text('[data-line="wave"]')).toContain('dalam 2 hari');
  });

  it('tells whoever is left off its list so', async () => {
    await open('selection-before', (world) => {
      const left = application({ state: 'processing', left_off: 'blocked' });
      world.programme.waves.waves = [wave({ state: 'selecting', joinable: false, application: left })];
    });
    expect(text('[data-wave="72"]')).toContain('tidak ada di daftar undian');
    expect(text('[data-wave="72"]')).not.toContain('Kamu di gelombang ini');
  });

  it('says what of the registration does not fit its scheme', async () => {
    await open('waves-open', (world) => {
      const unfit = { reasons: ['too_old' as const], test: true };
      world.programme.waves.waves = [wave({ joinable: false, unfit })];
    });
    expect(standing()).toBe('unfit');
    expect(text('[data-wave="72"]')).toMatch(/skema 2023.*melewati batas umur.*belum mencapai nilai.*tetap berlaku/su);
    expect(await violations()).toEqual([]);
  });

  it('leads to the application of each wave, whichever stands in front', async () => {
    await open('joined', (world) => {
      const { waves } = world.programme;
      waves.waves.push(wave({ number: 47, joinable: false, application: application({ wave: 47, state: null }) }));
    });
    expect(hrefs('[data-wave="47"]')).toEqual(['#/join/47']);
    expect(text('[data-wave="47"]')).toContain('menunggu jawaban pusat');
    expect(hrefs('[data-wave="72"]')).toEqual(['#/join/72']);
  });

  it('tells a participant that it is once in a lifetime', async () => {
    await open('waves-open', (world) => {
      world.programme.waves.member = true;
      world.programme.waves.waves = [wave({ joinable: false })];
    });
    expect(text('[data-wave="72"]')).toContain('sekali seumur hidup');
  });

  it('follows central without a click', async () => {
    const fake = await open('waves-none');
    fake.world.programme.waves = { ...fake.world.programme.waves, none_open: false, waves: [wave()] };
    fake.emitChanged('waves');
    await waitFor(() => expect(standing()).toBe('joinable'));
  });
});

it('says when the waves cannot be read', async () => {
  const fake = await fakeIn('waves-open');
  fake.on('get_waves', () => {
    throw refusal('vault_busy');
  });
  show(Waves, 'waves');
  await waitFor(() => expect(text()).toContain('Gelombang tidak bisa dibuka'));
});

it.each(['waves-open', 'waves-none', 'waves-region', 'joined', 'selection-after'])(
  '%s: axe finds nothing',
  async (scenario) => {
    await open(scenario);
    expect(await violations()).toEqual([]);
  },
);
