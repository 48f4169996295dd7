import { screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { app } from '../../app/state.svelte';
import { title } from '../../app/title.svelte';
import { locale } from '../../i18n';
import { refusal } from '../../ipc/fake';
import { SCENARIOS } from '../../ipc/fake-world';
import type { ErrorCode } from '../../ipc/types';
import { callsOf } from '../../test/show';
import { at, expectAccessible, fakeOf, press, showApp, showScreen, summary, type } from '../../test/window';
import { typed } from '../profile/typed.svelte';
import { keptSignUp } from './kept';

function fieldError(id: string): string {
  return document.getElementById(`${id}-error`)?.textContent ?? '';
}

function tick(): void {
  document.getElementById('understood')?.click();
}

beforeEach(() => {
  title.error = false;
  locale.set('id');
});

describe('closing the account', () => {
  it('is reached from the settings and says what goes, what stays and when it is not possible', async () => {
    await showApp(fakeOf(SCENARIOS.inside), '#/settings');
    press('go-close-account');
    await at('close-account');
    expect(document.querySelector('[aria-current="page"]')?.getAttribute('data-nav')).toBe('settings');
    for (const name of ['Yang dihapus di pusat', 'Yang tetap ada', 'Di komputer', 'Kapan tidak bisa']) {
      expect(screen.getByRole('heading', { name })).toBeTruthy();
    }
    const text = document.querySelector('main')?.textContent ?? '';
    for (const words of [
      'tempat di pelatihan',
      'pernyataan, persetujuan, dan keberatan',
      'juga kalau kamu sudah keluar di sana',
      'Salinan di cadangan pusat',
      'nomor, bukan nama',
      'bisa membacanya',
      'set-aside-…',
      'diblokir atau dikunci',
    ]) {
      expect(text).toContain(words);
    }
    expect(screen.getByRole('heading', { name: 'Tutup sari.wulandari@contoh.id' })).toBeTruthy();
    expect(document.getElementById('password')?.getAttribute('autocomplete')).toBe('current-password');
    expect(document.getElementById('understood')).toHaveProperty('checked', false);
  });

  it.each(['id', 'en'] as const)('axe finds nothing in %s', async (language) => {
    const fake = fakeOf((world) => {
      SCENARIOS.inside?.(world);
      world.state.settings.language = language;
    });
    await showScreen('close-account', fake);
    await expectAccessible();
    press('submit-close-account');
    await summary();
    await expectAccessible();
  });

  it('needs the password and the ticked box before anything is asked', async () => {
    const fake = fakeOf(SCENARIOS.inside);
    await showScreen('close-account', fake);
    press('submit-close-account');
    const box = await summary();
    const links = [...box.querySelectorAll('a')].map((link) => link.getAttribute('href'));
    expect(links).toEqual(['#password', '#understood']);
    expect(fieldError('understood')).toContain('Centang dulu bahwa kamu mengerti.');
    type('password', 'Melati Mekar 27');
    await waitFor(() => expect(fieldError('password')).toBe(''));
    press('submit-close-account');
    await waitFor(() => expect(document.querySelectorAll('#error-summary a')).toHaveLength(1));
    tick();
    await waitFor(() => expect(fieldError('understood')).toBe(''));
    expect(callsOf(fake, 'close_account')).toEqual([]);
  });

  it('asks for nothing more once the box is ticked, and says on the first screen that it is done', async () => {
    const fake = fakeOf(SCENARIOS.whole);
    await showApp(fake, '#/close-account');
    type('password', 'Melati Mekar 27');
    tick();
    press('submit-close-account');
    await at('welcome');
    await screen.findByText('Akunmu sudah ditutup');
    expect(window.location.hash).toBe('#/welcome/closed');
    expect(callsOf(fake, 'close_account')).toEqual([{ password: 'Melati Mekar 27' }]);
    expect(app.state.account).toEqual({ state: 'none' });
    expect(app.state.preparations.personal_filled).toBe(0);
    await expectAccessible();
    expect(JSON.stringify([keptSignUp(), app.state])).not.toContain('Melati');
  });

  it('says a wrong password at its field, and nothing of an address', async () => {
    await showScreen('close-account', fakeOf(SCENARIOS.inside));
    type('password', 'salah');
    tick();
    press('submit-close-account');
    const box = await summary();
    expect(box.textContent).not.toContain('E-mail');
    expect(box.querySelector('a')?.getAttribute('href')).toBe('#password');
    expect(fieldError('password')).toContain('Kata sandi salah');
    expect(document.getElementById('password')).toHaveProperty('value', 'salah');
    expect(document.getElementById('understood')).toHaveProperty('checked', true);
  });

  it('does not keep the password of a try that failed', async () => {
    const fake = fakeOf(SCENARIOS.inside);
    const shown = await showScreen('close-account', fake);
    type('password', 'salah');
    tick();
    press('submit-close-account');
    await summary();
    shown.unmount();
    await showScreen('close-account', fake);
    expect(document.getElementById('password')).toHaveProperty('value', '');
    expect(document.getElementById('understood')).toHaveProperty('checked', false);
    expect(JSON.stringify(keptSignUp())).not.toContain('salah');
  });

  it.each<[ErrorCode, string, string | null]>([
    ['still_participant', 'Akun peserta tidak bisa ditutup di sini', '#/member'],
    ['draw_under_way', 'Seleksi yang kamu ikuti masih berjalan', '#/waves'],
    ['step_refused', 'Blokir tidak boleh hilang bersama akunnya', '#/appeal'],
    ['account_locked', 'Akun yang dikunci tidak bisa ditutup', '#/help'],
    ['offline', 'Penutupan akun belum diminta, dan tidak ada yang berubah. Yang kamu ketik', '#/check'],
    ['tls_blocked', 'Penutupan akun belum diminta', '#/check'],
    ['busy', 'Penutupan akun belum diminta, dan tidak ada yang berubah. Yang kamu ketik', null],
    ['closing_unknown', 'Permintaanmu mungkin sudah sampai', null],
    // The screen of the sign-in is closed to whoever is signed in.
    ['sign_in_needed', 'Keluar dulu di Pengaturan', '#/settings'],
  ])('%s: says why not, and what to do', async (code, words, way) => {
    const fake = fakeOf(SCENARIOS.inside);
    fake.on('close_account', () => {
      throw refusal(code);
    });
    await showScreen('close-account', fake);
    type('password', 'Melati Mekar 27');
    tick();
    press('submit-close-account');
    const box = await summary();
    expect(box.textContent).toContain(words);
    expect(box.querySelector('a')?.getAttribute('href') ?? null).toBe(way);
  });

  it('stores what was typed before anything is deleted', async () => {
    const fake = fakeOf(SCENARIOS.inside);
    await showScreen('close-account', fake);
    typed.edit('full_name', 'Sari Wulandari');
    type('password', 'Melati Mekar 27');
    tick();
    press('submit-close-account');
    await waitFor(() => expect(callsOf(fake, 'close_account')).toHaveLength(1));
    const order = fake.calls.map((one) => one.name).filter((name) => /save_profile_field|close_account/u.test(name));
    expect(order).toEqual(['save_profile_field', 'close_account']);
  });

  it.each([
    ['accepted', 'still_participant'],
    ['joined', 'draw_under_way'],
  ])('the fake refuses in the scenario %s', async (scenario, code) => {
    const fake = fakeOf(SCENARIOS[scenario]);
    await expect(fake.invoke('close_account', { password: 'Melati' })).rejects.toMatchObject({ code });
  });

  it('asks whoever has to sign in again to do that first', async () => {
    const fake = fakeOf((world) => {
      world.state.account = { state: 'sign_in_needed', email: 'sari@contoh.id', first_name: 'Sari' };
    });
    await showApp(fake, '#/close-account');
    await at('close-account');
    expect(document.getElementById('password')).toBeNull();
    await expectAccessible();
    press('go-sign-in');
    await at('sign-in');
  });

  it('is told nobody who only begins', async () => {
    await showScreen('welcome', fakeOf());
    expect(screen.queryByText('Akunmu sudah ditutup')).toBeNull();
  });
});
