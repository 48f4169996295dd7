import { expect, it } from 'vitest';
import { blockReason } from '../registration/parts';
import { MAX, wrong } from './text';

it.each([
  ['', 'required'],
  [' \n ', 'required'],
  ['a', null],
  ['a'.repeat(MAX), null],
  ['a'.repeat(MAX + 1), 'too_long'],
  // Central counts characters, not halves of them.
  ['𝒜'.repeat(MAX), null],
])('a text is judged by its characters', (text, expected) => {
  expect(wrong(text)).toBe(expected);
});

it.each([
  ['proxy', 'proxy'],
  ['terms_broken', 'terms_broken'],
  ['something_new', 'other'],
])('the reason %s is said as %s', (code, expected) => {
  expect(blockReason(code)).toBe(expected);
});
