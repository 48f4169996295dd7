import { screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { app } from '../../app/state.svelte';
import { title } from '../../app/title.svelte';
import { locale } from '../../i18n';
import { refusal } from '../../ipc/fake';
import { pendingCode } from '../../ipc/fake-account-scenarios';
import { SCENARIOS } from '../../ipc/fake-world';
import type { World } from '../../ipc/fake-world';
import { at, expectAccessible, fakeOf, press, showApp, showScreen, type } from '../../test/window';
import { codeProblem, codeWords } from './code-words';
import { toIpcError } from '../../ipc/commands';

const EMAIL = 'sari.wulandari@contoh.id';
const SMS = pendingCode(EMAIL, { purpose: 'password', by: 'sms' });
const MAIL = pendingCode(EMAIL, { purpose: 'password' });
const ACCOUNT = pendingCode(EMAIL);

beforeEach(() => {
  title.error = false;
  locale.set('id');
});

describe('the code of another password', () => {
  it.each([
    ['reset-code', 'Ketik kode dari e-mail', 'Kodenya belum datang?', 'Server contoh: e-mail'],
    ['reset-sms', 'Ketik kode dari SMS', 'SMS-nya belum datang?', 'Server contoh: SMS'],
  ])('%s: has words of its own, and axe finds nothing', async (scenario, heading, tips, sandbox) => {
    await showScreen('code', fakeOf(SCENARIOS[scenario]));
    await screen.findByRole('heading', { name: heading });
    expect(screen.getByRole('heading', { name: tips })).toBeTruthy();
    expect(document.body.textContent).toContain(sandbox);
    expect(screen.getByRole('button', { name: 'Ganti kata sandi dan masuk' })).toBeTruthy();
    await expectAccessible();
  });

  it.each(['id', 'en'] as const)('never says in %s that there is an account, or that a code was sent', (language) => {
    locale.set(language);
    for (const sent of [MAIL, SMS]) {
      const words = codeWords(sent);
      expect(words.lead).toContain(EMAIL);
      expect(words.lead).toMatch(/^(Kalau|If) /u);
      expect(JSON.stringify(words)).not.toMatch(/Kami mengirim|We sent/u);
      expect(words.resent).toBe('reset.code_resent');
    }
    expect(codeWords(ACCOUNT).lead).toMatch(/^(Kami mengirim|We sent)/u);
  });

  it.each([
    ['wrong_code', { attempts_left: 3 }, SMS, 'Periksa SMS terbaru. Sisa 3'],
    ['wrong_code', {}, SMS, 'Periksa SMS terbaru; kode sebelumnya'],
    ['wrong_code', { attempts_left: 3 }, MAIL, 'e-mail terbaru. Sisa 3'],
    ['code_expired', {}, MAIL, 'Kode ini sudah tidak berlaku.'],
    ['code_expired', {}, ACCOUNT, 'Data pendaftaranmu masih ada.'],
    ['code_locked', { attempts_left: 0 }, SMS, 'Tidak ada yang berubah.'],
    ['code_locked', { attempts_left: 0 }, ACCOUNT, 'Data pendaftaranmu masih ada.'],
    ['code_locked', {}, MAIL, 'Kode terakhir yang kamu terima'],
    ['offline', {}, null, 'Sambungkan ke internet'],
  ] as const)('%s %j says what fits what was sent (%#)', (code, numbers, sent, words) => {
    expect(codeProblem(toIpcError(refusal(code, { numbers })), sent).text).toContain(words);
  });

  it('keeps how long to wait beside words of its own', () => {
    const used = refusal('code_locked', { numbers: { attempts_left: 0 }, retry_after_ms: 25_000 });
    expect(codeProblem(toIpcError(used), MAIL).text).toMatch(/Minta kode baru\.$/);
    const locked = refusal('code_locked', { numbers: { attempts_left: 0 }, retry_after_ms: 86_400_000 });
    expect(codeProblem(toIpcError(locked), MAIL).text).toMatch(/Coba lagi mulai \d+ \p{L}+, \d\d\.\d\d/u);
  });

  it.each(['confirm-code', 'resend-code'])('%s: a lock for too many wrong codes ends the code', async (action) => {
    await showScreen('code', fakeOf(SCENARIOS['reset-locked']));
    await screen.findByText(/Kode berlaku/u);
    type('code', '123456');
    press(action);
    await screen.findByText(/^Demi keamanan akunmu, kode dikunci sampai \d+ \p{L}+, \d\d\.\d\d/u);
    expect(document.getElementById('error-summary')?.textContent).toMatch(/Terlalu sering salah.*Coba lagi mulai/su);
    const said = document.body.textContent;
    expect(said).toMatch(/Selama dikunci, kode baru tidak dikirim\. Coba lagi mulai \d+ \p{L}+, \d\d\.\d\d/u);
    for (const other of ['sudah habis', 'Kode berlaku', 'sudah tidak berlaku', '23:59', 'Data pendaftaranmu']) {
      expect(said).not.toContain(other);
    }
    for (const button of ['confirm-code', 'resend-code']) {
      expect(document.querySelector(`[data-action='${button}']`)).toHaveProperty('disabled', true);
    }
    await expectAccessible();
  });

  it('keeps a wrong code and says in the words of an SMS how many tries are left', async () => {
    await showScreen('code', fakeOf(SCENARIOS['reset-sms']));
    await screen.findByText(/Kode berlaku/u);
    type('code', '000000');
    press('confirm-code');
    await waitFor(() => expect(document.getElementById('code-error')?.textContent).toContain('Periksa SMS terbaru'));
    expect(document.querySelector('#error-summary a')?.getAttribute('href')).toBe('#code');
    expect(document.getElementById('code')).toHaveProperty('value', '000000');
  });

  it.each(['reset-code', 'reset-sms'])('%s: the right one signs in and opens the home screen', async (scenario) => {
    await showApp(fakeOf(SCENARIOS[scenario]), '#/code');
    await screen.findByText(/Kode berlaku/u);
    type('code', '123 456');
    press('confirm-code');
    await at('home');
    expect(app.state.account.state).toBe('signed_in');
  });

  it('asks for another one without saying that it was sent', async () => {
    const fake = fakeOf((world) => {
      SCENARIOS['reset-sms']?.(world);
      world.pending = { ...SMS, resend_at: Date.now() - 1 };
    });
    await showScreen('code', fake);
    await waitFor(() => press('resend-code'));
    await screen.findByText(/^Kode baru diminta/u);
    await screen.findByText(/Sisa 4 kali kirim ulang/u);
    expect(screen.getByRole('heading', { name: 'Ketik kode dari SMS' })).toBeTruthy();
  });

  it.each([
    ['reset-code', 'none'],
    ['reset-sms', 'sign_in_needed'],
  ])('%s: another address leads back to its own form', async (scenario, state) => {
    const fake = fakeOf(SCENARIOS[scenario]);
    await showApp(fake, '#/code');
    await screen.findByText(/Kode berlaku/u);
    press('abandon-sign-up');
    await screen.findByText(/kata sandi baru perlu diketik lagi/u);
    await expectAccessible();
    expect(fake.calls.some((one) => one.name === 'abandon_sign_up')).toBe(false);
    press('confirm-abandon');
    await at('reset');
    expect(app.state.account.state).toBe(state);
    expect(document.getElementById('password')).toHaveProperty('value', '');
    expect(document.querySelector("[data-action='go-code']")).toBeNull();
  });
});

describe('no code', () => {
  function again(world: World): void {
    world.state.account = { state: 'sign_in_needed', email: EMAIL, first_name: 'Sari' };
  }

  it('is said, and leads back to the sign-in', async () => {
    await showApp(fakeOf(again), '#/code');
    await screen.findByText('Tidak ada kode yang ditunggu');
    expect(document.getElementById('code')).toBeNull();
    await expectAccessible();
    press('go-sign-in');
    await at('sign-in');
  });

  it('may as well be asked for', async () => {
    await showApp(fakeOf(again), '#/code');
    await screen.findByText('Tidak ada kode yang ditunggu');
    press('go-reset');
    await at('reset');
  });
});
