// One table from error codes to words and ways out. A code that is missing here does not compile.

import { countdown, say, short, t, type Key } from '../i18n';
import { toIpcError, type IpcError } from '../ipc/commands';
import type { ErrorCode } from '../ipc/types';
import { fieldSentence } from './field-errors';
import type { Problem } from './problem';
import { href, type Screen } from './router.svelte';

interface ErrorWords {
  /** notice: passes by itself; warning: the person can mend it; stop: it cannot go on like this. */
  severity: 'notice' | 'warning' | 'stop';
  title: Key;
  text: Key;
  action?: { screen: Screen; label: Key };
}

const CHECK = { screen: 'check', label: 'errors.action_check' } as const;
const SIGN_IN = { screen: 'sign-in', label: 'errors.action_sign_in' } as const;
const ACTIVITIES = { screen: 'activities', label: 'errors.action_activities' } as const;
const TRAININGS = { screen: 'trainings', label: 'errors.action_trainings' } as const;
const HELP = { screen: 'help', label: 'errors.action_help' } as const;
const REGISTRATION = { screen: 'registration', label: 'errors.action_registration' } as const;
const PROFILE = { screen: 'profile', label: 'errors.action_profile' } as const;
const WAVES = { screen: 'waves', label: 'errors.action_waves' } as const;
const MEMBER = { screen: 'member', label: 'errors.action_member' } as const;
const TEST = { screen: 'test', label: 'errors.action_test' } as const;
const SYNC = { screen: 'sync', label: 'errors.action_sync' } as const;

function words(code: ErrorCode, severity: ErrorWords['severity'], action?: ErrorWords['action']): ErrorWords {
  return { severity, title: `errors.${code}`, text: `errors.${code}_text`, action };
}

export const ERRORS: Record<ErrorCode, ErrorWords> = {
  validation: words('validation', 'warning'),
  offline: words('offline', 'notice', CHECK),
  not_our_server: words('not_our_server', 'warning', CHECK),
  tls_blocked: words('tls_blocked', 'stop', CHECK),
  clock_wrong: words('clock_wrong', 'stop', CHECK),
  busy: words('busy', 'notice'),
  rate_limited: words('rate_limited', 'notice'),
  too_old: words('too_old', 'stop', HELP),
  wrong_credentials: words('wrong_credentials', 'warning'),
  wrong_code: words('wrong_code', 'warning'),
  code_expired: words('code_expired', 'warning'),
  code_locked: words('code_locked', 'stop', HELP),
  sign_in_needed: words('sign_in_needed', 'warning', SIGN_IN),
  account_locked: words('account_locked', 'stop', HELP),
  unsent_items: words('unsent_items', 'warning', SYNC),
  not_found: words('not_found', 'warning', TRAININGS),
  already_enrolled: words('already_enrolled', 'notice', ACTIVITIES),
  seat_full: words('seat_full', 'warning', TRAININGS),
  enrolment_closed: words('enrolment_closed', 'warning', TRAININGS),
  needs_balance: words('needs_balance', 'warning', TRAININGS),
  not_cancellable: words('not_cancellable', 'notice', ACTIVITIES),
  bad_address: words('bad_address', 'warning'),
  vault_locked: words('vault_locked', 'stop'),
  wrong_passphrase: words('wrong_passphrase', 'warning'),
  vault_broken: words('vault_broken', 'stop'),
  vault_busy: words('vault_busy', 'warning'),
  disk_full: words('disk_full', 'stop'),
  disk_low: words('disk_low', 'warning'),
  step_refused: words('step_refused', 'warning', REGISTRATION),
  nik_taken: words('nik_taken', 'stop', HELP),
  profile_incomplete: words('profile_incomplete', 'warning', PROFILE),
  wave_not_open: words('wave_not_open', 'warning', WAVES),
  not_in_region: words('not_in_region', 'warning', WAVES),
  scheme_unfit: words('scheme_unfit', 'warning', WAVES),
  already_member: words('already_member', 'notice', MEMBER),
  party_unavailable: words('party_unavailable', 'notice'),
  test_over: words('test_over', 'notice', TEST),
  photo_unusable: words('photo_unusable', 'warning'),
  no_sealing_key: words('no_sealing_key', 'warning', CHECK),
  selection_failed: words('selection_failed', 'stop', WAVES),
  still_participant: words('still_participant', 'stop', MEMBER),
  draw_under_way: words('draw_under_way', 'warning', WAVES),
  still_signed_in: words('still_signed_in', 'warning'),
  closing_unknown: words('closing_unknown', 'warning'),
  internal: words('internal', 'stop'),
};

/** From here on a wait is told by day and hour. */
export const HOUR_MS = 3_600_000;

/** Reasons whose text says that what was typed is safe on this computer, and the same for a form that is not stored. */
const UNSAVED: Partial<Record<ErrorCode, Key>> = {
  offline: 'errors.offline_unsaved',
  not_our_server: 'errors.not_our_server_unsaved',
  tls_blocked: 'errors.tls_blocked_unsaved',
  clock_wrong: 'errors.clock_wrong_unsaved',
  busy: 'errors.busy_unsaved',
  rate_limited: 'errors.rate_limited_unsaved',
  too_old: 'errors.too_old_unsaved',
};

/**
 * Like `problemOf`, for sign-up, sign-in and the like: what is typed there is on the screen only, and never called safe.
 * `first` stands before the words of a request that central never took up.
 */
export function unsavedProblemOf(thrown: unknown, first?: Key): Problem {
  const problem = problemOf(thrown);
  const error = toIpcError(thrown);
  const text = UNSAVED[error.code];
  if (text === undefined) return problem;
  return { ...problem, text: withWait(first === undefined ? say(text) : `${say(first)} ${say(text)}`, error) };
}

/** When to try again: counted down, or by day and hour when that is long. Nobody watches a clock for hours. */
export function againWords(at: number, now: number): string {
  const wait = at - now;
  return wait < HOUR_MS
    ? t('errors.wait', { time: countdown(wait) })
    : t('errors.wait_until', { time: short(at, now) });
}

/** The text and, when it is known, how long to wait. */
export function withWait(text: string, { retryAfterMs }: IpcError): string {
  if (retryAfterMs === null) return text;
  const now = Date.now();
  return `${text} ${againWords(now + retryAfterMs, now)}`;
}

function withNumbers(text: string, { code, numbers }: IpcError): string {
  const { attempts_left, free_mb, needed_mb } = numbers;
  if (code === 'wrong_code' && attempts_left !== undefined) return t('errors.wrong_code_left', { attempts_left });
  if (code === 'disk_low' && free_mb !== undefined && needed_mb !== undefined) {
    return t('errors.disk_low_numbers', { free_mb, needed_mb });
  }
  return text;
}

/** No other code is sent for a while. Nothing was typed wrong: the code that was sent last may still be right. */
const SEND_LOCK: ErrorWords = {
  severity: 'warning',
  title: 'errors.code_send_locked',
  text: 'errors.code_send_locked_text',
};

/** A lock with a count of tries is about guesses, whatever was asked for. */
export function isGuessLock({ code, numbers }: IpcError): boolean {
  return code === 'code_locked' && numbers.attempts_left !== undefined;
}

/** Turns what a command threw into what an error summary shows. `controls` gives ids that differ from the field's name. */
export function problemOf(thrown: unknown, controls: Record<string, string> = {}): Problem {
  const error = toIpcError(thrown);
  const isSendLock = error.code === 'code_locked' && !isGuessLock(error);
  const entry = isSendLock ? SEND_LOCK : (ERRORS[error.code] ?? ERRORS.internal);
  const fields = new Map<string, string>();
  for (const one of error.fields) {
    const id = controls[one.field] ?? one.field;
    if (!fields.has(id)) fields.set(id, fieldSentence(one));
  }
  return {
    title: say(entry.title),
    text: withWait(withNumbers(say(entry.text), error), error),
    fields: [...fields].map(([id, text]) => ({ id, text })),
    action: entry.action && { href: href(entry.action.screen), label: say(entry.action.label) },
    reference: entry.severity === 'stop' && error.reference !== '' ? error.reference : undefined,
  };
}
