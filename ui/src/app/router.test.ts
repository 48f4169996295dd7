import { describe, expect, it } from 'vitest';
import { freshWorld } from '../ipc/fake-world';
import type { AccountView, VaultView } from '../ipc/types';
import { resolve, startOf } from './guard';
import { href, parseRoute, router, SCREENS, type Screen } from './router.svelte';

describe('addresses', () => {
  const numbered = ['training', 'join', 'selection'];
  it.each(SCREENS.filter((screen) => !numbered.includes(screen)))('%s is read as written', (screen) => {
    expect(parseRoute(href(screen))).toEqual({ screen, param: null });
  });

  it.each([
    ['#/training/0193-ab', { screen: 'training', param: '0193-ab' }],
    ['#/help/sign-in', { screen: 'help', param: 'sign-in' }],
    ['#/help/a%2Fb', { screen: 'help', param: 'a/b' }],
    ['#/training', { screen: 'trainings', param: null }],
    ['#/join/72', { screen: 'join', param: '72' }],
    ['#/join', { screen: 'waves', param: null }],
    ['#/selection/x', { screen: 'waves', param: null }],
    ['', null],
    ['#/', null],
    ['#/nothing', null],
    ['#/__proto__', null],
    ['#nik', null],
    ['#/help/%E0%A4%A', null],
  ] as const)('%s', (hash, expected) => {
    expect(parseRoute(hash)).toEqual(expected);
  });

  it('writes parameters so that they come back', () => {
    expect(parseRoute(href('training', 'a b/ü'))).toEqual({ screen: 'training', param: 'a b/ü' });
  });

  it('does not take a link to a field for a screen', () => {
    router.go('sign-up');
    window.location.hash = '#email';
    window.dispatchEvent(new HashChangeEvent('hashchange'));
    expect(router.route).toEqual({ screen: 'sign-up', param: null });
  });
});

describe('guard', () => {
  const NONE: AccountView = { state: 'none' };
  const CODE: AccountView = { state: 'awaiting_code', email: 'a@contoh.id', purpose: 'account' };
  const IN: AccountView = { state: 'signed_in', email: 'a@contoh.id', first_name: null };
  const AGAIN: AccountView = { state: 'sign_in_needed', email: 'a@contoh.id', first_name: null };
  const OPEN: VaultView = { state: 'open', by: 'keyring' };

  function shown(wanted: Screen | null, account: AccountView, vault: VaultView = OPEN): Screen | null {
    const { state } = freshWorld();
    const route = resolve({ ...state, account, vault }, wanted && { screen: wanted, param: null });
    return route?.screen ?? null;
  }

  it.each([
    [NONE, 'welcome'],
    [CODE, 'code'],
    [IN, 'home'],
    [AGAIN, 'home'],
  ] as const)('starts %j at %s', (account, screen) => {
    expect(startOf({ ...freshWorld().state, account }).screen).toBe(screen);
    expect(shown(null, account)).toBe(screen);
  });

  it.each([
    [{ state: 'opening' }, null],
    [{ state: 'needs_passphrase', why: 'absent' }, 'vault-passphrase'],
    [{ state: 'locked', by: 'passphrase' }, 'vault-locked'],
    [{ state: 'broken', why: 'damaged', path: '' }, 'vault-broken'],
  ] as [VaultView, Screen | null][])('shows nothing of the data while it is %j', (vault, screen) => {
    for (const wanted of SCREENS) {
      const expected = wanted === 'settings' || wanted === 'help' ? wanted : screen;
      expect(shown(wanted, IN, vault)).toBe(expected);
    }
  });

  it.each([
    ['home', NONE, 'welcome'],
    ['home', CODE, 'welcome'],
    ['home', AGAIN, 'home'],
    ['welcome', IN, 'home'],
    ['welcome', CODE, 'welcome'],
    ['sign-up', CODE, 'code'],
    ['sign-up', IN, 'home'],
    ['code', NONE, 'sign-up'],
    ['code', IN, 'home'],
    ['code', CODE, 'code'],
    ['code', AGAIN, 'code'],
    ['sign-in', IN, 'home'],
    ['sign-in', AGAIN, 'sign-in'],
    ['reset', NONE, 'reset'],
    ['reset', CODE, 'reset'],
    ['reset', AGAIN, 'reset'],
    ['reset', IN, 'home'],
    ['sessions', NONE, 'sign-in'],
    ['sessions', IN, 'sessions'],
    ['close-account', NONE, 'welcome'],
    ['close-account', CODE, 'code'],
    ['close-account', AGAIN, 'close-account'],
    ['close-account', IN, 'close-account'],
    ['vault-broken', IN, 'home'],
    ['profile-name', NONE, 'profile-name'],
    ['trainings', NONE, 'trainings'],
    ['check', CODE, 'check'],
    ['waves', NONE, 'waves'],
    ['join', NONE, 'welcome'],
    ['member', CODE, 'code'],
    ['inbox', AGAIN, 'inbox'],
    ['test', IN, 'test'],
  ] as [Screen, AccountView, Screen][])('%s for %j leads to %s', (wanted, account, screen) => {
    expect(shown(wanted, account)).toBe(screen);
  });
});
