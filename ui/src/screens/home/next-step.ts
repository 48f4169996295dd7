// The one next step of the home screen, and how far the journey is. Only facts that the state carries; what this
// version cannot do yet is "later", never "done" and never a date.

import type { ActivityRow, AppState } from '../../ipc/types';
import { holds } from '../trainings/offer';

export type NextStep =
  | { kind: 'finish_sign_up' }
  | { kind: 'create_account' }
  | { kind: 'sign_in'; waiting: number }
  | { kind: 'needs_you'; count: number }
  | { kind: 'start_profile'; total: number }
  | { kind: 'continue_profile'; filled: number; total: number }
  | { kind: 'confirm_profile' }
  | { kind: 'choose_training' }
  | { kind: 'wait_for_connection'; waiting: number }
  | { kind: 'nothing' };

export function nextStep(state: AppState, activities: readonly ActivityRow[]): NextStep {
  const { account, preparations, sync } = state;
  if (account.state === 'awaiting_code') return { kind: 'finish_sign_up' };
  if (account.state === 'none') return { kind: 'create_account' };
  if (account.state === 'sign_in_needed') return { kind: 'sign_in', waiting: sync.waiting };
  if (sync.needs_you > 0) return { kind: 'needs_you', count: sync.needs_you };
  const { personal_filled: filled, personal_total: total } = preparations;
  if (!preparations.personal_submitted) {
    if (filled === 0) return { kind: 'start_profile', total };
    return filled < total ? { kind: 'continue_profile', filled, total } : { kind: 'confirm_profile' };
  }
  if (!activities.some((row) => holds(row.activity))) return { kind: 'choose_training' };
  if (sync.waiting > 0 && sync.online === false) return { kind: 'wait_for_connection', waiting: sync.waiting };
  return { kind: 'nothing' };
}

export type Stage = 'connection' | 'account' | 'personal' | 'wave' | 'training' | 'certificate' | 'incentive';

/** `open`: can be done now and is not the next thing; `later`: this version cannot do it yet. */
export type StageStanding = 'done' | 'now' | 'open' | 'later';

export interface JourneyStage {
  stage: Stage;
  standing: StageStanding;
}

export function journey(state: AppState, activities: readonly ActivityRow[]): JourneyStage[] {
  const { account, preparations } = state;
  const hasAccount = account.state === 'signed_in' || account.state === 'sign_in_needed';
  const verdict = preparations.connection?.verdict;
  const takesPart = activities.some((row) => row.activity.is === 'enrolled' && holds(row.activity));
  const done: Partial<Record<Stage, boolean>> = {
    // Nobody has an account without a connection that was good enough once.
    connection: hasAccount || verdict === 'stable' || verdict === 'usable',
    account: hasAccount,
    personal: preparations.personal_submitted,
    training: takesPart,
  };
  const available: Stage[] = ['connection', 'account', 'personal', 'training'];
  const now = available.find((stage) => !done[stage]);
  const order: Stage[] = ['connection', 'account', 'personal', 'wave', 'training', 'certificate', 'incentive'];
  return order.map((stage) => {
    if (!available.includes(stage)) return { stage, standing: 'later' };
    if (done[stage]) return { stage, standing: 'done' };
    return { stage, standing: stage === now ? 'now' : 'open' };
  });
}

/** How many of the three preparations are done. */
export function preparationsDone(state: AppState): number {
  const first = journey(state, []).slice(0, 3);
  return first.filter((one) => one.standing === 'done').length;
}
