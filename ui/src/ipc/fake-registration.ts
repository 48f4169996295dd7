// What the fake answers from the eligibility check to the declarations. It holds the conversation together; what may
// happen when is decided in Rust.

import type { Answers } from './fake-answers';
import { refusal, type Fake } from './fake';
import { fakeEligibility, openQuestions } from './fake-eligibility';
import { fakePhoto, fakeQr } from './fake-pictures';
import { fakeRegionPath, searchFakeRegions } from './fake-regions';
import { deliver, moveTo } from './fake-registration-world';
import type { CommandWhat, Delivery, ProfileView, RegistrationView, SentPhoto, Step } from './types';

type Mine = Pick<
  Answers,
  | 'get_eligibility'
  | 'check_eligibility'
  | 'search_regions'
  | 'get_region'
  | 'get_registration'
  | 'submit_identity'
  | 'get_phone_code'
  | 'send_phone_code'
  | 'confirm_phone_code'
  | 'start_face_check'
  | 'open_link'
  | 'get_declarations'
  | 'save_declaration'
  | 'save_consent'
  | 'submit_declarations'
  | 'get_photo'
  | 'examine_photo'
  | 'turn_photo'
  | 'discard_photo'
  | 'send_photo'
  | 'send_photo_now'
  | 'start_handover'
>;

const MINUTE = 60_000;

/** `confirmProfile` puts the personal data that was typed on its way. */
export function registrationAnswers(fake: Fake, confirmProfile: () => ProfileView): Mine {
  const reg = () => fake.world.registration;
  const online = () => fake.world.state.sync.online !== false;

  /** At once in tests, after a moment for who looks. */
  function later(ms: number, run: () => void): void {
    if (fake.world.pace === 0) queueMicrotask(run);
    else setTimeout(run, ms);
  }

  function tell(): void {
    fake.world.state.registration = reg().view.state;
    fake.emitChanged('registration');
  }

  function needsConnection(): void {
    if (!online()) throw refusal('offline');
  }

  const digitsOf = (typed = '') => typed.replace(/\D/gu, '');
  /** True for the end of the number that is shown. */
  const endOf = (end: string) => digitsOf(fake.world.profile.values.phone).endsWith(end);

  function locked(until: number, numbers: Record<string, number> = {}): unknown {
    reg().phoneCode.locked_until = until;
    return refusal('code_locked', { numbers, retry_after_ms: Math.max(0, until - Date.now()) });
  }

  /** Something that the person did and that waits or is on its way. */
  function hand(step: Step, what: CommandWhat, received: () => void): Delivery {
    const delivery: Delivery = { state: online() ? 'sending' : 'waiting', at: Date.now() };
    deliver(reg(), step, delivery);
    if (online()) {
      later(1200, received);
    } else {
      const command = crypto.randomUUID();
      fake.world.waiting.push({ command, what, delivery, cancellable: true, attempts: 0 });
    }
    return delivery;
  }

  function upload(sent: SentPhoto): void {
    const step = Math.ceil(sent.total_bytes / 8);
    sent.sent_bytes = Math.min(sent.total_bytes, sent.sent_bytes + step);
    sent.state = sent.sent_bytes === sent.total_bytes ? 'received' : 'uploading';
    if (sent.state === 'received' && reg().view.state === 'profile_completed') moveTo(reg(), 'ktp_photo_submitted');
    fake.emitChanged('photo');
    tell();
    if (sent.state === 'uploading') later(500, () => upload(sent));
  }

  return {
    get_eligibility: () => reg().eligibility,
    check_eligibility: ({ answers }) => {
      reg().eligibility = fakeEligibility(reg().eligibility, answers);
      if (reg().eligibility.result === null) throw refusal('validation', { fields: openQuestions(reg().eligibility) });
      return reg().eligibility;
    },
    search_regions: ({ level, within, text }) => searchFakeRegions(level, within, text),
    get_region: ({ code }) => fakeRegionPath(code),
    get_registration: () => reg().view,
    submit_identity: () => {
      if (fake.world.profile.has_changes) confirmProfile();
      hand('submit_identity', { kind: 'identity' }, () => {
        moveTo(reg(), 'nik_submitted');
        tell();
        later(3000, () => {
          const next = reg().identityNext;
          const tries_left = Math.max(0, (reg().view.identity?.tries_left ?? 5) - 1);
          const differs = next === 'nik_mismatch' ? (['nik', 'birth_date'] as const) : [];
          moveTo(reg(), next, {
            identity: { at: Date.now(), differs: [...differs], tries_left, locked_until: null },
          });
          tell();
        });
      });
      return reg().view;
    },
    get_phone_code: () => {
      const { code, locked_until, confirmed } = reg().phoneCode;
      return { code: code && endOf(code.ends_with) ? code : null, locked_until, confirmed };
    },
    send_phone_code: () => {
      needsConnection();
      if (fake.world.profile.has_changes) confirmProfile();
      const { code: before, locked_until } = reg().phoneCode;
      const same = before !== null && endOf(before.ends_with);
      const now = Date.now();
      if (locked_until !== null && locked_until > now) throw locked(locked_until);
      if (same && before.resend_at > now) throw refusal('rate_limited', { retry_after_ms: before.resend_at - now });
      if (same && before.resends_left === 0) throw locked(now + 120 * MINUTE);
      const code = {
        ends_with: digitsOf(fake.world.profile.values.phone).slice(-4),
        expires_at: now + 5 * MINUTE,
        resend_at: now + MINUTE,
        resends_left: (before?.resends_left ?? 6) - 1,
        tries_left: 3,
        sandbox_mailbox: 'http://127.0.0.1:8787/sandbox/mailbox',
      };
      reg().phoneCode = { code, locked_until: null, confirmed: false };
      moveTo(reg(), 'phone_otp_sent', { phone: { ends_with: code.ends_with, verified_at: null } });
      tell();
      return reg().phoneCode;
    },
    confirm_phone_code: ({ code: typed }): RegistrationView => {
      needsConnection();
      const { code } = reg().phoneCode;
      if (!code || code.expires_at <= Date.now()) throw refusal('code_expired');
      // As central: the wait after too many wrong ones is the one for another code.
      if (code.tries_left === 0) throw locked(code.resend_at, { attempts_left: 0 });
      if (typed !== fake.world.code) {
        code.tries_left -= 1;
        throw refusal('wrong_code', { numbers: { attempts_left: code.tries_left } });
      }
      reg().phoneCode = { code: null, locked_until: null, confirmed: false };
      moveTo(reg(), 'phone_verified', { phone: { ends_with: code.ends_with, verified_at: Date.now() } });
      tell();
      return reg().view;
    },
    start_face_check: () => {
      needsConnection();
      reg().face = {
        url: 'https://wajah.contoh.id/s/4f8k-2m1c',
        qr_svg: fakeQr(),
        expires_at: Date.now() + 15 * MINUTE,
        provider: 'Verifikasi Wajah Contoh',
        sandbox: true,
      };
      moveTo(reg(), 'face_pending', { face: { at: Date.now(), tries_left: reg().view.face?.tries_left ?? 3 } });
      tell();
      return reg().face!;
    },
    open_link: () => null,
    get_declarations: () => reg().declarations,
    save_declaration: ({ id, answer }) => {
      const { declarations } = reg();
      declarations.questions = declarations.questions.map((row) => (row.id === id ? { ...row, answer } : row));
      declarations.saved_at = Date.now();
      declarations.would_exclude = declarations.questions.flatMap((row) =>
        row.excludes && row.answer === row.excludes[0] ? [row.excludes[1]] : [],
      );
      return declarations;
    },
    save_consent: ({ id, given }) => {
      const { declarations } = reg();
      declarations.consents = declarations.consents.map((row) => (row.id === id ? { ...row, given } : row));
      declarations.saved_at = Date.now();
      return declarations;
    },
    submit_declarations: () => {
      const { declarations } = reg();
      declarations.delivery = hand('declare', { kind: 'declarations' }, () => {
        declarations.delivery = { state: 'received', at: Date.now(), receipt: 'PK-7Q4M-31' };
        declarations.open = false;
        const excluded = declarations.would_exclude;
        if (excluded.length > 0) moveTo(reg(), 'ineligible', { excluded });
        else if (reg().view.state === 'phone_verified') moveTo(reg(), 'test_available');
        tell();
      });
      return declarations;
    },
    get_photo: () => reg().photo,
    examine_photo: () => {
      const findings = reg().findingsNext;
      reg().photo.draft = {
        width: 960,
        height: 640,
        preview: fakePhoto(),
        findings,
        suggested_turn: findings.some((one) => one.kind === 'sideways') ? 'right' : 'none',
        sendable: findings.every((one) => one.severity === 'warn'),
        saved_at: Date.now(),
        in_vain: false,
      };
      return reg().photo;
    },
    turn_photo: () => {
      const { draft } = reg().photo;
      if (draft) {
        draft.suggested_turn = 'none';
        draft.findings = draft.findings.filter((one) => one.kind !== 'sideways');
      }
      return reg().photo;
    },
    discard_photo: () => {
      reg().photo.draft = null;
      return reg().photo;
    },
    send_photo_now: () => {
      const { sent } = reg().photo;
      if (sent?.state === 'held') {
        sent.state = 'uploading';
        if (online()) later(600, () => upload(sent));
      }
      return reg().photo;
    },
    send_photo: () => {
      const sent: SentPhoto = {
        document: crypto.randomUUID(),
        state: 'waiting',
        sent_bytes: 0,
        total_bytes: 812_000,
        refusal: null,
        note: null,
        at: Date.now(),
        from_phone: false,
      };
      reg().photo = { draft: null, sent };
      reg().view.steps = reg().view.steps.map((one) =>
        one.step === 'attach_photo' ? { ...one, delivery: null } : one,
      );
      if (online()) later(600, () => upload(sent));
      return reg().photo;
    },
    start_handover: () => {
      needsConnection();
      reg().handover = {
        url: 'https://pusat.contoh.id/f/8KQ2-MX4T',
        qr_svg: fakeQr(),
        expires_at: Date.now() + 15 * MINUTE,
      };
      return reg().handover!;
    },
  };
}
