import { describe, expect, it } from 'vitest';
import type { TestItemView } from '../../ipc/types';
import { anchor, crossed, jumped, openItems, optionFor, startAt, timeLeft } from './run';

const MINUTE = 60_000;
const item = (id: string, answer: string | null = null) => ({ id, answer }) as TestItemView;

describe('the time', () => {
  // Central's clock is two hours before this computer's.
  const at = anchor({ ends_at: 40 * MINUTE, now: 0 }, 120 * MINUTE, 500);

  it('is counted from central’s clock, whatever this computer’s says', () => {
    expect(timeLeft(at, 500)).toBe(40 * MINUTE);
    expect(timeLeft(at, 500 + 39 * MINUTE)).toBe(MINUTE);
    expect(timeLeft(at, 500 + 50 * MINUTE)).toBe(0);
  });

  it.each([
    [0, 0, false],
    [5000, 5000, false],
    [5000, 3500, false],
    [3_600_000, 5000, true],
    [-3_600_000, 5000, true],
  ])('wall clock %i ms on, steady clock %i ms on: jumped %s', (wall, steady, expected) => {
    expect(jumped(at, at.wall + wall, at.steady + steady)).toBe(expected);
  });

  it.each<[number, number, number | null]>([
    [11, 10.5, null],
    [10.5, 10, 10],
    [10, 9.9, null],
    [5.1, 4.9, 5],
    [1.01, 0.99, 1],
    // Back from sleep: one sentence, not three.
    [12, 0.5, 1],
    [8, 7, null],
    [5, 12, null],
  ])('from %d to %d minutes left says %s', (before, after, expected) => {
    expect(crossed(before * MINUTE, after * MINUTE)).toBe(expected);
  });
});

describe('the items', () => {
  const items = [item('a', 'x'), item('b'), item('c')];

  it('are open until chosen here or answered before', () => {
    expect(openItems(items, {})).toEqual([1, 2]);
    expect(openItems(items, { b: 'y' })).toEqual([2]);
  });

  it('are open when the choice could not be kept', () => {
    expect(openItems(items, { b: 'y' }, { a: {}, b: {} })).toEqual([0, 1, 2]);
  });

  it('go on at the first open one, or at the last', () => {
    expect(startAt(items, {})).toBe(1);
    expect(startAt(items, { b: 'y', c: 'z' })).toBe(2);
    expect(startAt([], {})).toBe(0);
  });
});

describe('keys', () => {
  const options = ['p', 'q', 'r', 's'].map((key) => ({ key, text: { id: key, en: key }, svg: null }));
  it.each([
    ['1', 'p'],
    ['4', 's'],
    ['5', undefined],
    ['0', undefined],
    ['a', 'p'],
    ['D', 's'],
    ['e', undefined],
    ['Enter', undefined],
    [' ', undefined],
  ])('%s chooses %s', (key, expected) => {
    expect(optionFor(key, options)?.key).toBe(expected);
  });
});
