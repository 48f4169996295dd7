// What the fake answers about the account: sign-up, another password, sign-in, sessions, and the end of it all. The
// password `salah` is always the wrong one.

import type { Answers } from './fake-answers';
import { refusal, type Fake } from './fake';
import { pendingCode } from './fake-account-scenarios';
import { freshWorld } from './fake-world';
import type { FieldError, ResetForm, SignUpForm } from './types';

type Area =
  | 'suggest_email'
  | 'sign_up'
  | 'reset_password'
  | 'get_pending_code'
  | 'confirm_code'
  | 'resend_code'
  | 'abandon_sign_up'
  | 'sign_in'
  | 'sign_out'
  | 'list_sessions'
  | 'revoke_session'
  | 'close_account'
  | 'forget_account';

function errorsOf(form: Pick<ResetForm, 'email' | 'password' | 'password_confirmation'>): FieldError[] {
  const errors: FieldError[] = [];
  if (form.email.trim() === '') errors.push({ field: 'email', code: 'required' });
  else if (!/^\S+@\S+\.\S+$/.test(form.email.trim())) errors.push({ field: 'email', code: 'invalid_email' });
  const { password } = form;
  if (password === '') errors.push({ field: 'password', code: 'required' });
  else if (password.length < 9) {
    errors.push({ field: 'password', code: 'too_short', params: { min: 9, actual: password.length } });
  }
  if (password !== form.password_confirmation) errors.push({ field: 'password_confirmation', code: 'mismatch' });
  return errors;
}

function signUpErrors(form: SignUpForm): FieldError[] {
  const errors = errorsOf(form);
  if (!form.accept_terms) errors.push({ field: 'accept_terms', code: 'not_accepted' });
  if (!form.accept_privacy) errors.push({ field: 'accept_privacy', code: 'not_accepted' });
  return errors;
}

export function accountAnswers(fake: Fake): Pick<Answers, Area> {
  const world = () => fake.world;
  const state = () => fake.world.state;
  /** Whoever has to sign in again stays who they are while a code is awaited. */
  const isKnown = () => state().account.state === 'sign_in_needed';

  function refuseWrong(fields: FieldError[]): void {
    if (fields.length > 0) throw refusal('validation', { fields });
  }

  /** After too many wrong codes nothing is taken and nothing sent, for a day. */
  function refuseLocked(): void {
    if (world().guesses > 0) return;
    throw refusal('code_locked', { numbers: { attempts_left: 0 }, retry_after_ms: 86_400_000 });
  }

  /** Nothing of a person: personal data, what waits, the way to the card. */
  function forgetEverything(): void {
    const { state: fresh, ...blank } = freshWorld();
    const { check, copies, nextVerdict, pace, trainings } = world();
    Object.assign(world(), blank, { check, copies, nextVerdict, pace, trainings });
    const { connection } = state().preparations;
    const { online } = state().sync;
    Object.assign(state(), {
      account: fresh.account,
      closing_asked: fresh.closing_asked,
      preparations: { ...fresh.preparations, connection },
      sync: { ...fresh.sync, online },
      registration: fresh.registration,
      unread_notices: fresh.unread_notices,
      member: fresh.member,
    });
  }

  return {
    suggest_email: ({ email }) => (/@gmial\.com$/.test(email) ? email.replace('@gmial.com', '@gmail.com') : null),
    sign_up: ({ form }) => {
      refuseWrong(signUpErrors(form));
      const pending = pendingCode(form.email.trim());
      world().pending = pending;
      state().account = { state: 'awaiting_code', email: pending.email, purpose: 'account' };
      fake.emitState();
      return pending;
    },
    reset_password: ({ form }) => {
      refuseWrong(errorsOf(form));
      refuseLocked();
      const pending = pendingCode(form.email.trim(), { purpose: 'password', by: form.by });
      world().pending = pending;
      if (!isKnown()) state().account = { state: 'awaiting_code', email: pending.email, purpose: 'password' };
      fake.emitState();
      return pending;
    },
    get_pending_code: () => world().pending,
    confirm_code: ({ code }) => {
      refuseLocked();
      if (code.replace(/\D/g, '') !== world().code) {
        world().guesses -= 1;
        refuseLocked();
        throw refusal('wrong_code', { numbers: { attempts_left: world().guesses } });
      }
      const email = world().pending?.email ?? 'sari.wulandari@contoh.id';
      world().pending = null;
      state().account = { state: 'signed_in', email, first_name: null };
      state().preparations.account = true;
      state().sync.online = true;
      state().sync.last_sync_at = Date.now();
      return state();
    },
    resend_code: () => {
      const pending = world().pending;
      if (!pending) throw refusal('not_found');
      refuseLocked();
      const { email, purpose, by } = pending;
      const again = pendingCode(email, { purpose, by, resends_left: Math.max(0, pending.resends_left - 1) });
      world().pending = again;
      return again;
    },
    abandon_sign_up: () => {
      world().pending = null;
      if (!isKnown()) state().account = { state: 'none' };
      return state();
    },
    sign_in: ({ email, password }) => {
      if (password === 'salah') throw refusal('wrong_credentials');
      world().pending = null;
      state().account = { state: 'signed_in', email, first_name: 'Sari' };
      state().preparations.account = true;
      return state();
    },
    sign_out: ({ leaveUnsent }) => {
      if (state().sync.waiting > 0 && !leaveUnsent) {
        throw refusal('unsent_items', { numbers: { count: state().sync.waiting } });
      }
      const { account } = state();
      if ('email' in account) world().copies.push(account.email);
      state().account = { state: 'none' };
      state().closing_asked = false;
      state().preparations.account = false;
      return state();
    },
    list_sessions: () => world().sessions,
    revoke_session: ({ session }) => {
      world().sessions = world().sessions.filter((row) => row.session !== session);
      return world().sessions;
    },
    close_account: ({ password }) => {
      if (state().sync.online === false) throw refusal('offline');
      if (state().account.state !== 'signed_in') throw refusal('sign_in_needed');
      refuseWrong(password === '' ? [{ field: 'password', code: 'required' }] : []);
      if (password === 'salah') throw refusal('wrong_credentials');
      if (state().member) throw refusal('still_participant');
      const application = world().programme.waves.application?.state;
      if (application === 'joined_waiting_close' || application === 'processing') throw refusal('draw_under_way');
      forgetEverything();
      return state();
    },
    forget_account: ({ email }) => {
      if (email === '') throw refusal('validation', { fields: [{ field: 'email', code: 'required' }] });
      const { account } = state();
      const isShown = account.state !== 'none' && account.email === email;
      if (isShown && account.state === 'signed_in') throw refusal('still_signed_in');
      if (isShown && isKnown()) forgetEverything();
      else if (!world().copies.includes(email)) throw refusal('not_found');
      world().copies = world().copies.filter((one) => one !== email);
      return state();
    },
  };
}
