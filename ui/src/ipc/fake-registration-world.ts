// What the fake knows of a registration, and a few places where it can stand.

import type {
  ConsentRow,
  DeclarationsView,
  Delivery,
  EligibilityView,
  FaceSessionView,
  Finding,
  HandoverView,
  PhoneCodeState,
  PhotoView,
  Reason,
  RegistrationState,
  RegistrationView,
  Step,
  StepRefusal,
  StepView,
} from './types';

export interface RegistrationWorld {
  eligibility: EligibilityView;
  view: RegistrationView;
  /** What the civil registry will say. */
  identityNext: RegistrationState;
  phoneCode: PhoneCodeState;
  face: FaceSessionView | null;
  declarations: DeclarationsView;
  photo: PhotoView;
  /** What the next photo will look like. */
  findingsNext: Finding[];
  handover: HandoverView | null;
}

const MINUTE = 60_000;
const ORDER: readonly RegistrationState[] = [
  'not_started',
  'nik_submitted',
  'nik_mismatch',
  'kk_quota_full',
  'nik_already_recipient',
  'nik_matched',
  'profile_completed',
  'ktp_photo_submitted',
  'ktp_photo_rejected',
  'ktp_photo_accepted',
  'face_pending',
  'face_failed',
  'manual_review',
  'face_verified',
  'phone_otp_sent',
  'phone_verified',
  'ineligible',
  'test_available',
  'test_in_progress',
  'test_submitted',
  'test_evaluated',
];
const STEPS: readonly Step[] = [
  'submit_identity',
  'attach_photo',
  'start_face_check',
  'send_phone_code',
  'confirm_phone_code',
  'declare',
  'start_test',
  'answer_test',
  'submit_test',
  'join_wave',
];

/** When each step may be taken: in these states; done after the last of them. */
const WHEN: Record<Step, { open: RegistrationState[]; underWay?: RegistrationState[] }> = {
  submit_identity: { open: ['not_started', 'nik_mismatch', 'kk_quota_full'], underWay: ['nik_submitted'] },
  attach_photo: {
    open: [...ORDER.slice(0, ORDER.indexOf('ktp_photo_submitted')), 'ktp_photo_rejected'],
    underWay: ['ktp_photo_submitted'],
  },
  start_face_check: { open: ['ktp_photo_accepted', 'face_pending', 'face_failed'], underWay: ['manual_review'] },
  send_phone_code: { open: ['face_verified', 'phone_otp_sent'] },
  confirm_phone_code: { open: ['phone_otp_sent'] },
  declare: { open: ORDER.slice(0, ORDER.indexOf('ineligible')) },
  start_test: { open: ['test_available'], underWay: ['test_in_progress'] },
  answer_test: { open: ['test_in_progress'] },
  submit_test: { open: ['test_in_progress'] },
  join_wave: { open: ['test_evaluated'] },
};

const consent = (id: string, text: string, en: string): ConsentRow => ({ id, text: { id: text, en }, given: false });

/** The consents, each with the step that asks for it. */
const CONSENTS: Partial<Record<Step, readonly ConsentRow[]>> = {
  submit_identity: [
    consent(
      'data_matching',
      'Saya setuju data saya dicocokkan dengan Dukcapil dan instansi lain yang disebut dalam pemberitahuan privasi.',
      'I agree that my data is matched with Dukcapil and the other offices named in the privacy notice.',
    ),
  ],
  start_face_check: [
    consent(
      'face_check',
      'Saya setuju wajah saya diperiksa oleh penyedia verifikasi wajah. Data wajah tidak disimpan di komputer ini.',
      'I agree that my face is checked by the face verification provider. No face data is kept on this computer.',
    ),
  ],
  declare: [
    consent(
      'truthful',
      'Saya menyatakan seluruh jawaban dan data yang saya isi benar.',
      'I declare that all answers and data that I gave are true.',
    ),
  ],
};

function consentsOf(step: Step): ConsentRow[] {
  return structuredClone([...(CONSENTS[step] ?? [])]);
}

function refusalOf(step: Step, state: RegistrationState, blocked: boolean): StepRefusal | null {
  // The end of a test that runs is taken all the same.
  const sits = (step === 'answer_test' || step === 'submit_test') && state === 'test_in_progress';
  if (blocked && !sits) return 'blocked';
  if (state === 'ineligible' || state === 'nik_already_recipient') return 'ended';
  const { open, underWay } = WHEN[step];
  if (open.includes(state)) return null;
  if (underWay?.includes(state)) return 'under_way';
  return open.every((one) => ORDER.indexOf(one) < ORDER.indexOf(state)) ? 'done' : 'too_early';
}

/** The steps as central would give them in a state. */
export function fakeSteps(state: RegistrationState, blocked = false): StepView[] {
  return STEPS.map((step) => ({
    step,
    refused: refusalOf(step, state, blocked),
    delivery: null,
    // Those of the declarations are asked there.
    consents: step === 'declare' ? [] : consentsOf(step),
  }));
}

export function moveTo(
  world: RegistrationWorld,
  state: RegistrationState,
  patch: Partial<RegistrationView> = {},
): void {
  const now = Date.now();
  world.view = {
    ...world.view,
    case_number: state === 'not_started' ? world.view.case_number : 'PK-7Q4M-22K9',
    state,
    since: now - MINUTE,
    steps: fakeSteps(state, (patch.blocked ?? world.view.blocked) !== null),
    heard_at: now,
    ...patch,
  };
}

/** What the person did about a step is on its way. */
export function deliver({ view }: RegistrationWorld, step: Step, delivery: Delivery): void {
  view.steps = view.steps.map((one) => (one.step === step ? { ...one, delivery } : one));
}

/** As in the scheme: the answer that excludes is part of the question. */
const QUESTIONS: readonly [id: string, text: string, english: string, excludes: [boolean, Reason] | null][] = [
  ['unemployed', 'Apakah saat ini kamu menganggur?', 'Are you out of work at present?', null],
  [
    'citizen',
    'Apakah kamu Warga Negara Indonesia (WNI) dengan e-KTP?',
    'Are you an Indonesian citizen with an e-KTP?',
    [false, 'not_citizen'],
  ],
  [
    'formal_education',
    'Apakah kamu sedang bersekolah atau kuliah?',
    'Are you at school or university at present?',
    [true, 'in_formal_education'],
  ],
  [
    'civil_servant',
    'Apakah kamu Aparatur Sipil Negara (ASN)?',
    'Are you a civil servant (ASN)?',
    [true, 'civil_servant'],
  ],
  [
    'state_enterprise_board',
    'Apakah kamu Direksi, Komisaris, atau Dewan Pengawas pada BUMN atau BUMD?',
    'Are you a director, commissioner or supervisor of a state or regional enterprise?',
    [true, 'state_enterprise_board'],
  ],
  [
    'was_recipient',
    'Apakah kamu pernah menjadi penerima Kartu Prakerja?',
    'Have you been a recipient of the Kartu Prakerja before?',
    [true, 'was_recipient'],
  ],
];
export function freshDeclarations(): DeclarationsView {
  return {
    questions: QUESTIONS.map(([id, text, en, excludes]) => ({
      id,
      text: { id: text, en },
      answer: null,
      excludes,
    })),
    consents: consentsOf('declare'),
    delivery: null,
    open: true,
    would_exclude: [],
    saved_at: null,
  };
}

export function freshRegistration(): RegistrationWorld {
  return {
    eligibility: {
      scheme: '2023',
      asks_other_aid: false,
      min_age: 18,
      max_age: 64,
      family_max: 2,
      answers: {},
      result: null,
      checked_at: null,
    },
    view: {
      case_number: null,
      scheme: '2023',
      family_max: 2,
      test_duration_s: 2_400,
      state: 'not_started',
      since: null,
      steps: fakeSteps('not_started'),
      identity: null,
      face: null,
      phone: null,
      excluded: [],
      blocked: null,
      appeal: null,
      heard_at: null,
    },
    identityNext: 'nik_matched',
    phoneCode: { code: null, locked_until: null, confirmed: false },
    face: null,
    declarations: freshDeclarations(),
    photo: { draft: null, sent: null },
    findingsNext: [],
    handover: null,
  };
}
