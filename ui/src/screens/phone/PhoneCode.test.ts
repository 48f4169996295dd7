import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../ipc/fake';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import PhoneCode from './PhoneCode.svelte';

async function open(scenario: string) {
  const fake = await fakeIn(scenario);
  show(PhoneCode, 'phone-code');
  await waitFor(() => expect(document.querySelector('[data-stage]')).not.toBeNull());
  return fake;
}
const stage = () => document.querySelector('[data-stage]')?.getAttribute('data-stage');
const button = (action: string) => document.querySelector(`[data-action="${action}"]`) as HTMLButtonElement;
const code = () => document.getElementById('code') as HTMLInputElement;
async function confirm(typed: string) {
  await fireEvent.input(code(), { target: { value: typed } });
  await fireEvent.click(screen.getByRole('button', { name: 'Verifikasi nomor' }));
}

describe('the code to the phone', () => {
  it.each([
    ['reg-start', 'later'],
    ['reg-phone', 'start'],
    ['reg-phone-sent', 'code'],
    ['reg-phone-locked', 'code'],
    ['reg-declare', 'done'],
    ['reg-done', 'done'],
  ])('%s: %s', async (scenario, expected) => {
    await open(scenario);
    expect(stage()).toBe(expected);
  });

  it('shows the number, sends a code, takes it with spaces, and is done', async () => {
    const fake = await open('reg-phone');
    await waitFor(() => expect(document.body.textContent).toContain('+62 812-3456-7890'));
    await fireEvent.click(screen.getByRole('button', { name: 'Kirim kode SMS' }));
    await waitFor(() => expect(stage()).toBe('code'));
    await waitFor(() => expect(document.activeElement).toBe(code()));
    expect(document.body.textContent).toMatch(/Kode berlaku [45]:\d\d lagi/u);
    await confirm('123 456');
    await waitFor(() => expect(stage()).toBe('done'));
    await waitFor(() => expect(document.activeElement?.id).toBe('phone-outcome'));
    expect(callsOf(fake, 'confirm_phone_code')).toEqual([{ code: '123456' }]);
  });

  it('counts the tries of a wrong code, beside the field and in the summary, and keeps what was typed', async () => {
    await open('reg-phone-sent');
    await confirm('000000');
    await waitFor(() => expect(document.getElementById('code-error')?.textContent).toContain('Sisa 2 kali mencoba'));
    expect(document.querySelector('#error-summary a')?.getAttribute('href')).toBe('#code');
    expect(code().value).toBe('000000');
    await waitFor(() => expect(document.body.textContent).toContain('Sisa 2 kali mencoba kode ini'));
  });

  it('takes no more after the last try, and another code when it may be asked for', async () => {
    await open('reg-phone-sent');
    for (let left = 2; left >= 0; left -= 1) {
      await confirm('000000');
      await waitFor(() => expect(document.getElementById('code-error')?.textContent).toContain(`Sisa ${left} kali`));
    }
    await waitFor(() => expect(document.body.textContent).toContain('Sudah salah terlalu sering'));
    expect(button('confirm-phone-code').disabled).toBe(true);
    expect(button('resend-code').disabled).toBe(true);
  });

  it('asks for another code when the tries are used up', async () => {
    const fake = await open('reg-phone-tried');
    expect(button('confirm-phone-code').disabled).toBe(true);
    expect(button('resend-code').disabled).toBe(false);
    await fireEvent.click(button('resend-code'));
    await waitFor(() => expect(button('confirm-phone-code').disabled).toBe(false));
    expect(callsOf(fake, 'confirm_phone_code')).toEqual([]);
  });

  it.each([
    ['reg-phone-locked', /Coba lagi mulai (\d+ \p{L}+, )?\d\d\.\d\d/u],
    ['reg-phone-wait', /1:5\d:\d\d/u],
  ])('%s: says how long to wait and sends nothing', async (scenario, wait) => {
    await open(scenario);
    expect(document.body.textContent).toMatch(wait);
    for (const action of ['confirm-phone-code', 'resend-code', 'send-phone-code']) {
      expect(document.querySelector<HTMLButtonElement>(`[data-action="${action}"]`)?.disabled ?? true).toBe(true);
    }
  });

  it('takes the code that is here while no other one is sent', async () => {
    const fake = await fakeIn('reg-phone-locked', (world) => {
      const { code } = world.registration.phoneCode;
      if (code) code.tries_left = 3;
    });
    show(PhoneCode, 'phone-code');
    await waitFor(() => expect(code()).not.toBeNull());
    expect(button('resend-code').disabled).toBe(true);
    expect(document.body.textContent).toMatch(/Kirim ulang sudah habis\. Coba lagi mulai (\d+ \p{L}+, )?\d\d\.\d\d/u);
    expect(button('confirm-phone-code').disabled).toBe(false);
    await confirm('123456');
    await waitFor(() => expect(stage()).toBe('done'));
    expect(callsOf(fake, 'confirm_phone_code')).toHaveLength(1);
  });

  it('says that sending is locked, and does not blame what was typed', async () => {
    const fake = await open('reg-phone-tried');
    fake.on('send_phone_code', () => {
      throw refusal('code_locked', { retry_after_ms: 60_000 });
    });
    await fireEvent.click(button('resend-code'));
    const summary = () => document.getElementById('error-summary')?.textContent;
    await waitFor(() => expect(summary()).toContain('Kode baru belum bisa diminta'));
    expect(summary()).not.toContain('salah');
  });

  it('calls a right code right before the registration follows', async () => {
    const fake = await open('reg-phone-sent');
    fake.on('confirm_phone_code', () => fake.world.registration.view);
    await confirm('123456');
    await waitFor(() => expect(stage()).toBe('confirmed'));
    expect(document.body.textContent).toContain('Kodenya benar');
    expect(document.querySelector('[data-action="send-phone-code"]')).toBeNull();
  });

  it('does not await a code to a number that was changed, and sends to the one that is shown', async () => {
    const fake = await open('reg-phone-sent');
    await fake.invoke('save_profile_field', { field: 'phone', value: '0812 9999 0042' });
    fake.emitChanged('profile');
    await waitFor(() => expect(stage()).toBe('start'));
    await waitFor(() => expect(document.body.textContent).toContain('+62 812-9999-0042'));
    await fireEvent.click(button('send-phone-code'));
    await waitFor(() => expect(stage()).toBe('code'));
    expect(document.body.textContent).toContain('nomor yang berakhir 0042');
    expect(fake.world.profile.has_changes).toBe(false);
  });

  it('says when another code may be asked for, and how often', async () => {
    await open('reg-phone-sent');
    expect(document.body.textContent).toMatch(/Kirim ulang bisa dalam 0:\d\d/u);
    expect(document.body.textContent).toContain('Sisa 4 kali kirim ulang');
    expect(document.body.textContent).toContain('http://127.0.0.1:8787/sandbox/mailbox');
  });

  it('needs a connection, says so, and names what can be done instead', async () => {
    const fake = await fakeIn('reg-phone', (world) => (world.state.sync.online = false));
    show(PhoneCode, 'phone-code');
    await waitFor(() => expect(document.body.textContent).toContain('Kode SMS perlu internet'));
    const button = document.querySelector('[data-action="send-phone-code"]') as HTMLButtonElement;
    expect(button.disabled).toBe(true);
    expect(callsOf(fake, 'send_phone_code')).toEqual([]);
  });

  it('tells that the SMS service does not answer', async () => {
    const fake = await open('reg-phone');
    fake.on('send_phone_code', () => {
      throw refusal('party_unavailable');
    });
    await waitFor(() => expect(document.body.textContent).toContain('+62 812'));
    await fireEvent.click(screen.getByRole('button', { name: 'Kirim kode SMS' }));
    await waitFor(() =>
      expect(document.getElementById('error-summary')?.textContent).toContain('Layanan luar sedang tidak menjawab'),
    );
  });

  it.each(['reg-start', 'reg-phone', 'reg-phone-sent', 'reg-phone-locked', 'reg-phone-wait', 'reg-declare'])(
    '%s: axe finds nothing',
    async (scenario) => {
      await open(scenario);
      expect(await violations()).toEqual([]);
    },
  );
});
