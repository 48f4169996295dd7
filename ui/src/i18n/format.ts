// Numbers, money, dates and times in the language in force. Times name their zone (WIB, WITA, WIT): a deadline without
// a zone is a wrong deadline in half of the country.

import { locale } from './locale.svelte';

const ZONES: Record<number, string> = { 420: 'WIB', 480: 'WITA', 540: 'WIT' };

/** Name of the computer's zone at that time; outside Indonesia the offset to UTC. */
export function zone(at: number): string {
  const minutes = -new Date(at).getTimezoneOffset();
  const named = ZONES[minutes];
  if (named) return named;
  const whole = Math.trunc(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  const sign = minutes < 0 ? '−' : '+';
  return minutes === 0 ? 'UTC' : `UTC${sign}${whole}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale.tag, { maximumFractionDigits: digits }).format(value);
}

/** Whole rupiah: `Rp600.000`. */
export function money(rupiah: number): string {
  return `Rp${new Intl.NumberFormat(locale.tag, { maximumFractionDigits: 0 }).format(rupiah)}`;
}

/** `10.42`; never shown without its zone. */
function clock(at: number): string {
  return new Intl.DateTimeFormat(locale.tag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** `10.42 WIB` */
export function time(at: number): string {
  return `${clock(at)} ${zone(at)}`;
}

/** `17 April 2020` */
export function date(at: number): string {
  return new Intl.DateTimeFormat(locale.tag, { day: 'numeric', month: 'long', year: 'numeric' }).format(at);
}

/** `Jumat, 27 November 2026, 23.59 WIB`: for deadlines. */
export function deadline(at: number): string {
  const weekday = new Intl.DateTimeFormat(locale.tag, { weekday: 'long' }).format(at);
  return `${weekday}, ${date(at)}, ${time(at)}`;
}

/** `17 April 2020, 10.42 WIB` */
export function dateTime(at: number): string {
  return `${date(at)}, ${time(at)}`;
}

/** `17 April 2020, 10.42.07 WIB`: for receipts, which are read out to support. */
export function exact(at: number): string {
  const seconds = new Intl.DateTimeFormat(locale.tag, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at);
  return `${date(at)}, ${seconds} ${zone(at)}`;
}

/** The hour in Jakarta when this computer's clock shows another one: `23.59 WIB`; else `null`. */
export function jakarta(at: number): string | null {
  if (-new Date(at).getTimezoneOffset() === 420) return null;
  const hour = new Intl.DateTimeFormat(locale.tag, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: 'Asia/Jakarta',
  }).format(at);
  return `${hour} WIB`;
}

/** The country's three zones. The programme's own clock is WIB (domain.md §2.5). */
export const ZONE_PLACES = { WIB: 'Asia/Jakarta', WITA: 'Asia/Makassar', WIT: 'Asia/Jayapura' } as const;
export type ZoneName = keyof typeof ZONE_PLACES;

/** `Jumat, 27 November 2026, 23.59 WIB` in the named zone, wherever this computer is: for the programme's deadlines. */
export function deadlineIn(at: number, name: ZoneName): string {
  const timeZone = ZONE_PLACES[name];
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale.tag, { ...options, timeZone }).format(at);
  const weekday = part({ weekday: 'long' });
  const whole = part({ day: 'numeric', month: 'long', year: 'numeric' });
  return `${weekday}, ${whole}, ${part({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })} ${name}`;
}

/** `17 April 2020` in the named zone, wherever this computer is: for the dates of the programme's papers. */
export function dateIn(at: number, name: ZoneName): string {
  const timeZone = ZONE_PLACES[name];
  return new Intl.DateTimeFormat(locale.tag, { day: 'numeric', month: 'long', year: 'numeric', timeZone }).format(at);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `dalam 4 hari`, `2 jam yang lalu`. Days are counted from two on: "38 hours" says more than "1 day". */
export function relative(at: number, now: number): string {
  const apart = Math.abs(at - now);
  const [unit, length] =
    apart >= 2 * DAY
      ? (['day', DAY] as const)
      : apart >= HOUR
        ? (['hour', HOUR] as const)
        : (['minute', MINUTE] as const);
  const count = Math.max(1, Math.floor(apart / length)) * (at < now ? -1 : 1);
  return new Intl.RelativeTimeFormat(locale.tag, { numeric: 'always' }).format(count, unit);
}

/** `Jumat, 27 November 2026, 23.59 WIB (dalam 4 hari)`: a deadline of the programme inside a sentence. */
export function moment(at: number, now: number): string {
  return `${deadlineIn(at, 'WIB')} (${relative(at, now)})`;
}

/** Today: `10.42 WIB`; else `17 Apr, 10.42 WIB`. For short notes such as the last sync. */
export function short(at: number, now: number = Date.now()): string {
  if (new Date(at).toDateString() === new Date(now).toDateString()) return time(at);
  const day = new Intl.DateTimeFormat(locale.tag, { day: 'numeric', month: 'short' }).format(at);
  return `${day}, ${time(at)}`;
}

/** A day without time from `2026-11-27`: `27 November 2026`. */
export function day(iso: string): string {
  const [year, month, dayOfMonth] = iso.split('-').map(Number);
  if (!year || !month || !dayOfMonth) return iso;
  return new Intl.DateTimeFormat(locale.tag, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(Date.UTC(year, month - 1, dayOfMonth));
}

/** A day for a list, from `2026-11-27`: `27 Nov 2026`. */
export function dayShort(iso: string): string {
  const at = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(at)) return iso;
  return new Intl.DateTimeFormat(locale.tag, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(at);
}

/** From one day to another, what they share said once: `4–8 Desember 2026`. */
export function days(from: string, to: string): string {
  const [start, end] = [Date.parse(`${from}T00:00:00Z`), Date.parse(`${to}T00:00:00Z`)];
  if (Number.isNaN(start) || Number.isNaN(end) || end < start) return `${from} – ${to}`;
  return new Intl.DateTimeFormat(locale.tag, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).formatRange(start, end);
}

/** `1 hari`, `10 hari`: so many days as a length. */
export function dayCount(days: number): string {
  return new Intl.NumberFormat(locale.tag, { style: 'unit', unit: 'day', unitDisplay: 'long' }).format(days);
}

/** Time left as `4:05` or `1:59:30`; never negative. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}
