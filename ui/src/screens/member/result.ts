// Which result the screen shows, and what central said with it.

import type { ApplicationView, MembershipView, NoticeKind, NoticeRow, WavesView } from '../../ipc/types';

/** The newest application that was not accepted, also while another wave is waited for. */
export function newestNotAccepted(view: WavesView): ApplicationView | null {
  const all = [view.application, ...view.waves.map((row) => row.application)];
  const settled = all.filter((one) => one?.state === 'not_accepted').filter((one) => one !== null);
  return settled.sort((a, b) => (b.drawn?.published_at ?? 0) - (a.drawn?.published_at ?? 0))[0] ?? null;
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
