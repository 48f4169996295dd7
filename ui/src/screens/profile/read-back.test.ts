import { describe, expect, it } from 'vitest';
import { digitsOf, inGroups, readBack } from './read-back';

const context = {
  provinces: new Map([
    ['21', 'Kepulauan Riau'],
    ['35', 'Jawa Timur'],
  ]),
  thisYear: 2026,
};
const meanings = (number: 'nik' | 'kk_number', typed: string) => readBack(number, typed, context).map((g) => g.meaning);

describe('reading a NIK back', () => {
  it('says region, day with gender, month with year, serial', () => {
    expect(readBack('nik', '2171 0141 0203 0001', context)).toEqual([
      { text: '2171', meaning: { kind: 'region', province: 'Kepulauan Riau', city: true } },
      { text: '0141', meaning: { kind: 'birth_day', day: 1, gender: 'female' } },
      { text: '0203', meaning: { kind: 'month', month: 2, year: 2003 } },
      { text: '0001', meaning: { kind: 'serial' } },
    ]);
  });

  it('shows what is still missing as underscores', () => {
    expect(readBack('nik', '21710141020300', context).map((g) => g.text)).toEqual(['2171', '0141', '0203', '00__']);
    expect(readBack('nik', '21', context)[0]).toEqual({ text: '21__', meaning: { kind: 'partial' } });
  });

  it.each([
    ['0203', { kind: 'month', month: 2, year: 2003 }],
    ['1226', { kind: 'month', month: 12, year: 2026 }],
    ['0185', { kind: 'month', month: 1, year: 1985 }],
    ['0127', { kind: 'month', month: 1, year: 1927 }],
    ['1303', { kind: 'odd' }],
    ['0003', { kind: 'odd' }],
  ])('reads month and century of %s', (part, expected) => {
    expect(meanings('nik', `21710141${part}0001`)[2]).toEqual(expected);
  });

  it('tells an unknown province and an impossible day', () => {
    expect(meanings('nik', '9971014102030001')[0]).toEqual({ kind: 'region_unknown' });
    expect(meanings('nik', '2171013902030001')[1]).toEqual({ kind: 'odd' });
    expect(meanings('nik', '2171017202030001')[1]).toEqual({ kind: 'odd' });
  });

  it('stays silent for nothing, letters and too many digits', () => {
    for (const typed of ['', '  ', '21a1', '12345678901234567']) expect(readBack('nik', typed, context)).toEqual([]);
  });
});

describe('reading a family-card number back', () => {
  it('says the day of issue and no gender', () => {
    expect(meanings('kk_number', '2171010506180007')).toEqual([
      { kind: 'region', province: 'Kepulauan Riau', city: true },
      { kind: 'issue_day', day: 5 },
      { kind: 'month', month: 6, year: 2018 },
      { kind: 'serial' },
    ]);
    expect(meanings('kk_number', '2171014506180007')[1]).toEqual({ kind: 'odd' });
  });
});

describe('grouping', () => {
  it('tolerates spaces, dots and dashes and leaves other text alone', () => {
    expect(digitsOf('3578.0841-0203 0001')).toBe('3578084102030001');
    expect(inGroups('3578084102030001')).toBe('3578 0841 0203 0001');
    expect(inGroups('bukan angka')).toBe('bukan angka');
  });
});
