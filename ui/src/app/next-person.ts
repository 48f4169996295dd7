// What the window holds of one person beyond a screen. Whoever holds such a thing says here how it is forgotten: the next
// person at this computer does not see it.

import type { AccountView } from '../ipc/types';

const forgetting = new Set<() => void>();

/** Called when somebody else sits down. */
export function forEachPerson(forget: () => void): void {
  forgetting.add(forget);
}

export function forgetPerson(): void {
  forgetting.forEach((forget) => forget());
}

function insider(account: AccountView): string | null {
  return account.state === 'signed_in' || account.state === 'sign_in_needed' ? account.email : null;
}

/** Somebody signed in or out. Who ends a sign-up with its code is the one who typed before it; a reset may be another's. */
export function isNextPerson(before: AccountView, now: AccountView): boolean {
  if (before.state === 'awaiting_code' && before.purpose === 'account' && insider(now) === before.email) return false;
  return insider(before) !== insider(now);
}
