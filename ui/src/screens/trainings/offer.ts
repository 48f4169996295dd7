// What the person can do about a training, and why not. The app never decides about seats: a full one is only known as
// of the last catalogue, and central has the last word.

import type { AccountView, ActivityState, ScheduleRow, TrainingDetail } from '../../ipc/types';

export type Offer =
  /** Asked for or taking part already. */
  | { kind: 'mine'; activity: ActivityState }
  /** Paid from the training balance: not in this version. */
  | { kind: 'paid' }
  /** Asking needs an account. */
  | { kind: 'needs_account' }
  /** Every run has closed. */
  | { kind: 'closed' }
  /** Every open run is full, as far as this computer knows. */
  | { kind: 'full' }
  | { kind: 'open'; needsSchedule: boolean };

export function offerOf(detail: TrainingDetail, account: AccountView): Offer {
  const { row, schedules } = detail;
  if (row.mine && holds(row.mine)) return { kind: 'mine', activity: row.mine };
  if (!row.free) return { kind: 'paid' };
  const needsSchedule = row.method !== 'self_paced';
  if (needsSchedule && !schedules.some(isOpen)) {
    return schedules.some((run) => !run.closed) ? { kind: 'full' } : { kind: 'closed' };
  }
  if (account.state === 'none' || account.state === 'awaiting_code') return { kind: 'needs_account' };
  return { kind: 'open', needsSchedule };
}

/** True when the activity stands in the way of asking again. */
export function holds(activity: ActivityState): boolean {
  if (activity.is === 'refused') return false;
  if (activity.is !== 'enrolled') return true;
  return activity.state !== 'cancelled' && activity.state !== 'cancelled_by_institution';
}

/** A run that can be chosen. */
export function isOpen(run: ScheduleRow): boolean {
  return !run.closed && run.seats !== 'full';
}

/** The run chosen from the start: the only one that is open, else none, so that nobody books a date unread. */
export function onlyOpenRun(schedules: readonly ScheduleRow[]): string | null {
  const open = schedules.filter(isOpen);
  return open.length === 1 ? (open[0]?.id ?? null) : null;
}
