import { expect, it } from 'vitest';
import { inFours, lastFour, secondsLeft } from './card-number';

it('groups digits and stars alike', () => {
  expect(inFours('8812004455664172')).toBe('8812 0044 5566 4172');
  expect(inFours('**** **** **** 4172')).toBe('**** **** **** 4172');
});

it('keeps the last four for those who listen', () => {
  expect(lastFour('**** **** **** 4172')).toBe('4172');
});

it.each([
  [0, 30],
  [1, 30],
  [29_001, 1],
  [30_000, 0],
  [99_000, 0],
])('after %i ms %i seconds are left', (passed, left) => {
  expect(secondsLeft(1000, 1000 + passed)).toBe(left);
});
