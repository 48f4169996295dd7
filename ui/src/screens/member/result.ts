// Which result the screen shows, and what central said with it.

import type { ApplicationView, MembershipView, NoticeKind, NoticeRow, WavesView } from '../../ipc/types';
import { type ApplicationWord, applicationWord } from '../waves/standing';

const OVER: readonly ApplicationWord[] = ['left_off', 'not_accepted'];

/** The newest application that was not accepted or is not on its list, also while another wave is waited for. */
export function newestNotAccepted(view: WavesView): ApplicationView | null {
  const all = [view.application, ...view.waves.map((row) => row.application)];
  const over = all.filter((one) => one !== null).filter((one) => OVER.includes(applicationWord(one)));
  // Whoever is not on a list has no result: its wave's close says how new that is.
  const closed = (one: ApplicationView) => view.waves.find((row) => row.number === one.wave)?.closes_at ?? 0;
  const at = (one: ApplicationView) => one.drawn?.published_at ?? closed(one);
  return over.sort((a, b) => at(b) - at(a))[0] ?? null;
}

const SAID: Partial<Record<MembershipView['state'], NoticeKind>> = {
  suspended: 'membership_suspended',
  revoked: 'membership_revoked',
};

/** The notice of what holds or ended a membership; `null` when nothing does. */
export function saidOf(member: MembershipView | null, notices: readonly NoticeRow[]): NoticeRow | null {
  const what = member === null ? undefined : SAID[member.state];
  return notices.find((one) => one.what === what) ?? null;
}
