// What the button at the end really does. It says "send" only when sending happens now.

import type { AppState, ProfileView } from '../../ipc/types';

export type Submission =
  /** A draft without an account: kept, but there is nobody to send it for. */
  | { kind: 'needs_account'; awaitingCode: boolean }
  /** Everything was confirmed already and nothing changed since. */
  | { kind: 'unchanged' }
  /** The person must decide between two versions first. */
  | { kind: 'conflict' }
  | { kind: 'send' }
  /** Saved now, sent by itself later: offline, central was not tried yet, or the session is over. */
  | { kind: 'save'; why: 'offline' | 'unknown' | 'sign_in' };

export function submissionOf(state: AppState, view: ProfileView): Submission {
  const { account, sync } = state;
  if (account.state === 'none') return { kind: 'needs_account', awaitingCode: false };
  if (account.state === 'awaiting_code') return { kind: 'needs_account', awaitingCode: true };
  if (view.conflict !== null) return { kind: 'conflict' };
  if (view.delivery !== null && !view.has_changes && view.delivery.state !== 'needs_you') return { kind: 'unchanged' };
  if (account.state === 'sign_in_needed') return { kind: 'save', why: 'sign_in' };
  if (sync.online === true) return { kind: 'send' };
  return { kind: 'save', why: sync.online === false ? 'offline' : 'unknown' };
}
