import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { say } from '../../i18n';
import { refusal } from '../../ipc/fake';
import { SCENARIOS } from '../../ipc/fake-world';
import type { VaultProblem } from '../../ipc/types';
import { expectAccessible, fakeOf, press, showApp, type } from '../../test/window';
import { PROBLEMS } from './problems';

function called(fake: ReturnType<typeof fakeOf>, name: string) {
  return fake.calls.filter((one) => one.name === name);
}

describe('choosing a passphrase', () => {
  it('says why, refuses a repetition that differs without asking the app, and keeps both', async () => {
    const fake = fakeOf(SCENARIOS.passphrase);
    await showApp(fake);
    expect(screen.getByText('Kenapa perlu frasa sandi?')).toBeTruthy();
    await expectAccessible();
    type('passphrase', 'kopi pagi di teras rumah');
    type('passphrase_confirmation', 'kopi sore di teras rumah');
    press('create-vault');
    await waitFor(() =>
      expect(document.querySelector('#error-summary a')?.getAttribute('href')).toBe('#passphrase_confirmation'),
    );
    expect(called(fake, 'create_vault')).toEqual([]);
    expect(document.getElementById('passphrase')).toHaveProperty('value', 'kopi pagi di teras rumah');
  });

  it('shows the rule that the app refuses with', async () => {
    await showApp(fakeOf(SCENARIOS.passphrase));
    type('passphrase', 'pendek');
    type('passphrase_confirmation', 'pendek');
    press('create-vault');
    await waitFor(() =>
      expect(document.getElementById('passphrase-error')?.textContent).toContain('Paling sedikit 12'),
    );
  });

  it('offers to try a keyring again that is only locked, and none where there is none', async () => {
    const fake = fakeOf(SCENARIOS['passphrase-locked']);
    await showApp(fake);
    expect(screen.getByText('Penyimpan sandi komputer masih terkunci')).toBeTruthy();
    await expectAccessible();
    press('retry-keyring');
    await waitFor(() => expect(called(fake, 'unlock_vault')[0]?.args).toEqual({ passphrase: null }));
  });

  it('says nothing of a keyring where there is none', async () => {
    await showApp(fakeOf(SCENARIOS.passphrase));
    expect(document.querySelector("[data-action='retry-keyring']")).toBeNull();
  });

  it('goes to the welcome screen afterwards', async () => {
    await showApp(fakeOf(SCENARIOS.passphrase));
    type('passphrase', 'kopi pagi di teras rumah');
    type('passphrase_confirmation', 'kopi pagi di teras rumah');
    press('create-vault');
    await waitFor(() => expect(document.querySelector("main[data-screen='welcome']")).not.toBeNull());
  });
});

describe('locked data', () => {
  it('refuses a wrong passphrase, says that nothing is lost, and leads to the field', async () => {
    await showApp(fakeOf(SCENARIOS.locked));
    await expectAccessible();
    type('passphrase', 'salah');
    press('unlock-vault');
    const box = await waitFor(() => {
      const found = document.getElementById('error-summary');
      expect(found).not.toBeNull();
      return found as HTMLElement;
    });
    expect(box.textContent).toContain('tidak dihapus, berapa kali pun salah');
    expect(box.querySelector('a')?.getAttribute('href')).toBe('#passphrase');
    expect(document.getElementById('passphrase')?.getAttribute('aria-invalid')).toBe('true');
  });

  it('opens with the right one', async () => {
    const fake = fakeOf(SCENARIOS.locked);
    await showApp(fake);
    type('passphrase', 'kopi pagi di teras rumah');
    press('unlock-vault');
    await waitFor(() => expect(document.querySelector("main[data-screen='welcome']")).not.toBeNull());
    expect(called(fake, 'unlock_vault')[0]?.args).toEqual({ passphrase: 'kopi pagi di teras rumah' });
  });

  it('only tries again where the computer keeps the key', async () => {
    const fake = fakeOf(SCENARIOS['locked-keyring']);
    await showApp(fake);
    expect(document.getElementById('passphrase')).toBeNull();
    await expectAccessible();
    press('unlock-vault');
    await waitFor(() => expect(called(fake, 'unlock_vault')[0]?.args).toEqual({ passphrase: null }));
  });
});

describe('data that cannot be opened', () => {
  const problems = Object.keys(PROBLEMS) as VaultProblem[];

  it('has its own words for each problem', () => {
    expect(new Set(problems.map((why) => say(PROBLEMS[why].title))).size).toBe(problems.length);
    expect(new Set(problems.map((why) => say(PROBLEMS[why].advice))).size).toBe(problems.length);
  });

  it.each(problems)('shows %s with its words, the place of the file and its way out', async (why) => {
    const fake = fakeOf((world) => {
      world.state.vault = { state: 'broken', why, path: '/data/applicant.db' };
    });
    await showApp(fake);
    expect(document.querySelector('h1')?.textContent).toBe(say(PROBLEMS[why].title));
    expect(screen.getByText('/data/applicant.db')).toBeTruthy();
    expect(document.querySelector("[data-action='set-aside-vault']") !== null).toBe(PROBLEMS[why].setAside);
    expect(document.querySelector("[data-action='retry-vault']") !== null).toBe(why !== 'no_encryption');
    await expectAccessible();
  });

  it('sets data aside only after saying that nothing is deleted', async () => {
    const fake = fakeOf(SCENARIOS.broken);
    await showApp(fake);
    press('set-aside-vault');
    await screen.findByText(/Data lama tidak dihapus/);
    expect(called(fake, 'set_aside_vault')).toEqual([]);
    press('confirm-set-aside');
    await waitFor(() => expect(document.querySelector("main[data-screen='welcome']")).not.toBeNull());
    expect(called(fake, 'set_aside_vault')).toHaveLength(1);
  });

  it('stays and says why when trying again does not help', async () => {
    const fake = fakeOf(SCENARIOS.broken);
    fake.on('unlock_vault', () => {
      throw refusal('vault_broken');
    });
    await showApp(fake);
    press('retry-vault');
    await waitFor(() => expect(document.getElementById('error-summary')?.textContent).toContain('tidak bisa dibuka'));
  });
});
