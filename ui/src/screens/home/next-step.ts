// The one next step of the home screen, and how far the journey is. Only facts that the state carries; what this
// version cannot do yet is "later", never "done" and never a date.

import type { ActivityRow, AppState, Delivery, MembershipView, RegistrationState, WavesView } from '../../ipc/types';
import { holds } from '../trainings/offer';
import { isUnderWay } from '../waves/standing';

export type NextStep =
  | { kind: 'finish_sign_up' }
  | { kind: 'create_account' }
  | { kind: 'sign_in'; waiting: number }
  | { kind: 'needs_you'; count: number }
  | { kind: 'first_purchase' }
  | { kind: 'answer_block' }
  | { kind: 'revoked' }
  | { kind: 'finished' }
  | { kind: 'start_profile'; total: number }
  | { kind: 'continue_profile'; filled: number; total: number }
  | { kind: 'confirm_profile' }
  | { kind: 'continue_registration' }
  | { kind: 'take_test' }
  | { kind: 'continue_test' }
  | { kind: 'send_test' }
  | { kind: 'wait_for_test' }
  | { kind: 'join_wave'; wave: string }
  | { kind: 'choose_training' }
  | { kind: 'wait_for_connection'; waiting: number }
  | { kind: 'nothing' };

/** What a state of the registration asks of the person; `null` when it asks for nothing, or never will again. */
const ASKS: Record<RegistrationState, 'registration' | 'test' | 'running' | 'marking' | 'wave' | null> = {
  not_started: 'registration',
  nik_submitted: 'registration',
  nik_mismatch: 'registration',
  // The family card may be put right and sent again.
  kk_quota_full: 'registration',
  nik_already_recipient: null,
  nik_matched: 'registration',
  profile_completed: 'registration',
  ktp_photo_submitted: 'registration',
  ktp_photo_rejected: 'registration',
  ktp_photo_accepted: 'registration',
  face_pending: 'registration',
  face_failed: 'registration',
  manual_review: 'registration',
  face_verified: 'registration',
  phone_otp_sent: 'registration',
  phone_verified: 'registration',
  ineligible: null,
  test_available: 'test',
  test_in_progress: 'running',
  test_submitted: 'marking',
  test_evaluated: 'wave',
};

/** What the waves, the membership and the outbox add to the state; absent until they were read. */
export interface Programme {
  waves: WavesView | null;
  membership: MembershipView | null;
  /** How the test that was handed in here stands, until the state shows it. */
  handIn: Delivery | null;
}
export const UNREAD: Programme = { waves: null, membership: null, handIn: null };

function ofRegistration(state: RegistrationState, { waves, handIn }: Programme): NextStep | null {
  const asks = ASKS[state];
  switch (asks) {
    case 'registration':
      return { kind: 'continue_registration' };
    case 'test':
    case 'running':
      if (handIn) return { kind: handIn.state === 'received' ? 'wait_for_test' : 'send_test' };
      return { kind: asks === 'test' ? 'take_test' : 'continue_test' };
    case 'marking':
      return { kind: 'wait_for_test' };
    case 'wave': {
      // Whoever waits for a draw is not sent into another wave.
      if (waves?.waves.some(isUnderWay)) return null;
      const wave = waves?.waves.find((row) => row.joinable);
      return wave ? { kind: 'join_wave', wave: String(wave.number) } : null;
    }
    case null:
      return null;
  }
}

export function nextStep(state: AppState, activities: readonly ActivityRow[], programme: Programme): NextStep {
  const { account, preparations, registration, sync } = state;
  if (account.state === 'awaiting_code') return { kind: 'finish_sign_up' };
  if (account.state === 'none') return { kind: 'create_account' };
  if (account.state === 'sign_in_needed') return { kind: 'sign_in', waiting: sync.waiting };
  // Time runs in a test until it is handed in; everything else can wait for its end.
  if (registration === 'test_in_progress' && programme.handIn === null) return { kind: 'continue_test' };
  if (sync.needs_you > 0) return { kind: 'needs_you', count: sync.needs_you };
  if (programme.membership?.awaits_first_purchase) return { kind: 'first_purchase' };
  if (programme.waves?.refused === 'blocked') return { kind: 'answer_block' };
  // Once in a lifetime: nothing of the registration is asked any more.
  const over = programme.membership?.state;
  if (over === 'revoked' || over === 'finished') return { kind: over };
  const { personal_filled: filled, personal_total: total } = preparations;
  if (!preparations.personal_submitted) {
    if (filled === 0) return { kind: 'start_profile', total };
    return filled < total ? { kind: 'continue_profile', filled, total } : { kind: 'confirm_profile' };
  }
  const asked = registration === null || state.member ? null : ofRegistration(registration, programme);
  if (asked) return asked;
  if (!activities.some((row) => holds(row.activity))) return { kind: 'choose_training' };
  if (sync.waiting > 0 && sync.online === false) return { kind: 'wait_for_connection', waiting: sync.waiting };
  return { kind: 'nothing' };
}

export type Stage = 'account' | 'personal' | 'test' | 'wave' | 'training' | 'certificate' | 'incentive';

/** `open`: can be done now and is not the next thing; `later`: not yet, or not in this version. */
export type StageStanding = 'done' | 'now' | 'open' | 'later';

export interface JourneyStage {
  stage: Stage;
  standing: StageStanding;
}

/** The way so far. Nobody has an account without a connection that was good enough once, so that is not on it. */
export function journey(
  state: AppState,
  activities: readonly ActivityRow[],
  { waves }: Programme = UNREAD,
): JourneyStage[] {
  const { account, preparations, registration } = state;
  const complete = registration === 'test_evaluated';
  const application = waves?.application ?? null;
  const done: Partial<Record<Stage, boolean>> = {
    account: account.state === 'signed_in' || account.state === 'sign_in_needed',
    personal: preparations.personal_submitted,
    test: complete,
    // Done once central accepted the person; being in a wave is on the way there.
    wave: state.member || application?.state === 'accepted',
    training: activities.some((row) => row.activity.is === 'enrolled' && holds(row.activity)),
  };
  const order: Stage[] = ['account', 'personal', 'test', 'wave', 'training', 'certificate', 'incentive'];
  const opens: Partial<Record<Stage, boolean>> = { test: done.personal, wave: complete };
  const reachable = order.filter((stage) => stage in done && (opens[stage] ?? true));
  const now = reachable.find((stage) => !done[stage]);
  return order.map((stage) => {
    if (done[stage]) return { stage, standing: 'done' };
    if (!reachable.includes(stage)) return { stage, standing: 'later' };
    return { stage, standing: stage === now ? 'now' : 'open' };
  });
}

/** How many of the three preparations are done: a connection, an account, personal data. */
export function preparationsDone({ account, preparations }: AppState): number {
  const hasAccount = account.state === 'signed_in' || account.state === 'sign_in_needed';
  const verdict = preparations.connection?.verdict;
  const connection = hasAccount || verdict === 'stable' || verdict === 'usable';
  return [connection, hasAccount, preparations.personal_submitted].filter(Boolean).length;
}
