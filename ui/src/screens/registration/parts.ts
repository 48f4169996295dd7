// The parts of a registration as one list: which is done, which can be done now, what waits for a connection, what
// central is looking at. Pure. What may be done, Rust says (`RegistrationView.steps`); nothing is called done here that
// central has not called so.

import type {
  AppState,
  Delivery,
  Preparations,
  RegistrationState,
  RegistrationView,
  Step,
  StepRefusal,
  StepView,
} from '../../ipc/types';

export type PartName = 'profile' | 'identity' | 'photo' | 'face' | 'phone' | 'declarations' | 'test';

export type Standing =
  /** Central has it, or the person confirmed it. */
  | 'done'
  | 'possible'
  /** The person did it; it waits here for a connection or is on its way. */
  | 'waiting'
  /** Central or an outside party looks at it. */
  | 'under_way'
  /** Something has to be done again, or decided. */
  | 'needs_you'
  /** Something before it is open. */
  | 'later'
  /** Blocked, or the registration is over. */
  | 'closed';

export interface Part {
  name: PartName;
  standing: Standing;
  /** Cannot be done, not even begun, without a connection. */
  online: boolean;
  /** How what was done about it stands on its way to central. */
  delivery: Delivery | null;
}

const STEPS: Record<Exclude<PartName, 'profile'>, readonly Step[]> = {
  identity: ['submit_identity'],
  photo: ['attach_photo'],
  face: ['start_face_check'],
  phone: ['send_phone_code'],
  declarations: ['declare'],
  test: ['start_test', 'submit_test'],
};

/** Codes, the face check and the start of the test are made together with central; the rest is kept and sent later. */
const ONLINE: readonly PartName[] = ['face', 'phone', 'test'];

/** States in which a part was refused and is the person's turn again. */
const AGAIN: Partial<Record<PartName, readonly RegistrationState[]>> = {
  identity: ['nik_mismatch', 'kk_quota_full'],
  photo: ['ktp_photo_rejected'],
  face: ['face_failed'],
};

/** From which state on a part lies behind; a blocked or ended registration tells it in no other way. */
const BEHIND: Record<Exclude<PartName, 'profile'>, readonly RegistrationState[]> = (() => {
  const test: RegistrationState[] = ['test_evaluated'];
  const declarations: RegistrationState[] = ['test_available', 'test_in_progress', 'test_submitted', ...test];
  const phone: RegistrationState[] = ['phone_verified', ...declarations];
  const face: RegistrationState[] = ['face_verified', 'phone_otp_sent', ...phone];
  const photo: RegistrationState[] = ['ktp_photo_accepted', 'face_pending', 'face_failed', 'manual_review', ...face];
  const waiting: RegistrationState[] = [
    'nik_matched',
    'profile_completed',
    'ktp_photo_submitted',
    'ktp_photo_rejected',
  ];
  return { identity: [...waiting, ...photo], photo, face, phone, declarations, test };
})();

const BY_REFUSAL: Record<StepRefusal, Standing> = {
  blocked: 'closed',
  ended: 'closed',
  too_early: 'later',
  done: 'done',
  under_way: 'under_way',
  not_passed: 'done',
};

function standingOf(
  name: Exclude<PartName, 'profile'>,
  steps: readonly StepView[],
  state: RegistrationState,
): Standing {
  const mine = STEPS[name].flatMap((step) => steps.find((one) => one.step === step) ?? []);
  const delivery = mine.find((one) => one.delivery !== null)?.delivery;
  const open = mine.find((one) => one.refused === null);
  const refused = mine[0]?.refused ?? 'too_early';
  if (refused === 'blocked' || refused === 'ended') return BEHIND[name].includes(state) ? 'done' : 'closed';
  if (delivery?.state === 'needs_you') return 'needs_you';
  if (delivery && delivery.state !== 'received') return 'waiting';
  // Central has it and has not said yet what comes of it.
  if (delivery && open) return 'under_way';
  if (open) return AGAIN[name]?.includes(state) ? 'needs_you' : 'possible';
  return BY_REFUSAL[refused];
}

function profile(preparations: Preparations, closed: boolean): Standing {
  if (preparations.personal_submitted) return 'done';
  return closed ? 'closed' : 'possible';
}

/** All parts in order. */
export function partsOf(view: RegistrationView, preparations: Preparations): Part[] {
  const names = Object.keys(STEPS) as Exclude<PartName, 'profile'>[];
  const parts = names.map<Part>((name) => ({
    name,
    standing: standingOf(name, view.steps, view.state),
    online: ONLINE.includes(name),
    delivery:
      STEPS[name].map((step) => view.steps.find((one) => one.step === step)?.delivery ?? null).find(Boolean) ?? null,
  }));
  const closed = parts.some((part) => part.standing === 'closed');
  return [{ name: 'profile', standing: profile(preparations, closed), online: false, delivery: null }, ...parts];
}

/** What to do now: what needs the person first, then the first part that can be done. */
export function nextPart(parts: readonly Part[]): PartName | null {
  const first =
    parts.find((part) => part.standing === 'needs_you') ?? parts.find((part) => part.standing === 'possible');
  return first?.name ?? null;
}

export function doneOf(parts: readonly Part[]): number {
  return parts.filter((part) => part.standing === 'done').length;
}

/** Reasons of a block that have words of their own; others are told in general. */
const BLOCKS = [
  'false_data',
  'automation',
  'proxy',
  'missed_first_purchase',
  'unfinished_training',
  'terms_broken',
] as const;
export type BlockReason = (typeof BLOCKS)[number] | 'other';

export function blockReason(code: string): BlockReason {
  return BLOCKS.find((one) => one === code) ?? 'other';
}

/** True when nobody can reach central now: what needs it has to wait. */
export function isOffline(state: AppState): boolean {
  return state.sync.online === false;
}
