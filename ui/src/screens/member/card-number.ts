// The card's number is a secret: sixteen digits in groups of four, masked unless the person asked for them just now.

/** How long the digits stay on the screen. */
export const SHOWN_FOR_MS = 30_000;

/** `8812 0044 5566 4172`; what is masked already keeps its stars. */
export function inFours(text: string): string {
  return text.replace(/\s/gu, '').replace(/(.{4})(?=.)/gu, '$1 ');
}

/** The last four digits, for people who hear the screen. */
export function lastFour(text: string): string {
  return text.replace(/\D/gu, '').slice(-4);
}

/** Seconds until the digits disappear. */
export function secondsLeft(shownAt: number, now: number): number {
  return Math.max(0, Math.ceil((shownAt + SHOWN_FOR_MS - now) / 1000));
}
