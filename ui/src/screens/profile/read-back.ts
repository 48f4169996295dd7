// Reads a NIK or family-card number back in groups of four with what each group means, so that a person can compare
// it with the card in hand. Typing slips in one digit cost applicants their place (domain.md §5); nothing here judges.
// NIK is PPRR DDdd MMYY SSSS with 40 added to a woman's day; the family card has its day of issue in that place.

export type Meaning =
  | { kind: 'region'; province: string | null; city: boolean }
  | { kind: 'region_unknown' }
  | { kind: 'birth_day'; day: number; gender: 'male' | 'female' }
  | { kind: 'issue_day'; day: number }
  | { kind: 'month'; month: number; year: number }
  | { kind: 'serial' }
  | { kind: 'partial' }
  | { kind: 'odd' };

export interface Group {
  /** Four places; what is not typed yet is an underscore. */
  text: string;
  meaning: Meaning;
}

export interface ReadBackContext {
  /** Province code to name. */
  provinces: ReadonlyMap<string, string>;
  /** The year now, to tell 2003 from 1903. */
  thisYear: number;
}

/** Codes to names, for the context. */
export function namesOf(choices: readonly { code: string; name: string }[]): ReadonlyMap<string, string> {
  return new Map(choices.map(({ code, name }) => [code, name]));
}

/** Digits of what was typed; spaces, dots and dashes are tolerated everywhere. */
export function digitsOf(typed: string): string {
  return typed.replace(/[\s.-]/gu, '');
}

/** Groups for display, `2171 0141`; used in the review, where the number stands alone. */
export function inGroups(typed: string): string {
  const digits = digitsOf(typed);
  return /^\d+$/u.test(digits) ? (digits.match(/.{1,4}/gu) ?? []).join(' ') : typed;
}

/** The four groups with their meaning; nothing while there is nothing to compare (empty, letters, too long). */
export function readBack(number: 'nik' | 'kk_number', typed: string, context: ReadBackContext): Group[] {
  const digits = digitsOf(typed);
  if (!/^\d{1,16}$/u.test(digits)) return [];
  return [0, 4, 8, 12].map((start) => {
    const part = digits.slice(start, start + 4);
    return { text: part.padEnd(4, '_'), meaning: meaningOf(number, start, part, context) };
  });
}

function meaningOf(number: 'nik' | 'kk_number', start: number, part: string, context: ReadBackContext): Meaning {
  if (start === 12) return { kind: 'serial' };
  if (part.length < 4) return { kind: 'partial' };
  if (start === 0) return region(part, context);
  if (start === 4) return number === 'nik' ? birthDay(part) : issueDay(part);
  return month(part, context.thisYear);
}

function region(part: string, context: ReadBackContext): Meaning {
  const province = context.provinces.get(part.slice(0, 2));
  if (province === undefined) {
    return context.provinces.size === 0
      ? { kind: 'region', province: null, city: isCity(part) }
      : { kind: 'region_unknown' };
  }
  return { kind: 'region', province, city: isCity(part) };
}

/** Regency codes from 71 on are cities (domain.md §2.4). */
function isCity(part: string): boolean {
  return Number(part.slice(2)) >= 71;
}

function birthDay(part: string): Meaning {
  const code = Number(part.slice(2));
  const day = code > 40 ? code - 40 : code;
  if (day < 1 || day > 31) return { kind: 'odd' };
  return { kind: 'birth_day', day, gender: code > 40 ? 'female' : 'male' };
}

function issueDay(part: string): Meaning {
  const day = Number(part.slice(2));
  return day >= 1 && day <= 31 ? { kind: 'issue_day', day } : { kind: 'odd' };
}

function month(part: string, thisYear: number): Meaning {
  const number = Number(part.slice(0, 2));
  if (number < 1 || number > 12) return { kind: 'odd' };
  const inThisCentury = Math.floor(thisYear / 100) * 100 + Number(part.slice(2));
  return { kind: 'month', month: number, year: inThisCentury > thisYear ? inThisCentury - 100 : inThisCentury };
}
