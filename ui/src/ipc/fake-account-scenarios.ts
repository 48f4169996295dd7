// Points of the way around an account: a code that is awaited, a lock, and leaving.

import { signedIn } from './fake-work';
import type { World } from './fake-world';
import type { CodePurpose, PendingCode } from './types';

export function pendingCode(email: string, more: Partial<PendingCode> = {}): PendingCode {
  return {
    purpose: 'account',
    by: 'mail',
    email,
    expires_at: Date.now() + 30 * 60_000,
    resend_at: Date.now() + 60_000,
    resends_left: 5,
    sandbox_mailbox: 'http://127.0.0.1:8787/sandbox/mailbox',
    ...more,
  };
}

function awaits(world: World, purpose: CodePurpose, more: Partial<PendingCode> = {}): void {
  world.pending = pendingCode('sari.wulandari@contoh.id', { purpose, ...more });
  world.state.account = { state: 'awaiting_code', email: world.pending.email, purpose };
}

export const ACCOUNT_SCENARIOS = {
  code: (world) => awaits(world, 'account'),
  'reset-code': (world) => awaits(world, 'password'),
  'reset-locked': (world) => {
    awaits(world, 'password', { resend_at: 0 });
    world.guesses = 0;
  },
  'reset-sms': (world) => {
    signedIn(world);
    world.pending = pendingCode('sari.wulandari@contoh.id', { purpose: 'password', by: 'sms' });
    world.state.account = { state: 'sign_in_needed', email: world.pending.email, first_name: 'Sari' };
  },
  'closing-asked': (world) => {
    signedIn(world);
    world.state.closing_asked = true;
  },
  copies: (world) => {
    world.copies = ['jefry@contoh.id'];
  },
} satisfies Record<string, (world: World) => void>;
