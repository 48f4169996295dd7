// How a verdict looks: tone, icon and the keys of its words. One row for each, or it does not compile.

import type { IconName } from '../../components';
import type { Verdict } from '../../ipc/types';

export interface Look {
  tone: 'done' | 'wait' | 'stop';
  icon: IconName;
  title: `check.${Verdict}`;
  text: `check.${Verdict}_text`;
}

function look<V extends Verdict>(verdict: V, tone: Look['tone'], icon: IconName): Look {
  return { tone, icon, title: `check.${verdict}`, text: `check.${verdict}_text` };
}

export const LOOKS: Record<Verdict, Look> = {
  stable: look('stable', 'done', 'wifi'),
  usable: look('usable', 'done', 'wifi-slow'),
  poor: look('poor', 'wait', 'wifi-slow'),
  offline: look('offline', 'wait', 'wifi-off'),
  name_not_found: look('name_not_found', 'wait', 'globe'),
  server_unreachable: look('server_unreachable', 'wait', 'server'),
  portal: look('portal', 'wait', 'door'),
  tls_blocked: look('tls_blocked', 'stop', 'shield-off'),
  clock_wrong: look('clock_wrong', 'stop', 'calendar'),
  server_busy: look('server_busy', 'wait', 'server'),
  server_down: look('server_down', 'wait', 'server'),
  too_old: look('too_old', 'stop', 'refresh'),
};
