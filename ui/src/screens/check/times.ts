// How long, in the largest unit that says something.

import { number, t } from '../../i18n';

/** `12 detik`, `3 menit`; at least a second. */
export function duration(seconds: number): string {
  return seconds < 90
    ? t('check.seconds', { value: number(Math.max(1, Math.ceil(seconds))) })
    : t('check.minutes', { value: number(Math.ceil(seconds / 60)) });
}

/** A difference between two clocks: `0,4 detik`, `5 jam`, `7 tahun`. */
export function difference(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  if (seconds < 90) return t('check.seconds', { value: number(seconds, seconds < 10 ? 1 : 0) });
  if (seconds < 90 * 60) return t('check.minutes', { value: number(seconds / 60) });
  if (seconds < 48 * 3600) return t('check.hours', { value: number(seconds / 3600) });
  if (seconds < 2 * 365 * 86_400) return t('check.days', { value: number(seconds / 86_400) });
  return t('check.years', { value: number(seconds / (365 * 86_400)) });
}

/** How long a step took: from a second on in seconds, so that it does not read as a round trip. */
export function took(ms: number): string {
  return ms < 1000 ? t('check.ms', { value: number(ms) }) : t('check.took', { value: number(ms / 1000, 1) });
}

export function speed(bps: number): string {
  return bps < 1e6 ? t('check.kbit', { value: number(bps / 1e3) }) : t('check.mbit', { value: number(bps / 1e6, 1) });
}
