// What was typed into sign-up, sign-in and the form for another password while the window is open, so that a look at
// another screen costs nothing. In memory only, and never a password.

import { forEachPerson } from '../../app/next-person';

interface Kept {
  email: string;
  accept_terms: boolean;
  accept_privacy: boolean;
}

const NOTHING: Kept = { email: '', accept_terms: false, accept_privacy: false };
let kept: Kept = NOTHING;

export function keptSignUp(): Kept {
  return kept;
}

export function keepSignUp(patch: Partial<Kept>): void {
  kept = { ...kept, ...patch };
}

/** There is an account now: the form is done. */
export function forgetSignUp(): void {
  kept = NOTHING;
}

forEachPerson(forgetSignUp);
