// What has a date that this person must not miss, the nearest first.

import { href } from '../../app/router.svelte';
import { isMine } from '../waves/standing';
import type { MembershipView, WavesView } from '../../ipc/types';

export type Deadline = { kind: 'first_purchase' | 'wave'; at: number; wave: number; href: string };

export function deadlinesOf(waves: WavesView, membership: MembershipView | null, now: number): Deadline[] {
  const all: Deadline[] = [];
  if (membership?.awaits_first_purchase) {
    const { first_purchase_until: at, wave } = membership;
    all.push({ kind: 'first_purchase', at, wave, href: href('member') });
  }
  for (const row of waves.waves) {
    // It matters to who can still join, and to who has asked and is not counted yet.
    const asked = isMine(row) && row.application?.state === null;
    if (row.state !== 'open' || !(row.joinable || asked)) continue;
    all.push({ kind: 'wave', at: row.closes_at, wave: row.number, href: href('join', String(row.number)) });
  }
  return all.filter((one) => one.at > now).sort((a, b) => a.at - b.at);
}
