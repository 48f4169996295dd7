// Places in the registration where the fake can start: `?fake=reg-mismatch#/identity`.

import { fakePhoto } from './fake-pictures';
import { deliver, moveTo } from './fake-registration-world';
import { fakeEligibility } from './fake-eligibility';
import type { World } from './fake-world';
import { signedIn, wholeTyped } from './fake-work';
import type {
  EligibilityForm,
  Finding,
  PhoneCodeView,
  PhotoDraft,
  RegistrationState,
  RegistrationView,
  SentPhoto,
} from './types';

const MINUTE = 60_000;

/** Signed in, personal data sent, the registration in a state. */
function at(state: RegistrationState, patch: Partial<RegistrationView> = {}) {
  return (world: World) => {
    signedIn(world);
    wholeTyped(world);
    world.profile.warnings = [];
    world.profile.has_changes = false;
    world.profile.delivery = { state: 'received', at: Date.now() - 40 * MINUTE, receipt: 'PK-7Q4M-22' };
    world.state.preparations.personal_submitted = true;
    world.state.registration = state;
    moveTo(world.registration, state, patch);
  };
}

function offline(start: (world: World) => void) {
  return (world: World) => {
    start(world);
    world.state.sync = { ...world.state.sync, online: false, last_sync_at: Date.now() - 2 * 60 * MINUTE };
  };
}

const identity = (differs: ('nik' | 'birth_date')[], tries_left: number, locked_until: number | null = null) => ({
  identity: { at: Date.now() - MINUTE, differs, tries_left, locked_until },
});

const WARNINGS: Finding[] = [
  {
    kind: 'glare',
    severity: 'warn',
    measure: 0.06,
    areas: [{ x: 0.2, y: 0.34, width: 0.2, height: 0.2 }],
  },
  {
    kind: 'cut_edge',
    severity: 'warn',
    measure: 0.2,
    areas: [{ x: 0.68, y: 0.12, width: 0.3, height: 0.78 }],
  },
];
const REFUSALS: Finding[] = [
  { kind: 'blurred', severity: 'refuse', measure: 5.2, areas: [{ x: 0.15, y: 0.2, width: 0.48, height: 0.5 }] },
  { kind: 'sideways', severity: 'warn', measure: 90, areas: [] },
];

function draft(findings: Finding[], more: Partial<PhotoDraft> = {}) {
  return (world: World) => {
    at('profile_completed')(world);
    const sendable = findings.every((one) => one.severity === 'warn');
    world.registration.photo.draft = {
      width: 960,
      height: 640,
      preview: fakePhoto(),
      findings,
      suggested_turn: 'none',
      sendable,
      saved_at: Date.now() - MINUTE,
      in_vain: false,
      ...more,
    };
  };
}

function sent(state: RegistrationState, photo: Partial<SentPhoto>) {
  return (world: World) => {
    at(state)(world);
    world.registration.photo.sent = {
      document: '01970000-0000-7000-8000-000000000001',
      state: 'received',
      sent_bytes: 812_000,
      total_bytes: 812_000,
      refusal: null,
      note: null,
      at: Date.now() - 5 * MINUTE,
      from_phone: false,
      ...photo,
    };
  };
}

function phone(patch: Partial<PhoneCodeView>, locked_until: number | null = null) {
  return (world: World) => {
    at('phone_otp_sent', { phone: { ends_with: '7890', verified_at: null } })(world);
    const code = {
      ends_with: '7890',
      expires_at: Date.now() + 4 * MINUTE,
      resend_at: Date.now() + 40_000,
      resends_left: 4,
      tries_left: 3,
      sandbox_mailbox: 'http://127.0.0.1:8787/sandbox/mailbox',
      ...patch,
    };
    world.registration.phoneCode = { code, locked_until, confirmed: false };
  };
}

const CLEAN: EligibilityForm = {
  citizen: 'yes',
  birth_date: '2003-02-01',
  in_formal_education: 'no',
  employment: 'laid_off',
  position: 'none',
  was_recipient: 'no',
  family_card_full: 'no',
};

function eligibility(answers: EligibilityForm, scheme: '2020' | '2023' = '2023') {
  return (world: World) => {
    const rules = { scheme, asks_other_aid: scheme === '2020', max_age: scheme === '2020' ? null : 64 };
    world.registration.eligibility = fakeEligibility({ ...world.registration.eligibility, ...rules }, answers);
  };
}

function answered(excluding: boolean) {
  return (world: World) => {
    at('phone_verified')(world);
    const { declarations } = world.registration;
    declarations.questions = declarations.questions.map((row) => ({
      ...row,
      answer: row.excludes ? row.excludes[0] === (excluding && row.id === 'civil_servant') : true,
    }));
    declarations.consents = declarations.consents.map((row) => ({ ...row, given: true }));
    declarations.would_exclude = excluding ? ['civil_servant'] : [];
    declarations.saved_at = Date.now() - MINUTE;
  };
}

export const REGISTRATION_SCENARIOS: Record<string, (world: World) => void> = {
  'elig-2020': eligibility({}, '2020'),
  'elig-half': eligibility({ citizen: 'yes', birth_date: '2003-02-01' }),
  'elig-yes': eligibility(CLEAN),
  'elig-no': eligibility({ ...CLEAN, birth_date: '2010-05-20', in_formal_education: 'yes', position: 'civil_servant' }),
  'elig-unsure': eligibility({ ...CLEAN, was_recipient: 'unsure', family_card_full: 'unsure' }),
  'reg-guest': () => {},
  'reg-start': at('not_started'),
  'reg-offline': offline(at('not_started')),
  'reg-asked': at('nik_submitted'),
  'reg-mismatch': at('nik_mismatch', identity(['nik', 'birth_date'], 3)),
  'reg-locked': at('nik_mismatch', identity(['nik'], 0, Date.now() + 43 * MINUTE)),
  'reg-kk-full': at('kk_quota_full', identity([], 3)),
  'reg-recipient': at('nik_already_recipient', identity([], 3)),
  'reg-to-mismatch': (world) => {
    at('not_started')(world);
    world.registration.identityNext = 'nik_mismatch';
  },
  'reg-photo': at('profile_completed', identity([], 4)),
  'reg-photo-offline': offline(at('profile_completed')),
  'reg-photo-good': draft([]),
  'reg-photo-warn': draft(WARNINGS),
  'reg-photo-bad': draft(REFUSALS, { suggested_turn: 'right' }),
  'reg-photo-in-vain': (world) => {
    draft([], { in_vain: true })(world);
    const delivery = { state: 'needs_you', why: 'try_later', at: Date.now() - MINUTE } as const;
    deliver(world.registration, 'attach_photo', delivery);
  },
  'reg-photo-waiting': offline(sent('profile_completed', { state: 'waiting', sent_bytes: 0 })),
  'reg-photo-held': (world) => {
    sent('profile_completed', { state: 'held', sent_bytes: 0 })(world);
    world.state.metered = true;
  },
  'reg-photo-elsewhere': sent('profile_completed', { state: 'awaited_elsewhere', sent_bytes: 0, total_bytes: 0 }),
  'reg-photo-uploading': sent('profile_completed', { state: 'uploading', sent_bytes: 354_000 }),
  'reg-photo-received': sent('ktp_photo_submitted', { from_phone: true }),
  'reg-photo-rejected': sent('ktp_photo_rejected', {
    state: 'rejected',
    refusal: 'glare',
    note: 'Pantulan lampu menutupi angka NIK.',
  }),
  'reg-photo-again': sent('profile_completed', { state: 'attach_again', sent_bytes: 0 }),
  'reg-face': sent('ktp_photo_accepted', { state: 'accepted' }),
  'reg-face-offline': offline(at('ktp_photo_accepted')),
  'reg-face-failed': at('face_failed', { face: { at: Date.now() - MINUTE, tries_left: 2 } }),
  'reg-face-manual': at('manual_review', { face: { at: Date.now() - MINUTE, tries_left: 0 } }),
  'reg-phone': at('face_verified', { face: { at: Date.now() - MINUTE, tries_left: 2 } }),
  'reg-phone-sent': phone({}),
  'reg-phone-tried': phone({ tries_left: 0, resend_at: Date.now() - MINUTE }),
  'reg-phone-locked': phone({ tries_left: 0, resends_left: 0 }, Date.now() + 117 * MINUTE),
  'reg-phone-wait': (world) => {
    at('face_verified')(world);
    world.registration.phoneCode.locked_until = Date.now() + 117 * MINUTE;
  },
  'reg-declare': at('phone_verified', { phone: { ends_with: '7890', verified_at: Date.now() - MINUTE } }),
  'reg-declare-ready': answered(false),
  'reg-declare-offline': offline(answered(false)),
  'reg-declare-excluding': answered(true),
  'reg-ineligible': at('ineligible', { excluded: ['civil_servant'] }),
  'reg-test': at('test_available', { phone: { ends_with: '7890', verified_at: Date.now() - MINUTE } }),
  'reg-done': at('test_evaluated'),
  'reg-blocked': at('profile_completed', {
    blocked: { at: Date.now() - 3 * 60 * MINUTE, reason: 'false_data', note: null },
  }),
};
