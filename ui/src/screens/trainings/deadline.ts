// How long until something closes, and the hour in Jakarta. The programme's clock is WIB; the computer may be elsewhere
// (domain.md §2.5).

export type Span = { unit: 'days' | 'hours' | 'minutes'; count: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long until `at`; `null` when it has passed. Days are counted from two on: "38 hours" says more than "1 day". */
export function spanUntil(at: number, now: number): Span | null {
  const left = at - now;
  if (left <= 0) return null;
  if (left >= 2 * DAY) return { unit: 'days', count: Math.floor(left / DAY) };
  if (left >= HOUR) return { unit: 'hours', count: Math.floor(left / HOUR) };
  return { unit: 'minutes', count: Math.max(1, Math.floor(left / MINUTE)) };
}
