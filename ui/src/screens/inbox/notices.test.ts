import { afterEach, describe, expect, it } from 'vitest';
import { locale, say, type Key } from '../../i18n';
import { notice } from '../../ipc/fake-programme';
import type { NoticeKind } from '../../ipc/types';
import { byDay, facts, lookOf, LOOKS, target } from './notices';

const KINDS = Object.keys(LOOKS) as NoticeKind[];
afterEach(() => locale.set('id'));

describe.each(['id', 'en'] as const)('in %s', (language) => {
  it.each(KINDS)('%s has a title and a sentence of its own', (kind) => {
    locale.set(language);
    for (const part of ['title', 'text']) {
      const key = `inbox.${part}_${kind}`;
      const said = say(key as Key);
      expect(said).not.toBe(key);
      expect(said).not.toMatch(/[{}]/u);
    }
  });

  it('no two titles are the same', () => {
    locale.set(language);
    const titles = KINDS.map((kind) => say(`inbox.title_${kind}`));
    expect(new Set(titles).size).toBe(titles.length);
  });
});

it('what a newer version wrote looks like "other"', () => {
  expect(lookOf('something_new' as NoticeKind)).toEqual(LOOKS.other);
});

it.each([
  [notice('accepted', 0, { numbers: { wave: 72 } }), { screen: 'member' }],
  [notice('joined_wave', 0, { numbers: { wave: 72 } }), { screen: 'join', param: '72' }],
  [notice('selection_began', 0), { screen: 'waves' }],
  [notice('other', 0), null],
])('%o leads to the right place', (row, expected) => {
  expect(target(row)).toEqual(expected);
});

it('says the numbers that came with it', () => {
  expect(facts(notice('accepted', 0, { numbers: { wave: 72, position: 1234, of: 5678 } }))).toEqual([
    'Gelombang 72',
    'Urutan ke-1.234 dari 5.678',
  ]);
  expect(facts(notice('balance_credited', 0, { numbers: { amount_idr: 3_500_000 } }))).toEqual(['Jumlah: Rp3.500.000']);
  expect(facts(notice('accepted', 0, { numbers: { position: 3 } }))).toEqual([]);
});

it('groups by day, newest first', () => {
  const day = 86_400_000;
  const rows = [notice('test_started', 2 * day), notice('test_passed', 0), notice('test_submitted', 2 * day - 60_000)];
  const days = byDay(rows);
  expect(days.map((one) => one.rows.map((row) => row.what))).toEqual([
    ['test_passed'],
    ['test_submitted', 'test_started'],
  ]);
});
