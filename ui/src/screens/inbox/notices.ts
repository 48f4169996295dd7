// What belongs to each thing that can happen: how it looks, where it leads, and the facts that came with it. The
// sentences are in the dictionaries, one for every kind.

import type { IconName } from '../../components';
import { deadlineIn, money, t } from '../../i18n';
import type { NoticeKind, NoticeRow } from '../../ipc/types';

export type Tone = 'done' | 'wait' | 'stop' | 'note';
export type Place = 'registration' | 'test' | 'waves' | 'join' | 'selection' | 'member' | 'appeal';

export interface Look {
  tone: Tone;
  icon: IconName;
  /** Where the news leads. */
  to?: Place;
}

const done = (to?: Place, icon: IconName = 'check'): Look => ({ tone: 'done', icon, to });
const note = (to?: Place, icon: IconName = 'info'): Look => ({ tone: 'note', icon, to });
const wait = (to?: Place, icon: IconName = 'warning'): Look => ({ tone: 'wait', icon, to });
const stop = (to?: Place): Look => ({ tone: 'stop', icon: 'alert', to });

export const LOOKS: Record<NoticeKind, Look> = {
  identity_submitted: note('registration', 'clock'),
  identity_matched: done('registration'),
  identity_mismatch: wait('registration'),
  kk_quota_full: stop('registration'),
  already_recipient: stop('registration'),
  photo_received: note('registration'),
  photo_accepted: done('registration'),
  photo_rejected: wait('registration'),
  face_verified: done('registration'),
  face_failed: wait('registration'),
  face_manual_review: note('registration', 'clock'),
  phone_verified: done('registration'),
  declarations_received: done('registration'),
  ineligible: stop('registration'),
  test_started: note('test', 'clock'),
  test_submitted: note('test'),
  test_passed: done('waves'),
  test_not_passed: wait('test'),
  test_voided: wait('test', 'refresh'),
  identity_reopened: wait('registration', 'refresh'),
  declarations_reopened: wait('registration', 'refresh'),
  test_reopened: wait('test', 'refresh'),
  joined_wave: done('join'),
  selection_began: note('selection', 'shield'),
  selection_voided: stop('selection'),
  left_off_blocked: stop('appeal'),
  left_off_excluded: stop('member'),
  left_off_recipient: note('member'),
  wave_opened: note('join', 'calendar'),
  accepted: done('member', 'star'),
  not_accepted: note('member', 'refresh'),
  balance_credited: done('member', 'card'),
  balance_withdrawn: wait('member', 'card'),
  first_purchase_due: wait('member', 'clock'),
  first_purchase_recorded: done('member'),
  membership_suspended: wait('member'),
  membership_resumed: done('member'),
  membership_revoked: stop('member'),
  blocked: stop('appeal'),
  unblocked: done('registration'),
  appeal_received: note('appeal', 'clock'),
  appeal_answered: note('appeal', 'mail'),
  other: note(),
};

/** The look of a notice, also of one that a newer app wrote into the same database. */
export function lookOf(what: NoticeKind): Look {
  return LOOKS[what] ?? LOOKS.other;
}

/** The place with its wave, where the place is about one wave. */
export function target(row: NoticeRow): { screen: Place; param?: string } | null {
  const { to } = lookOf(row.what);
  if (to === undefined) return null;
  if (to !== 'join' && to !== 'selection') return { screen: to };
  const { wave } = row.numbers;
  return wave === undefined ? { screen: 'waves' } : { screen: to, param: String(wave) };
}

/** `Gelombang 72 · Urutan ke-1.234 dari 5.678`: the numbers that came with it, in words. */
export function facts({ numbers }: NoticeRow): string[] {
  const { wave, position, of, amount_idr, days, first_purchase_until: missed } = numbers;
  const all: string[] = [];
  if (wave !== undefined) all.push(t('inbox.wave', { wave: String(wave) }));
  if (position !== undefined && of !== undefined) all.push(t('inbox.place', { position, of }));
  if (amount_idr !== undefined) all.push(t('inbox.amount', { amount: money(amount_idr) }));
  if (days !== undefined) all.push(days === 0 ? t('inbox.days_none') : t('inbox.days', { days }));
  if (missed !== undefined) all.push(t('inbox.missed', { until: deadlineIn(missed, 'WIB') }));
  return all;
}

/** Notices by the day on which they happened, newest first. */
export function byDay(rows: readonly NoticeRow[]): { day: string; rows: NoticeRow[] }[] {
  const days: { day: string; rows: NoticeRow[] }[] = [];
  for (const row of [...rows].sort((a, b) => b.at - a.at)) {
    const day = new Date(row.at).toDateString();
    const last = days.at(-1);
    if (last?.day === day) last.rows.push(row);
    else days.push({ day, rows: [row] });
  }
  return days;
}
