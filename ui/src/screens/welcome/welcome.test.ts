import { screen, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { locale } from '../../i18n';
import { freshWorld } from '../../ipc/fake-world';
import type { AppState } from '../../ipc/types';
import { expectAccessible, fakeOf, showScreen } from '../../test/window';
import { nextTask, tasksOf, type TaskName } from './tasks';

const NOW = Date.now();

function state(change: (state: AppState) => void = () => {}): AppState {
  const { state } = freshWorld();
  change(state);
  return state;
}

afterEach(() => locale.set('id'));

describe('tasks', () => {
  it.each([
    ['nothing', () => {}, 'connection'],
    ['a good line', (s) => (s.preparations.connection = { verdict: 'usable', at: NOW }), 'account'],
    ['a poor line', (s) => (s.preparations.connection = { verdict: 'poor', at: NOW }), 'personal'],
    ['no internet', (s) => (s.preparations.connection = { verdict: 'offline', at: NOW }), 'personal'],
    [
      'no internet and all personal data',
      (s) => {
        s.preparations.connection = { verdict: 'offline', at: NOW };
        s.preparations.personal_submitted = true;
      },
      'connection',
    ],
    [
      'a code on its way',
      (s) => (s.account = { state: 'awaiting_code', email: 'a@contoh.id', purpose: 'account' }),
      'account',
    ],
    ['an account', (s) => (s.preparations.account = true), 'personal'],
  ] as [string, (state: AppState) => void, TaskName][])('with %s comes next %#', (_name, change, next) => {
    expect(nextTask(state(change), NOW)).toBe(next);
  });

  it.each([
    [0, false, 'Belum dimulai'],
    [4, false, '4 dari 16 terisi'],
    [16, false, 'Tinggal diperiksa'],
    [11, true, 'Selesai'],
  ])('personal data with %i fields, confirmed %s: %s', (filled, submitted, status) => {
    const tasks = tasksOf(
      state((s) => {
        s.preparations.personal_filled = filled;
        s.preparations.personal_submitted = submitted;
      }),
      NOW,
    );
    expect(tasks[2]).toMatchObject({ status, done: submitted });
  });
});

describe('welcome screen', () => {
  it('shows three tasks, one next step, what is needed, and that the app is independent', async () => {
    await showScreen('welcome', fakeOf());
    expect(screen.getAllByRole('listitem').length).toBeGreaterThanOrEqual(3);
    expect(screen.getByText('0 dari 3 selesai')).toBeTruthy();
    expect(document.querySelectorAll("[data-action^='go-']")).toHaveLength(3);
    expect(document.querySelector("[data-action='go-check']")?.getAttribute('href')).toBe('#/check');
    expect(document.querySelector("[data-action='go-sign-in']")).not.toBeNull();
    expect(screen.getByText(/Bukan situs atau aplikasi resmi pemerintah/)).toBeTruthy();
    expect(screen.getByText(/gratis\. Siapa pun/)).toBeTruthy();
    expect(screen.getByText('Yang kamu ketik tersimpan di komputer ini walau tanpa internet.')).toBeTruthy();
    await expectAccessible();
  });

  it('labels demo data, and only demo data', async () => {
    const demo = await showScreen('welcome', fakeOf());
    expect(screen.getByText('Ini server contoh')).toBeTruthy();
    demo.unmount();
    await showScreen(
      'welcome',
      fakeOf((world) => {
        world.state.central.demo = false;
      }),
    );
    expect(screen.queryByText('Ini server contoh')).toBeNull();
  });

  it('changes the language at once, everywhere', async () => {
    await showScreen('welcome', fakeOf());
    const select = document.getElementById('language') as HTMLSelectElement;
    select.value = 'en';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await screen.findByText('Prepare 3 things for Prakerja');
    expect(document.documentElement.lang).toBe('en');
    await waitFor(() => expect(document.getElementById('language')).toHaveProperty('value', 'en'));
  });

  it('puts personal data first when the line is poor, and says why', async () => {
    const fake = fakeOf((world) => {
      world.state.preparations.connection = { verdict: 'poor', at: Date.now() };
    });
    await showScreen('welcome', fake);
    expect(document.querySelector("[data-action='go-profile']")).not.toBeNull();
    expect(screen.getByText('Koneksimu belum stabil')).toBeTruthy();
    await expectAccessible();
  });
});
