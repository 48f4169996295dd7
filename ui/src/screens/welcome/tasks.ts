// The three preparations as a task list: how each stands, and which one comes next. Pure.

import type { AppState } from '../../ipc/types';
import { short, t } from '../../i18n';
import type { IconName } from '../../components';
import type { Screen } from '../../app/router.svelte';

export type TaskName = 'connection' | 'account' | 'personal';

export interface Task {
  name: TaskName;
  done: boolean;
  tone: 'done' | 'wait' | 'note' | 'plain';
  icon: IconName | undefined;
  status: string;
  to: Screen;
}

function connection(state: AppState, now: number): Task {
  const last = state.preparations.connection;
  const base = { name: 'connection', to: 'check' } as const;
  if (!last) return { ...base, done: false, tone: 'plain', icon: undefined, status: t('welcome.status_todo') };
  const good = last.verdict === 'stable' || last.verdict === 'usable';
  if (!good) return { ...base, done: false, tone: 'wait', icon: 'refresh', status: t('welcome.status_attention') };
  const status = t('welcome.status_checked', { time: short(last.at, now) });
  return { ...base, done: true, tone: 'done', icon: 'check', status };
}

function account(state: AppState): Task {
  const base = { name: 'account' } as const;
  if (state.preparations.account) {
    return { ...base, to: 'settings', done: true, tone: 'done', icon: 'check', status: t('welcome.status_done') };
  }
  if (state.account.state === 'awaiting_code') {
    const status = t('welcome.status_waiting_code');
    return { ...base, to: 'code', done: false, tone: 'wait', icon: 'mail', status };
  }
  return { ...base, to: 'sign-up', done: false, tone: 'plain', icon: undefined, status: t('welcome.status_todo') };
}

function personal(state: AppState): Task {
  const { personal_filled: filled, personal_total: total, personal_submitted: submitted } = state.preparations;
  const base = { name: 'personal', to: 'profile' } as const;
  if (submitted) return { ...base, done: true, tone: 'done', icon: 'check', status: t('welcome.status_done') };
  if (filled === 0) return { ...base, done: false, tone: 'plain', icon: undefined, status: t('welcome.status_todo') };
  if (filled >= total)
    return { ...base, done: false, tone: 'note', icon: 'pencil', status: t('welcome.status_filled') };
  const status = t('welcome.status_partial', { filled, total });
  return { ...base, done: false, tone: 'note', icon: 'pencil', status };
}

export function tasksOf(state: AppState, now: number): [Task, Task, Task] {
  return [connection(state, now), account(state), personal(state)];
}

/** What to do next. With a bad connection the personal data comes first: it needs no internet. */
export function nextTask(state: AppState, now: number): TaskName {
  const [line, who, data] = tasksOf(state, now);
  const verdict = state.preparations.connection?.verdict;
  if (who.done) return 'personal';
  if (state.account.state === 'awaiting_code') return 'account';
  if (line.done) return 'account';
  if (verdict !== undefined && !data.done) return 'personal';
  return 'connection';
}
