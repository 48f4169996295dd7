import { screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { app } from '../../app/state.svelte';
import { locale } from '../../i18n';
import { refusal } from '../../ipc/fake';
import { SCENARIOS } from '../../ipc/fake-world';
import { callsOf } from '../../test/show';
import { expectAccessible, fakeOf, press, showApp, type } from '../../test/window';

beforeEach(() => locale.set('id'));

describe('removing an account from this computer', () => {
  it.each([
    [3, 'Ada 3 yang belum terkirim. Itu hilang untuk selamanya.'],
    [0, 'Tidak ada yang menunggu dikirim.'],
  ])('removes a copy whose session is over, and says what is lost (%s)', async (waiting, words) => {
    const fake = fakeOf((world) => {
      SCENARIOS.middle?.(world);
      world.state.account = { state: 'sign_in_needed', email: 'sari@contoh.id', first_name: 'Sari' };
      world.state.sync = { ...world.state.sync, waiting };
    });
    await showApp(fake, '#/settings');
    press('forget-account');
    await screen.findByText(words);
    await expectAccessible();
    expect(document.getElementById('email')).toHaveProperty('value', 'sari@contoh.id');
    expect(callsOf(fake, 'forget_account')).toEqual([]);
    press('confirm-forget');
    await waitFor(() => expect(document.querySelector("main[data-screen='welcome']")).not.toBeNull());
    expect(callsOf(fake, 'forget_account')).toEqual([{ email: 'sari@contoh.id' }]);
    expect(app.state.account).toEqual({ state: 'none' });
    expect(app.state.sync.waiting).toBe(0);
  });

  async function askToForget(email: string): Promise<void> {
    press('forget-account');
    await waitFor(() => expect(document.getElementById('email')).not.toBeNull());
    type('email', email);
    press('confirm-forget');
  }
  const emailError = () => document.getElementById('email-error')?.textContent ?? '';

  it.each([
    ['copies', 'Hapus akun dari komputer ini'],
    ['inside', 'Hapus akun lain dari komputer ini'],
  ])('%s: is no way to mistake for closing the own account', async (scenario, label) => {
    await showApp(fakeOf(SCENARIOS[scenario]), '#/settings');
    const button = await screen.findByRole('button', { name: label });
    expect(button.getAttribute('data-action')).toBe('forget-account');
  });

  it.each(['copies', 'inside'])('%s: removes the copy of somebody who signed out here, and stays', async (scenario) => {
    const fake = fakeOf((world) => {
      SCENARIOS[scenario]?.(world);
      SCENARIOS.copies?.(world);
    });
    await showApp(fake, '#/settings');
    const before = structuredClone(app.state.account);
    expect(document.body.textContent).not.toContain('jefry');
    press('forget-account');
    await screen.findByText(/juga yang belum terkirim\. Di pusat akunnya tidak berubah/u);
    expect(document.getElementById('email')).toHaveProperty('value', '');
    await expectAccessible();
    type('email', ' jefry@contoh.id ');
    press('confirm-forget');
    await screen.findByText('jefry@contoh.id sudah dihapus dari komputer ini.');
    expect(callsOf(fake, 'forget_account')).toEqual([{ email: 'jefry@contoh.id' }]);
    expect(app.state.account).toEqual(before);
    expect(document.querySelector("main[data-screen='settings']")).not.toBeNull();
    expect(document.querySelector('dialog[open]')).toBeNull();
  });

  it.each([
    ['', 'Alamat e-mail belum diisi.'],
    ['jefry@contoh.id', 'Tidak ada akun dengan alamat itu di komputer ini.'],
    ['sari.wulandari@contoh.id', 'Akun itu masih masuk di komputer ini. Keluar dulu'],
  ])('says at the field why "%s" cannot be removed', async (email, words) => {
    await showApp(fakeOf(SCENARIOS.inside), '#/settings');
    await askToForget(email);
    await waitFor(() => expect(emailError()).toContain(words));
    expect(document.activeElement?.id).toBe('email');
    expect(document.getElementById('error-summary')).toBeNull();
    await expectAccessible();
    type('email', 'lain@contoh.id');
    await waitFor(() => expect(emailError()).toBe(''));
  });

  it('cannot be called off while it is under way', async () => {
    const fake = fakeOf(SCENARIOS.copies);
    let done: (() => void) | undefined;
    fake.on('forget_account', () => new Promise((answer) => (done = () => answer(fake.world.state))));
    await showApp(fake, '#/settings');
    await askToForget('jefry@contoh.id');
    await waitFor(() => expect(done).toBeDefined());
    const dialog = document.querySelector('dialog[open]');
    const cancel = [...(dialog?.querySelectorAll('button') ?? [])].find((one) => one.textContent?.trim() === 'Batal');
    expect(cancel?.disabled).toBe(true);
    const events = [
      new Event('cancel', { cancelable: true }),
      new KeyboardEvent('keydown', { key: 'Escape', cancelable: true, bubbles: true }),
    ];
    expect(events.map((event) => dialog?.dispatchEvent(event))).toEqual([false, false]);
    done?.();
    await screen.findByText('jefry@contoh.id sudah dihapus dari komputer ini.');
    press('forget-account');
    await waitFor(() => expect(dialog).toHaveProperty('open', true));
    expect(dialog?.dispatchEvent(new Event('cancel', { cancelable: true }))).toBe(true);
  });

  it('shows what else keeps a copy from being removed on the screen', async () => {
    const fake = fakeOf(SCENARIOS.copies);
    fake.on('forget_account', () => {
      throw refusal('vault_busy');
    });
    await showApp(fake, '#/settings');
    await askToForget('jefry@contoh.id');
    await waitFor(() => expect(document.getElementById('error-summary')).not.toBeNull());
    expect(document.querySelector('dialog[open]')).toBeNull();
  });
});
