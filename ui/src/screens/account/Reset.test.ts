import { screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { router } from '../../app/router.svelte';
import { title } from '../../app/title.svelte';
import { locale } from '../../i18n';
import { refusal } from '../../ipc/fake';
import { pendingCode } from '../../ipc/fake-account-scenarios';
import { SCENARIOS } from '../../ipc/fake-world';
import type { World } from '../../ipc/fake-world';
import { callsOf } from '../../test/show';
import { at, expectAccessible, fakeOf, press, showApp, showScreen, summary, type, value } from '../../test/window';
import { keptSignUp } from './kept';

function again(world: World): void {
  world.state.account = { state: 'sign_in_needed', email: 'sari@contoh.id', first_name: 'Sari' };
}

function fill(password = 'Melati Mekar 27'): void {
  type('password', password);
  type('password_confirmation', password);
}

beforeEach(() => {
  title.error = false;
  locale.set('id');
});

describe('a forgotten password', () => {
  it('is one press away from the sign-in, which keeps the address', async () => {
    await showApp(fakeOf(), '#/sign-in');
    type('email', 'sari@contoh.id');
    await waitFor(() => expect(keptSignUp().email).toBe('sari@contoh.id'));
    press('go-reset');
    await at('reset');
    expect(value('email')).toBe('sari@contoh.id');
    expect(document.querySelector('[aria-current="page"]')?.getAttribute('data-nav')).toBe('home');
    await waitFor(() => expect(document.activeElement?.tagName).toBe('H1'));
    press('go-sign-in');
    await at('sign-in');
  });

  it('knows who has to sign in again', async () => {
    await showScreen('reset', fakeOf(again));
    expect(value('email')).toBe('sari@contoh.id');
  });

  it.each(['id', 'en'] as const)('axe finds nothing in %s', async (language) => {
    const fake = fakeOf((world) => void (world.state.settings.language = language));
    await showScreen('reset', fake);
    await expectAccessible();
    press('submit-reset');
    await summary();
    document.querySelector('details')!.open = true;
    await expectAccessible();
  });

  it('lists what is wrong and clears nothing', async () => {
    await showScreen('reset', fakeOf());
    type('email', 'bukan alamat');
    type('password', 'pendek');
    press('submit-reset');
    const box = await summary();
    const links = [...box.querySelectorAll('a')].map((link) => link.getAttribute('href'));
    expect(links).toEqual(['#email', '#password', '#password_confirmation']);
    expect([value('email'), value('password')]).toEqual(['bukan alamat', 'pendek']);
    type('email', 'sari@contoh.id');
    await waitFor(() => expect(document.getElementById('email')?.getAttribute('aria-invalid')).toBeNull());
  });

  it('ticks the rules off while one types', async () => {
    await showScreen('reset', fakeOf());
    type('password', 'Melati Mekar 27');
    await waitFor(() => expect(document.querySelectorAll('[data-rule].met')).toHaveLength(5));
  });

  it.each(['mail', 'sms'] as const)('asks for a code by %s and goes on to it', async (by) => {
    const fake = fakeOf();
    await showApp(fake, '#/reset');
    type('email', 'sari@contoh.id');
    fill();
    expect(document.getElementById('by-mail')).toHaveProperty('checked', true);
    document.getElementById(`by-${by}`)?.click();
    press('submit-reset');
    await at('code');
    expect(callsOf(fake, 'reset_password')).toEqual([
      {
        form: {
          email: 'sari@contoh.id',
          password: 'Melati Mekar 27',
          password_confirmation: 'Melati Mekar 27',
          by,
        },
      },
    ]);
    expect(JSON.stringify(keptSignUp())).not.toContain('Melati');
  });

  it('says where the code goes, what it changes, and who helps when neither way works', async () => {
    await showScreen('reset', fakeOf());
    const text = document.body.textContent;
    expect(text).toContain('nomor HP akun itu');
    expect(text).toContain('Semua komputer lain yang masuk dengan akun itu dikeluarkan.');
    expect(text).toContain('Data di komputer ini tetap ada.');
    expect(text).toContain('nomor kasus dan e-KTP');
    expect(document.querySelector("[data-action='go-help']")?.getAttribute('href')).toBe('#/help');
  });

  it('says without internet that what was typed is on the screen, and never calls it stored', async () => {
    const fake = fakeOf((world) => void (world.state.sync.online = false));
    fake.on('reset_password', () => {
      throw refusal('offline');
    });
    await showScreen('reset', fake);
    expect(screen.getByText(/^Kamu sedang offline/u)).toBeTruthy();
    type('email', 'sari@contoh.id');
    fill();
    press('submit-reset');
    const box = await summary();
    expect(box.textContent).toContain('Yang kamu ketik masih ada di layar ini');
    expect(box.textContent).not.toContain('aman di komputer ini');
    expect(value('password')).toBe('Melati Mekar 27');
  });

  it('tells a lock for wrong codes, not how a sign-up stands', async () => {
    await showScreen('reset', fakeOf(SCENARIOS['reset-locked']));
    type('email', 'sari@contoh.id');
    fill();
    press('submit-reset');
    const box = await summary();
    expect(box.textContent).toMatch(/Terlalu sering salah.*Tidak ada yang berubah\. Coba lagi mulai \d+ \p{L}+/su);
    expect(box.textContent).not.toContain('pendaftaranmu');
  });

  it('leads back to a code that was asked for already', async () => {
    const asked = fakeOf((world) => {
      again(world);
      world.pending = pendingCode('sari@contoh.id', { purpose: 'password', by: 'sms' });
    });
    const shown = await showApp(asked, '#/reset');
    await screen.findByText('Kamu sudah meminta kode untuk sari@contoh.id.');
    await expectAccessible();
    press('go-code');
    await at('code');
    shown.unmount();
  });

  it('says before it takes the place of a sign-up, and leads back to that', async () => {
    await showApp(fakeOf(SCENARIOS.code), '#/reset');
    await screen.findByText(/^Pendaftaran akun sari\.wulandari@contoh\.id masih menunggu kodenya\..* batal/u);
    await expectAccessible();
    press('go-code');
    await at('code');
  });

  it('is offered where the sign-in explains its troubles', async () => {
    await showScreen('sign-in', fakeOf());
    const links = [...document.querySelectorAll('details a')].map((link) => link.getAttribute('href'));
    expect(links).toEqual(['#/reset']);
    router.go('welcome');
  });
});
