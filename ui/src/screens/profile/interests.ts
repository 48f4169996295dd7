// Fields of training are stored as their keys with commas between them. Pure.

/** Most that one may name; the same number as `INTERESTS_MAX` in Rust, which checks it. */
export const INTERESTS_MAX = 5;

/** The keys in a stored value. */
export function keysOf(value: string): string[] {
  return value
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
}
