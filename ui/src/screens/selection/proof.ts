// What a verification found, in the few groups that people can tell apart, and how far a draw is.

import type { ApplicationView, EarlierFailure, ProofPart, SelectionRow, WaveState } from '../../ipc/types';

/** Which sentence says what differs; every part that the app can name has one. */
const PARTS = {
  commitment_form: 'commitment',
  commitment_digest: 'commitment',
  other_commitment: 'other_commitment',
  rules: 'rules',
  rules_digest: 'rules',
  beacon_rule: 'rules',
  list: 'list',
  list_digest: 'list',
  too_large: 'too_large',
  not_listed: 'not_listed',
  own_entry: 'own_entry',
  own_place: 'own_place',
  seed: 'seed',
  beacon: 'beacon',
  known_beacon: 'beacon',
  result_form: 'result',
  result_of_other: 'result',
  result_digest: 'result',
  counts: 'result',
  accepted_digest: 'accepted',
  accepted: 'accepted',
  other: 'other',
} as const satisfies Record<ProofPart, string>;

export type Part = (typeof PARTS)[ProofPart];

export function partOf(part: ProofPart): Part {
  return PARTS[part];
}

/** The finding that must not be overlooked: of the last check, or of an earlier one that a later one does not undo. */
export function finding(draw: SelectionRow | null): EarlierFailure | null {
  return draw?.verified?.is === 'failed' ? draw.verified : (draw?.failed_before ?? null);
}

export type Stage = 'blind' | 'sealed' | 'mixed' | 'recomputed';
export type Standing = 'done' | 'now' | 'later';

/** The four steps of a draw that anybody can check. */
export function stages(
  wave: WaveState,
  draw: SelectionRow | null,
  application: ApplicationView | null,
): { stage: Stage; standing: Standing }[] {
  const published = draw !== null && draw.published_at !== null;
  const done: [Stage, boolean][] = [
    ['blind', (application?.blind ?? null) !== null || (wave !== 'announced' && wave !== 'open')],
    ['sealed', draw !== null],
    ['mixed', published],
    ['recomputed', published && draw.verified?.is === 'verified'],
  ];
  const now = done.find(([, is]) => !is)?.[0];
  return done.map(([stage, is]) => ({ stage, standing: is ? 'done' : stage === now ? 'now' : 'later' }));
}

/** Hex in groups of eight, to compare by eye. */
export function grouped(hex: string): string {
  return hex.replace(/(.{8})(?=.)/gu, '$1 ');
}

/** `412 KB`, `12,4 MB`. */
export function size(bytes: number, write: (value: number, digits: number) => string): string {
  if (bytes < 1_000_000) return `${write(Math.max(1, Math.round(bytes / 1000)), 0)} KB`;
  return `${write(bytes / 1_000_000, 1)} MB`;
}
