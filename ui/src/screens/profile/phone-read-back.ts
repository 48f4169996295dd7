// Reads a mobile number back as it is stored and called from anywhere: +62 812-3456-7890. Judges nothing: what is no
// Indonesian mobile number simply is not read back, and Rust says why when the person goes on.

/** The number in E.164 with gaps for the eye; `null` while it is none. */
export function phoneReadBack(typed: string): string | null {
  const digits = typed.replace(/[\s().-]/gu, '');
  const match = /^(?:\+?62|0)(8[1-9]\d{7,10})$/u.exec(digits);
  const national = match?.[1];
  if (national === undefined) return null;
  return `+62 ${national.slice(0, 3)}-${(national.slice(3).match(/.{1,4}/gu) ?? []).join('-')}`;
}
