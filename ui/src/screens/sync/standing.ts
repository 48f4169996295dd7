// What a delivery, an activity and the summary come to: tone, and what there is to do. Every value of the contract has
// its row here; words are in the dictionaries. "Saved on this computer" and "received by the office" never mix.

import type {
  ActivityRow,
  ActivityState,
  Attention,
  CommandRow,
  Delivery,
  SyncStatus,
  SyncSummary,
} from '../../ipc/types';

export type Tone = 'done' | 'wait' | 'stop' | 'note' | 'quiet';

export const DELIVERY_TONES: Record<Delivery['state'], Tone> = {
  saved: 'note',
  waiting: 'wait',
  sending: 'note',
  received: 'done',
  needs_you: 'stop',
};

/** The way out of something that needs the person: a place to go to, or a thing to do in the list. */
export type WayOut = 'sign-in' | 'trainings' | 'activities' | 'profile-review' | 'help' | 'resolve' | 'wait';

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
  refused: 'help',
};

/** Which explanation the list shows above its rows. */
export type Situation = SyncStatus | 'offline';

export function situationOf(summary: SyncSummary): Situation {
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
