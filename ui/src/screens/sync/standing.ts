// What a delivery, an activity and the summary come to, and what there is to do. Every value of the contract has
// its row here; words are in the dictionaries. "Saved on this computer" and "received by the office" never mix.

import type {
  ActivityRow,
  ActivityState,
  Attention,
  CommandRow,
  CommandWhat,
  Delivery,
  SyncStatus,
  SyncSummary,
} from '../../ipc/types';

/** The way out of something that needs the person: a place to go to, or a thing to do in the list. */
export type WayOut =
  | 'sign-in'
  | 'trainings'
  | 'activities'
  | 'profile-review'
  | 'registration'
  | 'declarations'
  | 'appeal'
  | 'photo'
  | 'test'
  | 'waves'
  | 'member'
  | 'help'
  | 'resolve'
  | 'wait';

export const WAYS_OUT: Record<Attention, WayOut> = {
  sign_in: 'sign-in',
  update_app: 'help',
  seat_full: 'trainings',
  enrolment_closed: 'trainings',
  training_unknown: 'trainings',
  needs_balance: 'trainings',
  already_enrolled: 'activities',
  not_cancellable: 'activities',
  validation: 'profile-review',
  conflict: 'resolve',
  dependency: 'help',
  account_locked: 'help',
  central_too_old: 'wait',
  wave_closed: 'waves',
  wave_not_open: 'waves',
  not_in_region: 'waves',
  scheme_unfit: 'waves',
  already_member: 'member',
  step_refused: 'registration',
  try_later: 'wait',
  nik_taken: 'help',
  test_over: 'test',
  attach_again: 'photo',
  refused: 'help',
};

/** Where a refused thing was made: what a wrong value or something that was refused before it sends to. */
const MADE_AT: Partial<Record<CommandWhat['kind'], WayOut>> = {
  enrol: 'trainings',
  cancel_enrolment: 'activities',
  photo: 'photo',
  declarations: 'declarations',
  test: 'test',
  join: 'waves',
  appeal: 'appeal',
};

/** The way out of a reason, for a kind of command where the reason alone does not say it. */
export function wayOut(why: Attention, kind?: CommandWhat['kind']): WayOut {
  if (why === 'validation') return (kind && MADE_AT[kind]) ?? WAYS_OUT.validation;
  // The question to the registry goes behind the personal data that it is about.
  if (why === 'dependency' && kind === 'identity') return 'profile-review';
  if (why === 'dependency') return (kind && MADE_AT[kind]) ?? WAYS_OUT.dependency;
  return WAYS_OUT[why];
}

/**
 * What a reason means for sending: central has answered and nothing is left to send, only to take note of; nothing at all
 * is sent until it is solved; or this one thing waits.
 */
const MEANS: Record<Attention, 'answered' | 'stopped' | 'waits'> = {
  sign_in: 'stopped',
  update_app: 'stopped',
  account_locked: 'stopped',
  seat_full: 'answered',
  enrolment_closed: 'answered',
  training_unknown: 'answered',
  needs_balance: 'answered',
  already_enrolled: 'answered',
  not_cancellable: 'answered',
  validation: 'answered',
  dependency: 'answered',
  wave_closed: 'answered',
  wave_not_open: 'answered',
  not_in_region: 'answered',
  scheme_unfit: 'answered',
  already_member: 'answered',
  step_refused: 'answered',
  try_later: 'answered',
  nik_taken: 'answered',
  test_over: 'answered',
  refused: 'answered',
  attach_again: 'waits',
  conflict: 'waits',
  central_too_old: 'waits',
};

/** Central said no: the row can only be taken note of. */
export function isAnswered(delivery: Delivery): boolean {
  return delivery.state === 'needs_you' && MEANS[delivery.why] === 'answered';
}

/** Which explanation the list shows above its rows. */
export type Situation = SyncStatus | 'offline' | 'stopped';

export function situationOf(summary: SyncSummary, rows: readonly CommandRow[] = []): Situation {
  const stops = ({ delivery }: CommandRow) => delivery.state === 'needs_you' && MEANS[delivery.why] === 'stopped';
  if (summary.status === 'needs_you' && rows.some(stops)) return 'stopped';
  if (summary.status === 'waiting' && summary.online === false) return 'offline';
  return summary.status;
}

/** True when "send now" can do something. */
export function canSendNow(summary: SyncSummary): boolean {
  return summary.status !== 'sending';
}

/** A programme word is shown only when central said it: an activity that was merely asked for has none. */
export type ActivityWord = 'requested' | 'cancelling' | 'refused' | Extract<ActivityState, { is: 'enrolled' }>['state'];

export function activityWord(activity: ActivityState): ActivityWord {
  return activity.is === 'enrolled' ? activity.state : activity.is;
}

/** Nothing left this computer yet: taking it back needs no question and nobody's answer. */
export function canUndo(row: Pick<ActivityRow, 'activity' | 'delivery' | 'command' | 'cancellable'>): boolean {
  const here = row.delivery.state === 'saved' || row.delivery.state === 'waiting';
  return here && row.command !== null && row.activity.is !== 'enrolled';
}

/** Rows that need the person come first, then what waits, in the order in which they were made. */
export function split(rows: readonly CommandRow[]): { needsYou: CommandRow[]; waiting: CommandRow[] } {
  return {
    needsYou: rows.filter((row) => row.delivery.state === 'needs_you'),
    waiting: rows.filter((row) => row.delivery.state !== 'needs_you'),
  };
}
