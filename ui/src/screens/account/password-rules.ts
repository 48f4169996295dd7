// The rules for a new password, for the list that ticks itself off while one types. The authority is Rust
// (`prakerja_domain::password`), which checks again; a test keeps the two examples in step.

import type { Key } from '../../i18n';

export const MIN_CHARS = 9;

export interface Rule {
  name: 'length' | 'lower' | 'upper' | 'digit' | 'email';
  words: Key;
  met: boolean;
}

export function passwordRules(password: string, email: string): Rule[] {
  const local = (email.split('@')[0] ?? '').trim().toLowerCase();
  const repeats = local.length >= 4 && password.toLowerCase().includes(local);
  return [
    { name: 'length', words: 'account.rule_length', met: [...password].length >= MIN_CHARS },
    { name: 'lower', words: 'account.rule_lower', met: /\p{Lowercase}/u.test(password) },
    { name: 'upper', words: 'account.rule_upper', met: /\p{Uppercase}/u.test(password) },
    { name: 'digit', words: 'account.rule_digit', met: /[0-9]/.test(password) },
    { name: 'email', words: 'account.rule_email', met: password !== '' && !repeats },
  ];
}
