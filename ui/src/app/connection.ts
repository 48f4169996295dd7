// What the pill at the top says: am I online? The last check speaks while it is young; after that the sync's own tries do.

import type { IconName } from '../components';
import type { AppState, Verdict } from '../ipc/types';
import { short, t, type Key } from '../i18n';

export type Tone = 'done' | 'wait' | 'stop' | 'plain';

export interface Pill {
  tone: Tone;
  icon: IconName;
  words: string;
}

export const VERDICT_PILL: Record<Verdict, { tone: Tone; icon: IconName; words: Key }> = {
  stable: { tone: 'done', icon: 'wifi', words: 'frame.pill_stable' },
  usable: { tone: 'done', icon: 'wifi-slow', words: 'frame.pill_usable' },
  poor: { tone: 'wait', icon: 'wifi-slow', words: 'frame.pill_poor' },
  offline: { tone: 'wait', icon: 'wifi-off', words: 'frame.pill_offline' },
  name_not_found: { tone: 'wait', icon: 'wifi-off', words: 'frame.pill_offline' },
  server_unreachable: { tone: 'wait', icon: 'server', words: 'frame.pill_down' },
  portal: { tone: 'wait', icon: 'door', words: 'frame.pill_portal' },
  tls_blocked: { tone: 'stop', icon: 'shield-off', words: 'frame.pill_blocked' },
  clock_wrong: { tone: 'stop', icon: 'calendar', words: 'frame.pill_clock' },
  server_busy: { tone: 'wait', icon: 'server', words: 'frame.pill_busy' },
  server_down: { tone: 'wait', icon: 'server', words: 'frame.pill_down' },
  too_old: { tone: 'stop', icon: 'refresh', words: 'frame.pill_too_old' },
};

/** A verdict older than this says little about now. */
const YOUNG_MS = 10 * 60_000;

export function pillOf(state: AppState, now: number): Pill {
  const { sync, preparations } = state;
  const last = preparations.connection;
  const young = last !== null && now - last.at < YOUNG_MS;
  // A failed exchange with central is newer and stronger evidence than a good check.
  const good = last?.verdict === 'stable' || last?.verdict === 'usable';
  if (sync.online === false && (!young || good)) {
    const words = sync.last_sync_at
      ? t('frame.pill_offline_since', { time: short(sync.last_sync_at, now) })
      : t('frame.pill_offline');
    return { tone: 'wait', icon: 'wifi-off', words };
  }
  if (last && young) {
    const look = VERDICT_PILL[last.verdict];
    return { tone: look.tone, icon: look.icon, words: t(look.words as 'frame.pill_stable') };
  }
  if (sync.online === true) return { tone: 'done', icon: 'wifi', words: t('frame.pill_online') };
  return { tone: 'plain', icon: 'wifi', words: t('frame.pill_unknown') };
}
