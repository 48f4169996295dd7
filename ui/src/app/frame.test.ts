import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { refusal } from '../ipc/fake';
import { SCENARIOS } from '../ipc/fake-world';
import { expectAccessible, fakeOf, showApp } from '../test/window';
import { router } from './router.svelte';
import { app } from './state.svelte';

function navs(): string[] {
  return [...document.querySelectorAll<HTMLElement>('[data-nav]')].map((one) => one.dataset.nav ?? '');
}

describe('the window', () => {
  it('has every place in the rail, marks the current one, and says how the work stands', async () => {
    await showApp(fakeOf(SCENARIOS.offline), '#/settings');
    const inside = ['preparation', 'registration', 'waves', 'trainings', 'activities', 'inbox', 'sync'];
    expect(navs()).toEqual(['home', ...inside, 'settings', 'help']);
    expect(document.querySelector('[aria-current="page"]')?.getAttribute('data-nav')).toBe('settings');
    const box = document.querySelector('[data-sync-status]');
    expect(box?.getAttribute('data-sync-status')).toBe('waiting');
    expect(box?.textContent).toContain('3 menunggu koneksi');
    expect(box?.querySelector('a')?.getAttribute('href')).toBe('#/sync');
    await expectAccessible();
  });

  it('has no place for an application that nobody can have yet', async () => {
    await showApp(fakeOf(), '#/settings');
    expect(navs()).toEqual(['home', 'preparation', 'trainings', 'activities', 'sync', 'settings', 'help']);
  });

  it('says how many notices are unread', async () => {
    await showApp(fakeOf(SCENARIOS.accepted), '#/settings');
    expect(document.querySelector('[data-nav="inbox"]')?.textContent).toContain('4 belum dibaca');
  });

  it('follows events of the app', async () => {
    const fake = fakeOf(SCENARIOS.offline);
    await showApp(fake, '#/settings');
    fake.emitState({ ...fake.world.state, sync: { ...fake.world.state.sync, status: 'all_sent', waiting: 0 } });
    await screen.findByText('Semua sudah terkirim');
  });

  it('shows only settings and help while the data is closed', async () => {
    await showApp(fakeOf(SCENARIOS.locked));
    expect(navs()).toEqual(['settings', 'help']);
    expect(document.querySelector('[data-sync-status]')).toBeNull();
  });

  it('moves the focus to the title of each new screen, not at the start', async () => {
    await showApp(fakeOf(), '#/welcome');
    expect(document.activeElement).toBe(document.body);
    router.go('check');
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Cek koneksi internet'));
    expect(document.title).toBe('Cek koneksi internet · Prakerja Desktop');
  });

  it('has a skip link first, which keeps the address', async () => {
    await showApp(fakeOf(), '#/help');
    const first = document.querySelector<HTMLElement>('a, button, input, select');
    expect(first?.textContent).toBe('Langsung ke isi');
    first?.click();
    expect(document.activeElement?.tagName).toBe('H1');
    expect(router.route?.screen).toBe('help');
  });

  it('opens and closes the menu of a narrow window, and says which', async () => {
    await showApp(fakeOf());
    const menu = screen.getByRole('button', { name: 'Menu' });
    expect(menu.getAttribute('aria-expanded')).toBe('false');
    menu.click();
    await waitFor(() => expect(menu.getAttribute('aria-expanded')).toBe('true'));
  });

  it('corrects the address when the guard shows another screen', async () => {
    await showApp(fakeOf(), '#/home');
    await waitFor(() => expect(window.location.hash).toBe('#/welcome'));
  });

  it('says so when not even the state can be had, and recovers', async () => {
    const fake = fakeOf();
    let broken = true;
    fake.on('get_state', () => {
      if (broken) throw refusal('internal');
      return fake.world.state;
    });
    // A window that starts fresh knows no state yet.
    app.forget();
    const { render } = await import('@testing-library/svelte');
    const { default: App } = await import('../App.svelte');
    render(App);
    await screen.findByText('Aplikasi tidak bisa membaca keadaannya sendiri');
    broken = false;
    screen.getByRole('button', { name: 'Coba lagi' }).click();
    await waitFor(() => expect(document.querySelector("main[data-screen='welcome']")).not.toBeNull());
  });
});
