// What a wave and the person's own application come to. Two lines that are never mixed: people saw "Sedang dievaluasi"
// beside "Gelombang tidak ditemukan" and took the second for their own fate (domain.md §3.4).

import type { ApplicationView, StepRefusal, Unfit, WaveRow, WavesView } from '../../ipc/types';

/** What the person can do about one wave. */
export type WaveStanding =
  | { kind: 'joinable' }
  /** The own application is in this wave. */
  | { kind: 'mine' }
  | { kind: 'announced' }
  | { kind: 'over' }
  | { kind: 'member' }
  | { kind: 'not_in_region' }
  | { kind: 'region_unknown' }
  | { kind: 'refused'; why: StepRefusal }
  /** The registration was made under other rules, and does not fit those of this wave. */
  | { kind: 'unfit'; what: Unfit };

export function isMine(row: WaveRow): boolean {
  return row.application !== null && row.application.refused === null;
}

/** An application that waits for its draw: nothing else is asked of the person meanwhile. */
export function isUnderWay(row: WaveRow): boolean {
  const application = row.application;
  if (application === null || !isMine(row) || application.left_off !== null) return false;
  return application.state !== 'accepted' && application.state !== 'not_accepted';
}

export function standingOf(view: WavesView, row: WaveRow): WaveStanding {
  if (isMine(row)) return { kind: 'mine' };
  if (row.state === 'announced') return { kind: 'announced' };
  if (row.state !== 'open') return { kind: 'over' };
  if (row.joinable) return { kind: 'joinable' };
  if (view.member) return { kind: 'member' };
  // What the person can mend comes before what is not for the person's province.
  if (row.refused !== null) return { kind: 'refused', why: row.refused };
  if (row.for_me === false) return { kind: 'not_in_region' };
  if (row.unfit !== null) return { kind: 'unfit', what: row.unfit };
  return row.for_me === null ? { kind: 'region_unknown' } : { kind: 'refused', why: 'too_early' };
}

/** The word for the own application. A programme word appears only after central said it. */
export type ApplicationWord =
  'none' | 'asked' | 'refused' | 'joined_waiting_close' | 'processing' | 'left_off' | 'accepted' | 'not_accepted';

export function applicationWord(application: ApplicationView | null): ApplicationWord {
  if (application === null) return 'none';
  if (application.refused !== null) return 'refused';
  // The draw decided nothing about whoever is not on its list.
  if (application.left_off !== null) return 'left_off';
  return application.state ?? 'asked';
}

/** The line about waves: those that are open, or that none is. */
export type WaveLine = { kind: 'open'; wave: WaveRow } | { kind: 'none'; opens_at: number | null };

export function waveLine(view: WavesView): WaveLine {
  const open = view.waves.filter((row) => row.state === 'open');
  // The one that the person waits for, else the one that can be joined says most; else the one that closes last.
  const shown =
    open.find(isUnderWay) ?? open.find((row) => row.joinable) ?? [...open].sort((a, b) => b.closes_at - a.closes_at)[0];
  return shown ? { kind: 'open', wave: shown } : { kind: 'none', opens_at: view.next_opens_at };
}

/** The wave that the person could join next, if there is one. */
export function nextJoinable(view: WavesView): WaveRow | undefined {
  return view.waves.find((row) => row.joinable);
}

const REASONS = [
  'wave_closed',
  'wave_not_open',
  'not_in_region',
  'scheme_unfit',
  'already_member',
  'step_refused',
] as const;
export type JoinRefusal = (typeof REASONS)[number] | 'other';

/** Why central did not take a request to join; what this version does not know is `other`. */
export function joinRefusal(code: string): JoinRefusal {
  return REASONS.find((known) => known === code.replaceAll('-', '_')) ?? 'other';
}
