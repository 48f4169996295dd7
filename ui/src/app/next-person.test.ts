import { beforeEach, expect, it } from 'vitest';
import type { AccountView, CodePurpose, VaultView } from '../ipc/types';
import { freshWorld } from '../ipc/fake-world';
import { draft } from '../screens/appeal/draft.svelte';
import { keepSignUp, keptSignUp } from '../screens/account/kept';
import { app } from './state.svelte';

const none: AccountView = { state: 'none' };
const waits = (email: string, purpose: CodePurpose = 'account'): AccountView => ({
  state: 'awaiting_code',
  email,
  purpose,
});
const inside = (email: string): AccountView => ({ state: 'signed_in', email, first_name: null });
const rests = (email: string): AccountView => ({ state: 'sign_in_needed', email, first_name: null });

function tell(account: AccountView, vault: VaultView = { state: 'open', by: 'keyring' }): void {
  app.take({ ...freshWorld().state, account, vault });
}

beforeEach(() => app.forget());

it.each<[string, AccountView, AccountView, boolean]>([
  ['leaves', inside('sari@contoh.id'), none, true],
  ['leaves a session that rests', rests('sari@contoh.id'), none, true],
  ['gives way to another', rests('sari@contoh.id'), inside('jefry@contoh.id'), true],
  ['signs in where somebody else may have typed', none, inside('sari@contoh.id'), true],
  ['has to sign in again', inside('sari@contoh.id'), rests('sari@contoh.id'), false],
  ['is back', rests('sari@contoh.id'), inside('sari@contoh.id'), false],
  ['signs up', none, waits('sari@contoh.id'), false],
  ['takes another address for the sign-up', waits('sari@contoh.id'), none, false],
  ['ends the sign-up', waits('sari@contoh.id'), inside('sari@contoh.id'), false],
  ['ends the sign-up of somebody else', waits('sari@contoh.id'), inside('jefry@contoh.id'), true],
  ['asks for another password', none, waits('sari@contoh.id', 'password'), false],
  ['has another password', waits('sari@contoh.id', 'password'), inside('sari@contoh.id'), true],
])('a person who %s: what was typed is forgotten or stays', (_who, before, now, forgotten) => {
  tell(before);
  draft.text = 'Nomor itu milik ibu saya.';
  keepSignUp({ email: 'sari@contoh.id' });
  tell(now);
  const expected = forgotten ? ['', ''] : ['Nomor itu milik ibu saya.', 'sari@contoh.id'];
  expect([draft.text, keptSignUp().email]).toEqual(expected);
});

it('a database that is closed for a while is nobody else', () => {
  tell(inside('sari@contoh.id'));
  draft.text = 'Ini keliru.';
  tell(none, { state: 'locked' } as VaultView);
  tell(inside('sari@contoh.id'));
  expect(draft.text).toBe('Ini keliru.');
  tell(none, { state: 'locked' } as VaultView);
  tell(inside('jefry@contoh.id'));
  expect(draft.text).toBe('');
});
