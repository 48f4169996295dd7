import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../ipc/fake';
import { SCENARIOS } from '../../ipc/fake-world';
import { router } from '../../app/router.svelte';
import { app } from '../../app/state.svelte';
import { expectAccessible, fakeOf, press, showApp, showScreen, type } from '../../test/window';

function choose(id: string, value: string): void {
  const select = document.getElementById(id) as HTMLSelectElement;
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

describe('settings', () => {
  it('applies theme and text size to the whole window at once', async () => {
    const fake = fakeOf();
    await showScreen('settings', fake);
    await expectAccessible();
    choose('theme', 'dark');
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
    choose('text_percent', '200');
    await waitFor(() => expect(document.documentElement.dataset.text).toBe('200'));
    const patches = fake.calls.filter((one) => one.name === 'set_settings').map((one) => one.args.settings);
    expect(patches).toEqual([{ theme: 'dark' }, { text_percent: 200 }]);
  });

  it.each([
    ['app', 'MIT License'],
    ['regions', 'Copyright (c) 2017-2025 Cahya DSN'],
    ['typeface', 'SIL OPEN FONT LICENSE'],
  ])('shows the licence of what is in it in full: %s', async (of, words) => {
    await showScreen('settings', fakeOf());
    const details = document.querySelector<HTMLDetailsElement>(`[data-licence="${of}"]`)!;
    details.open = true;
    expect(details.querySelector('[lang="en"]')?.textContent).toContain(words);
    await expectAccessible();
  });

  it.each([
    [true, 'koneksi sekarang berkuota'],
    [false, 'tanpa kuota'],
    [null, 'tidak memberi tahu'],
  ])('sets when photos are sent, and says what the computer knows (%s)', async (metered, words) => {
    const fake = fakeOf((world) => void (world.state.metered = metered));
    await showScreen('settings', fake);
    expect(document.querySelector('[data-metered]')?.textContent).toContain(words);
    choose('photo_sending', 'hold');
    await waitFor(() => expect(fake.world.state.settings.photo_sending).toBe('hold'));
    await expectAccessible();
  });

  it('keeps the last of two quick changes', async () => {
    const fake = fakeOf();
    let release: (() => void) | undefined;
    fake.on('set_settings', ({ settings }) => {
      Object.assign(fake.world.state.settings, settings);
      const state = structuredClone(fake.world.state);
      if (release) return state;
      return new Promise((done) => (release = () => done(state)));
    });
    await showScreen('settings', fake);
    choose('theme', 'dark');
    choose('text_percent', '200');
    await waitFor(() => expect(release).toBeDefined());
    release?.();
    await waitFor(() => expect(fake.calls.filter((one) => one.name === 'set_settings')).toHaveLength(2));
    // Both answers are in.
    await new Promise((done) => setTimeout(done));
    const { text, theme } = document.documentElement.dataset;
    expect([text, theme]).toEqual(['200', 'dark']);
  });

  it('refuses an address without https beside the field, and keeps it', async () => {
    await showScreen('settings', fakeOf());
    type('central_url', 'http://pusat.contoh.id');
    press('save-central');
    await waitFor(() => expect(document.getElementById('central_url-error')?.textContent).toContain('https://'));
    expect(document.getElementById('central_url')).toHaveProperty('value', 'http://pusat.contoh.id');
    expect(document.activeElement?.id).toBe('central_url');
  });

  it('saves an address and tells where it comes from', async () => {
    await showScreen('settings', fakeOf());
    expect(screen.getByText(/PRAKERJA_CENTRAL/)).toBeTruthy();
    type('central_url', ' https://pusat.contoh.id ');
    press('save-central');
    await screen.findByText('Alamat disimpan.');
    expect(screen.getByText('Sekarang: https://pusat.contoh.id')).toBeTruthy();
    expect(screen.getByText(/Diatur di layar ini/)).toBeTruthy();
  });

  it('says that a session rests when the address is another server', async () => {
    const fake = fakeOf(SCENARIOS.offline);
    fake.on('set_settings', () => {
      fake.world.state.account = { state: 'sign_in_needed', email: 'sari.w@contoh.id', first_name: 'Sari' };
      return fake.world.state;
    });
    await showApp(fake, '#/settings');
    type('central_url', 'https://pusat.contoh.id');
    press('save-central');
    await screen.findByText('Akunmu terdaftar di server lain');
  });

  it('warns with the count before leaving unsent things behind', async () => {
    const fake = fakeOf(SCENARIOS.offline);
    await showApp(fake, '#/settings');
    press('sign-out');
    await screen.findByText('3 belum terkirim');
    await expectAccessible();
    expect(fake.calls.some((one) => one.name === 'sign_out')).toBe(false);
    press('confirm-sign-out');
    await waitFor(() => expect(document.querySelector("main[data-screen='welcome']")).not.toBeNull());
    expect(fake.calls.find((one) => one.name === 'sign_out')?.args).toEqual({ leaveUnsent: true });
  });

  it('leaves nothing of what was typed to the next person', async () => {
    const area = () => document.getElementById('appeal-text') as HTMLTextAreaElement;
    const fake = fakeOf(SCENARIOS.blocked);
    await showApp(fake, '#/appeal');
    await waitFor(() => expect(area()).not.toBeNull());
    type('appeal-text', 'Nomor itu milik ibu saya.');
    router.go('settings');
    await waitFor(() => press('sign-out'));
    await waitFor(() => press('confirm-sign-out'));
    await waitFor(() => expect(document.querySelector("main[data-screen='welcome']")).not.toBeNull());
    fake.world.state.account = { state: 'signed_in', email: 'jefry@contoh.id', first_name: 'Jefry' };
    fake.emitState();
    router.go('appeal');
    await waitFor(() => expect(area()).not.toBeNull());
    expect(area().value).toBe('');
  });

  it('does not count what central has answered as unsent', async () => {
    const fake = fakeOf((world) => {
      SCENARIOS.middle?.(world);
      world.state.sync = { ...world.state.sync, waiting: 0, needs_you: 1 };
    });
    await showApp(fake, '#/settings');
    press('sign-out');
    await screen.findByText('Keluar dari akun?');
  });

  it('asks again when the app knows of unsent things that the window did not', async () => {
    const fake = fakeOf(SCENARIOS.inside);
    let asked = 0;
    fake.on('sign_out', ({ leaveUnsent }) => {
      asked += 1;
      if (!leaveUnsent) throw refusal('unsent_items', { numbers: { count: 2 } });
      return { ...fake.world.state, account: { state: 'none' } };
    });
    await showScreen('settings', fake);
    press('sign-out');
    await waitFor(() => press('confirm-sign-out'));
    await screen.findByText('2 belum terkirim');
    press('confirm-sign-out');
    await waitFor(() => expect(app.state.account.state).toBe('none'));
    expect(asked).toBe(2);
  });

  it('shows language and address also while the data is closed, but no account', async () => {
    await showApp(fakeOf(SCENARIOS.locked), '#/settings');
    expect(document.getElementById('language')).not.toBeNull();
    expect(document.querySelector("[data-action='sign-out']")).toBeNull();
    expect(screen.getByText('Data terenkripsi belum terbuka.')).toBeTruthy();
  });
});
