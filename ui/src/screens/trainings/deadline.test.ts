import { describe, expect, it } from 'vitest';
import { spanUntil } from './deadline';

const HOUR = 3_600_000;

describe('time left', () => {
  it.each([
    [10 * 24 * HOUR + 5, { unit: 'days', count: 10 }],
    [48 * HOUR, { unit: 'days', count: 2 }],
    [47.9 * HOUR, { unit: 'hours', count: 47 }],
    [HOUR, { unit: 'hours', count: 1 }],
    [59 * 60_000, { unit: 'minutes', count: 59 }],
    [20_000, { unit: 'minutes', count: 1 }],
    [0, null],
    [-HOUR, null],
  ])('%d ms is %o', (left, expected) => {
    expect(spanUntil(1_000_000 + left, 1_000_000)).toEqual(expected);
  });
});
