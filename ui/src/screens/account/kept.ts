// What was typed into sign-up and sign-in while the window is open, so that a look at another screen costs nothing. In
// memory only, and never the password.

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

/** Signed in or out: the next person at this computer does not see it. */
export function forgetSignUp(): void {
  kept = NOTHING;
}
