// Words that the list and the detail share.

import { days, deadline, jakarta, number, t } from '../../i18n';
import type { Method, ScheduleRow, TrainingRow } from '../../ipc/types';
import type { IconName } from '../../components';
import { spanUntil } from './deadline';

export const METHOD_ICONS: Record<Method, IconName> = { self_paced: 'laptop', webinar: 'video', in_person: 'pin' };

/** `4,7 (1.204)`; nothing before the first rating. */
export function rating(row: TrainingRow): string | null {
  if (row.rating_x10 === null || row.ratings === 0) return null;
  const value = number(row.rating_x10 / 10, 1);
  return t('trainings.rating_short', { rating: value, count: row.ratings });
}

/** `7–11 Desember 2026`, or one day. */
export function dates(run: Pick<ScheduleRow, 'starts_on' | 'ends_on'>): string {
  return days(run.starts_on, run.ends_on);
}

/** `Pendaftaran tutup Jumat, 27 November 2026, 23.59 WIB, 4 hari lagi`; the hour in Jakarta where this clock differs. */
export function closing(run: Pick<ScheduleRow, 'closes_at' | 'closed'>, now: number): string {
  const span = run.closed ? null : spanUntil(run.closes_at, now);
  if (span === null) return t('trainings.schedule_closed');
  const wib = jakarta(run.closes_at);
  const at = deadline(run.closes_at) + (wib === null ? '' : ` (${wib})`);
  return `${t('trainings.schedule_closes', { at })}, ${t(`trainings.schedule_in_${span.unit}`, { count: span.count })}`;
}

/** `Batam`, or `Daring lewat webinar`. */
export function place(run: Pick<ScheduleRow, 'city' | 'address'>): string {
  if (run.city === null) return t('trainings.schedule_online');
  return run.address === null ? run.city : `${run.address}, ${run.city}`;
}
