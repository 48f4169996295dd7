// Which screen a person may see, given where the app stands. Pure, so that every combination can be tested.

import type { AppState } from '../ipc/types';
import type { Route, Screen } from './router.svelte';

/** Readable whatever the state of the database. */
const ALWAYS: readonly Screen[] = ['settings', 'help'];

/** About one person's own application: there has to be an account. */
const OWN: readonly Screen[] = ['test', 'join', 'member', 'inbox', 'appeal'];

function to(screen: Screen): Route {
  return { screen, param: null };
}

/** Where the person belongs when no screen was asked for. */
export function startOf(state: AppState): Route {
  switch (state.account.state) {
    case 'none':
      return to('welcome');
    case 'awaiting_code':
      return to('code');
    default:
      return to('home');
  }
}

/** The route to show; `null` while the database is being opened. */
export function resolve(state: AppState, wanted: Route | null): Route | null {
  if (wanted && ALWAYS.includes(wanted.screen)) return wanted;
  switch (state.vault.state) {
    case 'opening':
      return null;
    case 'needs_passphrase':
      return to('vault-passphrase');
    case 'locked':
      return to('vault-locked');
    case 'broken':
      return to('vault-broken');
    case 'open':
      break;
  }
  const start = startOf(state);
  if (!wanted) return start;
  const account = state.account.state;
  const inside = account === 'signed_in' || account === 'sign_in_needed';
  if (OWN.includes(wanted.screen) && !inside) return start;
  switch (wanted.screen) {
    case 'vault-passphrase':
    case 'vault-locked':
    case 'vault-broken':
      return start;
    case 'home':
      return inside ? wanted : to('welcome');
    case 'registration':
    case 'identity':
    case 'photo':
    case 'face':
    case 'phone-code':
    case 'declarations':
    case 'close-account':
      return inside ? wanted : start;
    case 'welcome':
      return inside ? to('home') : wanted;
    case 'sign-up':
      return account === 'none' ? wanted : start;
    case 'code':
      // Whoever has to sign in again may be waiting for the code of another password.
      return account === 'none' ? to('sign-up') : account === 'signed_in' ? start : wanted;
    case 'sign-in':
    case 'reset':
      return account === 'signed_in' ? start : wanted;
    case 'sessions':
      return account === 'signed_in' ? wanted : to('sign-in');
    default:
      return wanted;
  }
}
