// The four levels of regions and their codes: 2, 4, 6 and 10 digits, each the beginning of the next. Pure.

import type { RegionHit, RegionLevel } from '../../ipc/types';

/** From the widest to the narrowest. */
export const LEVELS: readonly RegionLevel[] = ['province', 'regency', 'district', 'village'];

const DIGITS: Record<RegionLevel, number> = { province: 2, regency: 4, district: 6, village: 10 };

/** The part of a code that names the region of a level; empty while it is not chosen that far. */
export function codeAt(level: RegionLevel, code: string): string {
  const digits = DIGITS[level];
  return code.length >= digits ? code.slice(0, digits) : '';
}

/** The level that a code is chosen down to; `null` for none. */
export function levelOf(code: string): RegionLevel | null {
  return [...LEVELS].reverse().find((level) => codeAt(level, code) !== '') ?? null;
}

/** The level to choose next; `null` once the village is chosen. */
export function nextLevel(code: string): RegionLevel | null {
  return LEVELS.find((level) => codeAt(level, code) === '') ?? null;
}

/** The code of what a level lies in; `null` for provinces. */
export function withinOf(level: RegionLevel, code: string): string | null {
  const above = LEVELS[LEVELS.indexOf(level) - 1];
  return above === undefined ? null : codeAt(above, code);
}

/** The path in the order of the levels, whatever order it came in. */
export function inOrder(path: readonly RegionHit[]): RegionHit[] {
  return [...path].sort((a, b) => a.code.length - b.code.length);
}

/** Names from the narrowest to the widest, as an address is written. */
export function asAddress(path: readonly RegionHit[]): string {
  return inOrder(path)
    .reverse()
    .map((one) => one.name)
    .join(', ');
}
