// A birth date is typed as three numbers and stored as `2003-02-01`; what is half typed survives as `2003--01`, so that
// a draft never loses a part. Whether it is a real date, Rust decides.

export interface DateParts {
  day: string;
  month: string;
  year: string;
}

/** Joins what was typed; empty when nothing was typed at all. */
export function joinDate({ day, month, year }: DateParts): string {
  const parts = [year.trim(), pad(month), pad(day)];
  return parts.every((part) => part === '') ? '' : parts.join('-');
}

/** Takes a stored value apart again. */
export function splitDate(value: string): DateParts {
  const [year = '', month = '', day = ''] = value.split('-');
  return { day: unpad(day), month: unpad(month), year };
}

/** The date at noon UTC, to be formatted; `null` while it is no real date. */
export function dateOf(value: string): Date | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/u.exec(value);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day, 12));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
}

function pad(part: string): string {
  const text = part.trim();
  return /^\d$/u.test(text) ? `0${text}` : text;
}

function unpad(part: string): string {
  return /^0\d$/u.test(part) ? part.slice(1) : part;
}
