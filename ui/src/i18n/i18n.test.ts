import { afterEach, describe, expect, it, vi } from 'vitest';
import { en } from './en';
import {
  countdown,
  date,
  day,
  deadline,
  deadlineIn,
  locale,
  moment,
  money,
  number,
  relative,
  say,
  short,
  t,
  time,
  zone,
} from '.';
import { id } from './id';

type Dictionary = Record<string, Record<string, string>>;

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}

afterEach(() => locale.set('id'));

describe('dictionaries', () => {
  const areas = Object.keys(id) as (keyof typeof id)[];

  it('have the same areas', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(id).sort());
  });

  it.each(areas)('%s has the same keys and placeholders in both languages, and no empty text', (area) => {
    const indonesian = (id as Dictionary)[area] ?? {};
    const english = (en as Dictionary)[area] ?? {};
    expect(Object.keys(english).sort()).toEqual(Object.keys(indonesian).sort());
    for (const [key, text] of Object.entries(indonesian)) {
      expect(text.trim(), `id ${area}.${key}`).not.toBe('');
      expect(english[key]?.trim(), `en ${area}.${key}`).not.toBe('');
      expect(placeholders(english[key] ?? ''), `${area}.${key}`).toEqual(placeholders(text));
    }
  });

  it('call the person "kamu", never "Anda"', () => {
    for (const [area, words] of Object.entries(id as Dictionary)) {
      for (const [key, text] of Object.entries(words)) expect(text, `${area}.${key}`).not.toMatch(/\banda\b/i);
    }
  });
});

describe('t', () => {
  it('fills in placeholders and follows the language', () => {
    expect(t('frame.saved_waiting', { count: 3 })).toBe('3 menunggu koneksi');
    locale.set('en');
    expect(t('frame.saved_waiting', { count: 1200 })).toBe('1,200 waiting for connection');
  });

  it('leaves an unknown placeholder visible instead of hiding it', () => {
    expect(say('frame.saved_waiting')).toBe('{count} menunggu koneksi');
  });
});

describe('formats', () => {
  // 27 November 2026, 23.59 in Jakarta.
  const at = Date.UTC(2026, 10, 27, 16, 59);

  function inZone(minutesEast: number): void {
    vi.spyOn(Date.prototype, 'getTimezoneOffset').mockReturnValue(-minutesEast);
  }

  it.each([
    [420, 'WIB'],
    [480, 'WITA'],
    [540, 'WIT'],
    [0, 'UTC'],
    [330, 'UTC+5:30'],
    [-300, 'UTC−5'],
  ])('names the zone %i minutes east %s', (minutes, name) => {
    inZone(minutes);
    expect(zone(at)).toBe(name);
  });

  it('writes money, numbers and dates as Indonesia does', () => {
    expect(money(600_000)).toBe('Rp600.000');
    expect(money(3_550_000)).toBe('Rp3.550.000');
    expect(number(0.8, 1)).toBe('0,8');
    expect(date(Date.UTC(2020, 3, 17, 5))).toBe('17 April 2020');
    expect(day('2026-11-27')).toBe('27 November 2026');
    expect(day('soon')).toBe('soon');
  });

  it('writes times with a dot and the zone, deadlines with the weekday', () => {
    inZone(420);
    expect(time(at)).toMatch(/^\d\d\.\d\d WIB$/);
    expect(deadline(at)).toMatch(/^\p{L}+, \d{1,2} November 2026, \d\d\.\d\d WIB$/u);
  });

  it.each([
    ['WIB', 'Jumat, 27 November 2026, 23.59 WIB'],
    ['WITA', 'Sabtu, 28 November 2026, 00.59 WITA'],
    ['WIT', 'Sabtu, 28 November 2026, 01.59 WIT'],
  ] as const)('writes a deadline in %s wherever this computer is', (name, text) => {
    inZone(-300);
    expect(deadlineIn(at, name)).toBe(text);
  });

  it.each([
    [4 * 86_400_000, 'dalam 4 hari'],
    [38 * 3_600_000, 'dalam 38 jam'],
    [59 * 60_000, 'dalam 59 menit'],
    [5_000, 'dalam 1 menit'],
    [-3 * 3_600_000, '3 jam yang lalu'],
  ])('%i ms away is %s', (apart, text) => {
    expect(relative(at + apart, at)).toBe(text);
  });

  it('puts both into one', () => {
    expect(moment(at, at - 2 * 86_400_000)).toBe('Jumat, 27 November 2026, 23.59 WIB (dalam 2 hari)');
    locale.set('en');
    expect(moment(at, at - 60_000)).toBe('Friday, 27 November 2026, 23:59 WIB (in 1 minute)');
  });

  it('shortens today to the time and other days to a date', () => {
    inZone(420);
    expect(short(at, at)).toMatch(/^\d\d\.\d\d WIB$/);
    expect(short(at, at + 5 * 86_400_000)).toMatch(/^\d{1,2} Nov, \d\d\.\d\d WIB$/);
  });

  it.each([
    [0, '0:00'],
    [-5000, '0:00'],
    [999, '0:01'],
    [65_000, '1:05'],
    [7_170_000, '1:59:30'],
  ])('counts %i ms down as %s', (ms, text) => {
    expect(countdown(ms)).toBe(text);
  });
});
