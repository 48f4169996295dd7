// What was found on a photo, with its words and its marks. Pure.

import { number, say } from '../../i18n';
import type { Finding } from '../../ipc/types';

export interface Mark {
  /** Shown on the picture and in the list. */
  number: number;
  finding: Finding;
}

/** The gravest first, each with its number. */
export function marksOf(findings: readonly Finding[]): Mark[] {
  const refused = findings.filter((one) => one.severity === 'refuse');
  const warned = findings.filter((one) => one.severity === 'warn');
  return [...refused, ...warned].map((finding, index) => ({ number: index + 1, finding }));
}

/** What is wrong, in words; only the tilt says how much, in degrees that a hand can follow. */
export function findingWords(finding: Finding): string {
  return say(`photo.finding_${finding.kind}`, { degrees: number(Math.round(Math.abs(finding.measure))) });
}
