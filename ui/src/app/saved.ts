// What the box at the foot of the rail says: is my work safe, is it sent?

import type { IconName } from '../components';
import { short, t, time } from '../i18n';
import type { SyncSummary } from '../ipc/types';

export interface SavedWords {
  tone: 'done' | 'wait' | 'stop' | 'note';
  icon: IconName;
  title: string;
  text: string;
}

export function savedWords(sync: SyncSummary, now: number): SavedWords {
  switch (sync.status) {
    case 'idle':
      return { tone: 'done', icon: 'disk', title: t('frame.saved_idle'), text: t('frame.saved_idle_text') };
    case 'all_sent':
      return {
        tone: 'done',
        icon: 'check',
        title: t('frame.saved_all_sent'),
        text: sync.last_sync_at
          ? t('frame.saved_all_sent_text', { time: short(sync.last_sync_at, now) })
          : t('frame.saved_idle_text'),
      };
    case 'waiting':
      return {
        tone: 'wait',
        icon: 'clock',
        title: t('frame.saved_waiting', { count: sync.waiting }),
        text: t('frame.saved_waiting_text'),
      };
    case 'sending':
      return {
        tone: 'note',
        icon: 'sync',
        title: t('frame.saved_sending'),
        text: t('frame.saved_sending_text', { count: sync.waiting }),
      };
    case 'needs_you':
      return {
        tone: 'stop',
        icon: 'alert',
        title: t('frame.saved_needs_you', { count: sync.needs_you }),
        text: t('frame.saved_needs_you_text'),
      };
    case 'busy':
      return {
        tone: 'wait',
        icon: 'server',
        title: t('frame.saved_busy'),
        text: sync.next_try_at
          ? t('frame.saved_busy_text', { time: time(sync.next_try_at) })
          : t('frame.saved_busy_text_soon'),
      };
    case 'blocked':
      return { tone: 'stop', icon: 'alert', title: t('frame.saved_blocked'), text: t('frame.saved_blocked_text') };
  }
}
