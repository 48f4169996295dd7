import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../ipc/fake';
import { fakeSteps } from '../../ipc/fake-registration-world';
import type { RegistrationState, RegistrationView } from '../../ipc/types';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Identity from './Identity.svelte';
import { maySend, stageOf, type IdentityStage } from './stage';

async function open(scenario: string, change?: Parameters<typeof fakeIn>[1]) {
  const fake = await fakeIn(scenario, change);
  show(Identity, 'identity');
  await waitFor(() => expect(document.querySelector('[data-stage]')).not.toBeNull());
  return fake;
}
const stage = () => document.querySelector('[data-stage]')?.getAttribute('data-stage');
const consent = () => document.querySelector<HTMLInputElement>('#consent-data_matching');
const agree = () => fireEvent.click(consent() as HTMLElement);
const send = () => document.querySelector<HTMLButtonElement>('[data-action="submit-identity"]');

describe('the stage of the match', () => {
  const states = [
    ['not_started', 'ready'],
    ['nik_submitted', 'asked'],
    ['nik_mismatch', 'mismatch'],
    ['kk_quota_full', 'kk_full'],
    ['nik_already_recipient', 'recipient'],
    ['nik_matched', 'matched'],
    ['face_failed', 'matched'],
    ['ineligible', 'closed'],
  ] as const satisfies [RegistrationState, IdentityStage][];

  const viewOf = (state: RegistrationState, patch: Partial<RegistrationView> = {}) =>
    ({ state, steps: fakeSteps(state), blocked: null, ...patch }) as RegistrationView;

  it.each(states)('%s: %s', (state, expected) => {
    expect(stageOf(viewOf(state))).toBe(expected);
  });

  it.each([
    ['waiting', 'waiting'],
    ['sending', 'waiting'],
    ['received', 'asked'],
    ['needs_you', 'ready'],
  ] as const)('what was sent and is %s: %s', (state, expected) => {
    const delivery = { state, at: 1, receipt: '', why: 'step_refused' } as const;
    const steps = fakeSteps('not_started').map((one) =>
      one.step === 'submit_identity' ? { ...one, delivery } : one,
    ) as RegistrationView['steps'];
    expect(stageOf(viewOf('not_started', { steps }))).toBe(expected);
  });

  it('lets the person send only where the office takes it', () => {
    const open = states.filter(([, one]) => maySend(one)).map(([, one]) => one);
    expect(open).toEqual(['ready', 'mismatch', 'kk_full']);
  });
});

describe('the match of the identity', () => {
  it('reads the numbers back in groups of four, each with a way to change it that comes back here', async () => {
    await open('reg-start');
    expect(document.getElementById('row-nik')?.textContent).toContain('2171 0141 0203 0001');
    expect(document.getElementById('row-kk_number')?.textContent).toContain('2171 0105 0618 0007');
    expect(document.getElementById('change-nik')?.getAttribute('href')).toBe('#/profile-identity/identity');
    expect(document.getElementById('change-birth_date')?.getAttribute('href')).toBe('#/profile-birth/identity');
  });

  it('is sent, asked, and matched', async () => {
    const fake = await open('reg-start');
    await agree();
    await fireEvent.click(screen.getByRole('button', { name: 'Kirim untuk dicocokkan' }));
    await waitFor(() => expect(stage()).toBe('matched'));
    await waitFor(() => expect(document.activeElement?.id).toBe('identity-outcome'));
    expect(callsOf(fake, 'submit_identity')).toEqual([{ consents: ['data_matching'] }]);
    expect(send()).toBeNull();
  });

  it('asks nobody before the person has agreed, and names the open box', async () => {
    const fake = await open('reg-start');
    expect(consent()?.checked).toBe(false);
    await fireEvent.click(send() as HTMLElement);
    expect(callsOf(fake, 'submit_identity')).toEqual([]);
    expect(document.querySelector('#error-summary a')?.getAttribute('href')).toContain('consent-data_matching');
    expect(await violations()).toEqual([]);
    await agree();
    expect(consent()?.getAttribute('aria-invalid')).not.toBe('true');
  });

  it('offline it is kept here and says so, and is not called received', async () => {
    await open('reg-offline');
    expect(send()?.textContent?.trim()).toBe('Simpan & kirim saat online');
    await agree();
    await fireEvent.click(send() as HTMLElement);
    await waitFor(() => expect(stage()).toBe('waiting'));
    expect(document.querySelector('[data-stage]')?.textContent).toContain('Tersimpan di komputer ini');
    expect(document.querySelector('[data-stage]')?.textContent).not.toContain('Diterima');
  });

  it('names what differs, marks it, and says who can put the registry right', async () => {
    await open('reg-mismatch');
    expect(document.querySelector('[data-stage]')?.textContent).toMatch(/NIK.*Tanggal lahir/su);
    expect(document.getElementById('row-nik')?.className).toContain('differs');
    expect(document.getElementById('row-full_name')?.className).not.toContain('differs');
    for (const help of ['1500537', '0811 800 5373', 'callcenter@dukcapil.kemendagri.go.id']) {
      expect(document.body.textContent).toContain(help);
    }
    expect(document.body.textContent).toContain('Sisa 3 kali mencoba');
  });

  it('counts the lock down and takes nothing meanwhile', async () => {
    const fake = await open('reg-locked');
    expect(document.body.textContent).toMatch(/coba lagi dalam 4[23]:\d\d/u);
    expect(send()?.disabled).toBe(true);
    await fireEvent.click(send() as HTMLElement);
    expect(callsOf(fake, 'submit_identity')).toEqual([]);
  });

  it('does not send what is missing, and says what', async () => {
    await open('reg-start', (world) => delete world.profile.values.kk_number);
    expect(document.getElementById('row-kk_number')?.textContent).toContain('Nomor KK belum diisi.');
    expect(send()?.disabled).toBe(true);
  });

  it('does not send while something is missing that is not shown here, and leads there', async () => {
    await open('reg-start', (world) => delete world.profile.values.phone);
    expect(send()?.disabled).toBe(true);
    expect(document.getElementById('complete-profile')?.getAttribute('href')).toBe('#/profile');
    expect(await violations()).toEqual([]);
  });

  it('sends a number that was changed here ahead of the question', async () => {
    const fake = await open('reg-mismatch');
    await fake.invoke('save_profile_field', { field: 'nik', value: '2171014102030002' });
    fake.emitChanged('profile');
    await waitFor(() => expect(document.getElementById('row-nik')?.textContent).toContain('2171 0141 0203 0002'));
    await agree();
    await fireEvent.click(send() as HTMLElement);
    await waitFor(() => expect(stage()).toBe('matched'));
    expect(fake.world.profile.has_changes).toBe(false);
    expect(fake.world.received[0]?.what.kind).toBe('profile');
    expect(callsOf(fake, 'submit_profile')).toEqual([]);
  });

  it('reads everything back that is frozen from here on, and says what looks odd', async () => {
    await open('reg-start', (world) => (world.profile.warnings = ['gender_differs']));
    expect(document.getElementById('row-gender')?.textContent).toContain('Perempuan');
    const odd = document.querySelector('[data-warning="gender_differs"] a');
    expect(odd?.getAttribute('href')).toBe('#/profile-birth/identity');
  });

  it.each([
    ['too_many_tries', 'terlalu sering'],
    ['party_unavailable', 'tidak menjawab'],
  ] as const)('a question that central put off says why: %s', async (why, words) => {
    const until = Date.now() + 3_600_000;
    await open('reg-start', (world) => {
      const { view } = world.registration;
      const delivery = { state: 'put_off', why, until, at: Date.now() } as const;
      view.steps = view.steps.map((one) => (one.step === 'submit_identity' ? { ...one, delivery } : one));
    });
    expect(stage()).toBe('waiting');
    expect(document.querySelector('[data-stage]')?.textContent).toContain(words);
    expect(document.querySelector('[data-stage]')?.textContent).not.toContain('internet');
  });

  it('leads whose number has another account to that account and to help', async () => {
    await open('reg-start', (world) => {
      const { view } = world.registration;
      const delivery = { state: 'needs_you', why: 'nik_taken', at: Date.now() } as const;
      view.steps = view.steps.map((one) => (one.step === 'submit_identity' ? { ...one, delivery } : one));
    });
    expect(document.querySelector('[data-action="other-account"]')?.getAttribute('href')).toBe('#/sign-in');
    expect(document.querySelector('a[href="#/help/personal"]')).not.toBeNull();
  });

  it('says that personal data needs a decision first', async () => {
    await open('reg-mismatch', (world) => {
      world.profile.delivery = { state: 'needs_you', why: 'conflict', at: Date.now() };
    });
    expect(document.querySelector('[data-action="resolve-conflict"]')?.getAttribute('href')).toBe('#/profile-review');
  });

  it.each([
    ['nik_taken', 'NIK ini sudah dipakai akun lain'],
    ['profile_incomplete', 'Data diri belum lengkap'],
  ] as const)('tells a refusal: %s', async (code, words) => {
    const fake = await open('reg-start');
    fake.on('submit_identity', () => {
      throw refusal(code);
    });
    await agree();
    await fireEvent.click(send() as HTMLElement);
    await waitFor(() => expect(document.getElementById('error-summary')?.textContent).toContain(words));
  });

  it.each([
    'reg-start',
    'reg-asked',
    'reg-mismatch',
    'reg-locked',
    'reg-kk-full',
    'reg-recipient',
    'reg-photo',
    'reg-blocked',
  ])('%s: axe finds nothing', async (scenario) => {
    await open(scenario);
    expect(await violations()).toEqual([]);
  });
});
