import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { fakeIn, show, violations } from '../../test/show';
import Home from './Home.svelte';

async function home(scenario: string, change?: Parameters<typeof fakeIn>[1]) {
  const fake = await fakeIn(scenario, change);
  show(Home, 'home');
  await screen.findByRole('heading', { name: 'Kegiatanku' });
  return fake;
}
const step = () => document.querySelector('[data-next-step]') as HTMLElement;

describe('home', () => {
  it('greets by the first name, or without one', async () => {
    await home('inside');
    expect(screen.getByRole('heading', { level: 1, name: 'Halo, Sari' })).toBeTruthy();
  });

  it('has one next step with a button that says what it leads to', async () => {
    await home('half');
    expect(step().dataset.nextStep).toBe('continue_profile');
    const button = step().querySelector('a') as HTMLElement;
    expect(button.textContent?.trim()).toBe('Lanjutkan · 4 dari 16 terisi');
    expect(button.getAttribute('href')).toBe('#/profile');
  });

  it('promises nothing that this version cannot do', async () => {
    await home('middle');
    const standing = (stage: string) =>
      document.querySelector(`[data-stage="${stage}"]`)?.getAttribute('data-standing');
    for (const stage of ['wave', 'certificate', 'incentive']) expect(standing(stage)).toBe('later');
    expect(document.body.textContent).not.toMatch(/Batas waktu/u);
  });

  it('keeps the own application and the waves apart, side by side', async () => {
    await home('selection-before');
    await waitFor(() => expect(document.querySelector('[data-application="processing"]')).not.toBeNull());
    expect(document.querySelector('[data-wave-line="none"]')?.textContent).toContain('tidak mengubah lamaranmu');
  });

  it.each([
    ['test-running', 'continue_test', '#/test'],
    ['test-submitted-offline', 'send_test', '#/test'],
    ['waves-open', 'join_wave', '#/join/72'],
    ['accepted', 'first_purchase', '#/member'],
    ['blocked', 'answer_block', '#/appeal'],
    ['revoked', 'revoked', '#/member'],
  ])('%s: the next step is %s', async (scenario, kind, address) => {
    await home(scenario);
    await waitFor(() => expect(step().dataset.nextStep).toBe(kind));
    expect(step().querySelector('a')?.getAttribute('href')).toBe(address);
  });

  it('counts down to what a participant must not miss', async () => {
    await home('accepted');
    await waitFor(() => expect(document.querySelector('[data-deadline="first_purchase"]')).not.toBeNull());
    expect(document.querySelector('[data-deadline]')?.textContent).toMatch(/23\.59 WIB.*dalam 11 hari/su);
  });

  it('counts by the best clock known, not by this computer’s', async () => {
    await home('accepted', (world) => {
      world.programme.waves.now = Date.now() + 9 * 86_400_000;
    });
    await waitFor(() => expect(document.querySelector('[data-deadline="first_purchase"]')).not.toBeNull());
    expect(document.querySelector('[data-deadline="first_purchase"]')?.textContent).toMatch(/dalam 2 hari/u);
  });

  it('shows what waits, and what was received only when nothing waits', async () => {
    const fake = await home('middle');
    const card = () => screen.getByRole('heading', { name: 'Menunggu dikirim' }).closest('section') as HTMLElement;
    await waitFor(() => expect(card().textContent).toContain('Pendaftaran: Las listrik SMAW posisi 1G dan 2G'));
    expect(card().textContent).toContain('dan 1 lagi');
    expect(card().textContent).not.toContain('Diterima pusat');
    fake.world.waiting = [];
    fake.emitChanged('sync');
    await waitFor(() => expect(card().textContent).toContain('tanda terima PK-7Q4M-22'));
  });

  it('follows the state without a click', async () => {
    const fake = await home('whole');
    expect(step().dataset.nextStep).toBe('confirm_profile');
    fake.world.state.preparations.personal_submitted = true;
    fake.emitState();
    await waitFor(() => expect(step().dataset.nextStep).toBe('choose_training'));
  });

  it.each(['inside', 'half', 'middle', 'middle-offline', 'accepted', 'waves-open', 'selection-before'])(
    '%s: axe finds nothing',
    async (scenario) => {
      await home(scenario);
      expect(await violations()).toEqual([]);
    },
  );
});
