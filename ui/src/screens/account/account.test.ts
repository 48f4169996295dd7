import { screen, waitFor } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { refusal } from '../../ipc/fake';
import { pendingCode } from '../../ipc/fake-account-scenarios';
import { SCENARIOS } from '../../ipc/fake-world';
import { app } from '../../app/state.svelte';
import { router } from '../../app/router.svelte';
import { title } from '../../app/title.svelte';
import type { Verdict } from '../../ipc/types';
import { expectAccessible, fakeOf, press, showApp, showScreen, summary, type, value } from '../../test/window';
import { passwordRules } from './password-rules';

beforeEach(() => {
  title.error = false;
});

describe('sign-up', () => {
  it('lists what is wrong, moves the focus there, leads to the fields and clears nothing', async () => {
    await showApp(fakeOf(), '#/sign-up');
    type('email', 'bukan alamat');
    type('password', 'pendek');
    press('submit-sign-up');
    const box = await summary();
    await waitFor(() => expect(document.activeElement).toBe(box));
    const links = [...box.querySelectorAll('a')];
    expect(links.map((link) => link.getAttribute('href'))).toEqual([
      '#email',
      '#password',
      '#password_confirmation',
      '#accept_terms',
      '#accept_privacy',
    ]);
    expect(document.title).toMatch(/^Kesalahan: /);
    expect([value('email'), value('password')]).toEqual(['bukan alamat', 'pendek']);

    const email = document.getElementById('email') as HTMLInputElement;
    expect(email.getAttribute('aria-invalid')).toBe('true');
    expect(email.getAttribute('aria-describedby')).toBe('email-hint email-error');
    expect(document.getElementById('email-error')?.textContent).toContain(links[0]?.textContent ?? '?');
    links[0]?.click();
    expect(document.activeElement).toBe(email);
    expect(router.route?.screen).toBe('sign-up');
    await expectAccessible();

    type('email', 'sari@contoh.id');
    await waitFor(() => expect(email.getAttribute('aria-invalid')).toBeNull());
  });

  it('shows hint and error before the input, as they are read', async () => {
    await showScreen('sign-up', fakeOf());
    press('submit-sign-up');
    await summary();
    const parts = ['label[for="email"]', '#email-hint', '#email-error', '#email'].map(
      (css) => document.querySelector(css) as Element,
    );
    parts.slice(1).forEach((part, index) => {
      expect(parts[index]?.compareDocumentPosition(part)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    });
  });

  it('offers a correction of a mistyped address and takes it', async () => {
    await showScreen('sign-up', fakeOf());
    type('email', 'sari@gmial.com');
    document.getElementById('email')?.dispatchEvent(new FocusEvent('blur'));
    await screen.findByText(/Maksudmu sari@gmail\.com\?/);
    press('use-suggestion');
    await waitFor(() => expect(value('email')).toBe('sari@gmail.com'));
    expect(screen.queryByText(/Maksudmu/)).toBeNull();
  });

  it('ticks the rules off while one types, and shows the password when asked', async () => {
    await showScreen('sign-up', fakeOf());
    const met = () => [...document.querySelectorAll<HTMLElement>('[data-rule].met')].map((one) => one.dataset.rule);
    expect(met()).toEqual([]);
    type('password', 'melati');
    await waitFor(() => expect(met()).toEqual(['lower', 'email']));
    type('password', 'Melati Mekar 27');
    await waitFor(() => expect(met()).toEqual(['length', 'lower', 'upper', 'digit', 'email']));
    const password = document.getElementById('password') as HTMLInputElement;
    expect(password.type).toBe('password');
    document.querySelector<HTMLElement>('[aria-controls="password"]')?.click();
    await waitFor(() => expect(password.type).toBe('text'));
    expect((document.getElementById('password_confirmation') as HTMLInputElement).type).toBe('password');
    expect(value('password')).toBe('Melati Mekar 27');
  });

  it('asks for two consents that nobody ticked, with the notice readable here', async () => {
    await showScreen('sign-up', fakeOf());
    expect((document.getElementById('accept_terms') as HTMLInputElement).checked).toBe(false);
    expect((document.getElementById('accept_privacy') as HTMLInputElement).checked).toBe(false);
    expect(screen.getByText(/UU 27\/2022/)).toBeTruthy();
    await expectAccessible();
  });

  it('goes on to the code, which sends exactly what was typed', async () => {
    const fake = fakeOf();
    await showApp(fake, '#/sign-up');
    type('email', 'sari@contoh.id');
    type('password', 'Melati Mekar 27');
    type('password_confirmation', 'Melati Mekar 27');
    document.getElementById('accept_terms')?.click();
    document.getElementById('accept_privacy')?.click();
    press('submit-sign-up');
    await waitFor(() => expect(document.querySelector("main[data-screen='code']")).not.toBeNull());
    expect(fake.calls.find((one) => one.name === 'sign_up')?.args).toEqual({
      form: {
        email: 'sari@contoh.id',
        password: 'Melati Mekar 27',
        password_confirmation: 'Melati Mekar 27',
        accept_terms: true,
        accept_privacy: true,
      },
    });
    await waitFor(() => expect(document.activeElement?.tagName).toBe('H1'));
  });

  it('keeps everything on the screen when the network is gone, and does not call it stored', async () => {
    const fake = fakeOf();
    fake.on('sign_up', () => {
      throw refusal('offline');
    });
    await showScreen('sign-up', fake);
    type('email', 'sari@contoh.id');
    press('submit-sign-up');
    const box = await summary();
    expect(box.textContent).toContain('Yang kamu ketik masih ada di layar ini');
    expect(box.textContent).not.toContain('aman di komputer ini');
    expect(box.querySelector('a')?.getAttribute('href')).toBe('#/check');
    expect(value('email')).toBe('sari@contoh.id');
  });

  it('remembers the address and the ticks while the window is open, and never the password', async () => {
    const fake = fakeOf();
    const shown = await showScreen('sign-up', fake);
    type('email', 'sari@contoh.id');
    type('password', 'Melati-Pagi-77');
    document.getElementById('accept_terms')?.click();
    await waitFor(() => expect(document.getElementById('accept_terms')).toHaveProperty('checked', true));
    shown.unmount();
    const again = await showScreen('sign-up', fake);
    expect([value('email'), value('password')]).toEqual(['sari@contoh.id', '']);
    expect(document.getElementById('accept_terms')).toHaveProperty('checked', true);
    expect(document.getElementById('accept_privacy')).toHaveProperty('checked', false);
    again.unmount();
    await showScreen('sign-in', fake);
    expect(value('email')).toBe('sari@contoh.id');
  });

  it('names the button beside a password by what it does and to which field', async () => {
    await showScreen('sign-up', fakeOf());
    const button = () => document.querySelector<HTMLElement>('[aria-controls="password"]');
    expect(button()?.getAttribute('aria-label')).toBe('Tampilkan: Kata sandi');
    expect(button()?.hasAttribute('aria-pressed')).toBe(false);
    button()?.click();
    await waitFor(() => expect(button()?.getAttribute('aria-label')).toBe('Sembunyikan: Kata sandi'));
    expect(button()?.textContent?.trim()).toBe('Sembunyikan');
  });

  it('watches the connection while the form is open, and only then', async () => {
    const fake = fakeOf();
    const shown = await showScreen('sign-up', fake);
    shown.unmount();
    await waitFor(() => {
      const watched = fake.calls.filter((one) => one.name === 'watch_connection').map((one) => one.args.on);
      expect(watched).toEqual([true, false]);
    });
  });

  it('is stopped where the check says so', async () => {
    const fake = fakeOf();
    const { finishedCheck } = await import('../../ipc/fake-check');
    await showScreen('sign-up', fake);
    fake.emitCheck(finishedCheck('portal'));
    await screen.findByText('Akun belum bisa dibuat');
    const button = document.querySelector("[data-action='submit-sign-up']");
    expect(button?.getAttribute('aria-disabled')).toBe('true');
    const reason = document.getElementById(button?.getAttribute('aria-describedby') ?? '');
    expect(reason?.getAttribute('role')).toBe('status');
    expect(reason?.textContent).toContain('Akun belum bisa dibuat');
    press('submit-sign-up');
    expect(document.activeElement).toBe(reason);
    expect(fake.calls.some((one) => one.name === 'sign_up')).toBe(false);
    await expectAccessible();
  });

  it.each([
    ['poor', 'Koneksimu tidak stabil.'],
    ['server_unreachable', 'Server pusat tidak bisa dicapai dari jaringan ini.'],
    ['server_busy', 'Server pusat sedang ramai.'],
    ['server_down', 'Server pusat sedang mengalami gangguan.'],
  ] as [Verdict, string][])('says for %s what is the matter and stays open', async (verdict, title) => {
    const fake = fakeOf();
    const { finishedCheck } = await import('../../ipc/fake-check');
    await showScreen('sign-up', fake);
    const notice = document.getElementById('connection-notice');
    expect(notice?.textContent?.trim()).toBe('');
    fake.emitCheck(finishedCheck(verdict));
    await screen.findByText(title);
    expect(notice?.textContent).toContain(title);
    // It looks again by itself: what is known stays.
    fake.emitCheck({ ...finishedCheck(verdict), running: true });
    await screen.findByText(title);
    expect(document.querySelector("[data-action='submit-sign-up']")?.getAttribute('aria-disabled')).toBeNull();
  });
});

describe('password rules', () => {
  it.each([
    ['Rahasia2026', 'a@contoh.id', []],
    ['Sandi dengan spasi 1', '', []],
    ['Abcdef12', '', ['length']],
    ['RAHASIA2026', '', ['lower']],
    ['rahasia2026', '', ['upper']],
    ['RahasiaBesar', '', ['digit']],
    ['SariW2026x', 'sariw@contoh.id', ['email']],
    ['SariW2026x', 'sar@contoh.id', []],
    ['Ünder9äöü', '', []],
    ['', '', ['length', 'lower', 'upper', 'digit', 'email']],
  ])('%s with %s breaks %j', (password, email, broken) => {
    const names = passwordRules(password, email)
      .filter((rule) => !rule.met)
      .map((rule) => rule.name);
    expect(names).toEqual(broken);
  });
});

describe('code', () => {
  it('offers another try when it cannot be read how the code stands', async () => {
    const fake = fakeOf(SCENARIOS.code);
    let broken = true;
    fake.on('get_pending_code', () => {
      if (broken) throw refusal('internal');
      return pendingCode('sari@contoh.id');
    });
    await showScreen('code', fake);
    await screen.findByText('Masa berlaku kode dan kirim ulang belum bisa dibaca.');
    broken = false;
    press('read-again');
    await screen.findByText(/Kode berlaku/u);
    expect(document.getElementById('error-summary')).toBeNull();
  });

  it('takes a pasted code with spaces and opens the home screen', async () => {
    const fake = fakeOf(SCENARIOS.code);
    await showApp(fake, '#/code');
    await screen.findByText(/Kode berlaku/);
    await expectAccessible();
    type('code', ' 123 456 ');
    press('confirm-code');
    await waitFor(() => expect(document.querySelector("main[data-screen='home']")).not.toBeNull());
    expect(fake.calls.find((one) => one.name === 'confirm_code')?.args).toEqual({ code: '123456' });
  });

  it('keeps a wrong code, says how many tries are left, and leads to the field', async () => {
    await showScreen('code', fakeOf(SCENARIOS.code));
    type('code', '000000');
    press('confirm-code');
    const box = await summary();
    expect(box.textContent).toContain('Sisa 4 kali mencoba');
    expect(box.querySelector('a')?.getAttribute('href')).toBe('#code');
    expect(value('code')).toBe('000000');
    expect(document.getElementById('code')?.getAttribute('aria-invalid')).toBe('true');
  });

  it('lets nobody send again before the time, and shows how often it is possible', async () => {
    await showScreen('code', fakeOf(SCENARIOS.code));
    await screen.findByText(/Sisa 5 kali kirim ulang/);
    expect(document.querySelector<HTMLButtonElement>("[data-action='resend-code']")?.disabled).toBe(true);
  });

  it('sends again when the time has come', async () => {
    const fake = fakeOf((world) => {
      SCENARIOS.code?.(world);
      world.pending = { ...pendingCode('sari@contoh.id'), resend_at: Date.now() - 1 };
    });
    await showScreen('code', fake);
    await waitFor(() => press('resend-code'));
    await screen.findByText(/Kode baru dikirim/);
    await screen.findByText(/Sisa 4 kali kirim ulang/);
  });

  it('shows the lock with its end', async () => {
    const fake = fakeOf(SCENARIOS.code);
    fake.on('confirm_code', () => {
      throw refusal('code_locked', { numbers: { attempts_left: 0 }, retry_after_ms: 7_200_000 });
    });
    await showScreen('code', fake);
    type('code', '000000');
    press('confirm-code');
    await screen.findByText(/^Demi keamanan akunmu, kode dikunci sampai (\d+ \p{L}+, )?\d\d\.\d\d/u);
    expect(document.querySelector<HTMLButtonElement>("[data-action='confirm-code']")?.disabled).toBe(true);
  });

  it('takes the code that came last while no other one is sent', async () => {
    const fake = fakeOf((world) => {
      SCENARIOS.code?.(world);
      world.pending = { ...pendingCode('sari@contoh.id'), resend_at: 0 };
    });
    fake.on('resend_code', () => {
      throw refusal('code_locked', { retry_after_ms: 7_200_000 });
    });
    await showScreen('code', fake);
    await screen.findByText(/Kode berlaku/);
    press('resend-code');
    await screen.findByText(/Kirim ulang sudah habis\. Coba lagi mulai (\d+ \p{L}+, )?\d\d\.\d\d/u);
    expect(document.querySelector<HTMLButtonElement>("[data-action='confirm-code']")?.disabled).toBe(false);
  });

  it('shows the sandbox mailbox only where there is one', async () => {
    const fake = fakeOf((world) => {
      SCENARIOS.code?.(world);
      world.pending = { ...pendingCode('sari@contoh.id'), sandbox_mailbox: null };
    });
    await showScreen('code', fake);
    await screen.findByText(/Kode berlaku/);
    expect(screen.queryByText(/Server contoh/)).toBeNull();
  });

  it('changes the address only after saying what that means', async () => {
    const fake = fakeOf(SCENARIOS.code);
    await showApp(fake, '#/code');
    await screen.findByText(/Kode berlaku/);
    press('abandon-sign-up');
    await screen.findByText(/Data diri yang sudah diisi tetap ada/);
    expect(fake.calls.some((one) => one.name === 'abandon_sign_up')).toBe(false);
    press('confirm-abandon');
    await waitFor(() => expect(document.querySelector("main[data-screen='sign-up']")).not.toBeNull());
  });
});

describe('sign-in', () => {
  it('refuses without telling which of the two was wrong, and clears nothing', async () => {
    await showScreen('sign-in', fakeOf());
    type('email', 'sari@contoh.id');
    type('password', 'salah');
    press('submit-sign-in');
    const box = await summary();
    expect(box.textContent).toContain('E-mail atau kata sandi tidak cocok');
    expect([value('email'), value('password')]).toEqual(['sari@contoh.id', 'salah']);
    await expectAccessible();
  });

  it('knows the address of somebody who has to sign in again', async () => {
    const fake = fakeOf((world) => {
      world.state.account = { state: 'sign_in_needed', email: 'sari@contoh.id', first_name: 'Sari' };
    });
    await showScreen('sign-in', fake);
    expect(value('email')).toBe('sari@contoh.id');
    expect(screen.getByText(/masih ada di komputer ini\./)).toBeTruthy();
  });
});

describe('sessions', () => {
  it('signs another computer out only after asking, never this one', async () => {
    const fake = fakeOf(SCENARIOS.inside);
    await showScreen('sessions', fake);
    await screen.findByText('PC Warnet Melati (Windows)');
    await expectAccessible();
    expect(document.querySelectorAll("[data-action='revoke-session']")).toHaveLength(1);
    press('revoke-session');
    await screen.findByText('Keluarkan PC Warnet Melati (Windows)?');
    expect(fake.calls.some((one) => one.name === 'revoke_session')).toBe(false);
    press('confirm-revoke');
    await screen.findByText('PC Warnet Melati (Windows) sudah dikeluarkan.');
    expect(document.querySelectorAll("[data-action='revoke-session']")).toHaveLength(0);
  });

  it('says that the list needs internet, and tries again', async () => {
    const fake = fakeOf(SCENARIOS.inside);
    fake.on('list_sessions', () => {
      throw refusal('offline');
    });
    await showScreen('sessions', fake);
    await screen.findByText('Daftar ini butuh internet.');
    expect(app.state.account.state).toBe('signed_in');
  });
});
