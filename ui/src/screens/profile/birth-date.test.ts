import { describe, expect, it } from 'vitest';
import { dateOf, joinDate, splitDate } from './birth-date';

describe('birth date in three parts', () => {
  it.each([
    [{ day: '1', month: '2', year: '2003' }, '2003-02-01'],
    [{ day: ' 12 ', month: '11', year: ' 1999 ' }, '1999-11-12'],
    [{ day: '1', month: '', year: '' }, '--01'],
    [{ day: '', month: '', year: '' }, ''],
    [{ day: 'x', month: '2', year: '2003' }, '2003-02-x'],
  ])('joins %o to %s', (parts, expected) => {
    expect(joinDate(parts)).toBe(expected);
  });

  it('gives every half-typed part back', () => {
    for (const value of ['2003-02-01', '--01', '2003--', '2003-02-x', '']) {
      expect(joinDate(splitDate(value))).toBe(value);
    }
    expect(splitDate('2003-02-01')).toEqual({ day: '1', month: '2', year: '2003' });
  });

  it('knows real dates only', () => {
    expect(dateOf('2004-02-29')?.getUTCDate()).toBe(29);
    for (const value of ['2003-02-29', '2003-13-01', '2003-2-1', '', '--01']) expect(dateOf(value)).toBeNull();
  });
});
