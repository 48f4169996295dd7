import { expect, it } from 'vitest';
import { phoneReadBack } from './phone-read-back';

it.each([
  ['0812 3456 7890', '+62 812-3456-7890'],
  ['62812-3456-7890', '+62 812-3456-7890'],
  ['+62 (812) 34567', null],
  ['+6281234567', null],
  ['081234567890123', null],
  ['0812345678', '+62 812-3456-78'],
  ['021 5550123', null],
  ['', null],
])('reads %s back as %s', (typed, expected) => {
  expect(phoneReadBack(typed)).toBe(expected);
});
