import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { fakeSteps, moveTo } from '../../ipc/fake-registration-world';
import type { RegistrationState, RegistrationView } from '../../ipc/types';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Face from './Face.svelte';
import { stageOf, type FaceStage } from './stage';

async function open(scenario: string) {
  const fake = await fakeIn(scenario);
  show(Face, 'face');
  await waitFor(() => expect(document.querySelector('[data-stage]')).not.toBeNull());
  return fake;
}
const agree = () => fireEvent.click(document.querySelector('#consent-face_check') as HTMLElement);
const start = () => document.querySelector<HTMLButtonElement>('[data-action="start-face-check"]');

describe('the face check', () => {
  it.each<[RegistrationState, FaceStage]>([
    ['profile_completed', 'later'],
    ['ktp_photo_accepted', 'ready'],
    ['face_pending', 'pending'],
    ['face_failed', 'failed'],
    ['manual_review', 'manual'],
    ['face_verified', 'done'],
    ['ineligible', 'later'],
  ])('%s: %s', (state, expected) => {
    expect(stageOf({ state, steps: fakeSteps(state) } as RegistrationView)).toBe(expected);
  });

  it('leads to the provider by code and by link, labelled as a sandbox, and goes on by itself', async () => {
    const fake = await open('reg-face');
    await fireEvent.click(screen.getByRole('button', { name: 'Mulai cek wajah' }));
    expect(callsOf(fake, 'start_face_check')).toEqual([]);
    expect(document.getElementById('error-summary')?.textContent).toContain('Persetujuan 1 belum dicentang');
    await agree();
    await fireEvent.click(screen.getByRole('button', { name: 'Mulai cek wajah' }));
    expect(callsOf(fake, 'start_face_check')).toEqual([{ consents: ['face_check'] }]);
    const code = await screen.findByRole('img', { name: 'Kode QR ke halaman cek wajah' });
    expect(code.getAttribute('src')).toMatch(/^data:image\/svg\+xml,/u);
    expect(document.body.textContent).toContain('SANDBOX');
    expect(document.body.textContent).toContain('Verifikasi Wajah Contoh');
    expect(document.body.textContent).toMatch(/Berlaku 1[45]:\d\d lagi/u);
    await fireEvent.click(screen.getByRole('button', { name: 'Buka di komputer ini' }));
    expect(callsOf(fake, 'open_link')).toEqual([{ url: 'https://wajah.contoh.id/s/4f8k-2m1c' }]);
    moveTo(fake.world.registration, 'face_verified');
    fake.emitChanged('registration');
    await screen.findByText('Wajahmu terverifikasi');
    expect(screen.queryByRole('img', { name: /Kode QR/u })).toBeNull();
  });

  it('a code that has run out says so and may be made anew', async () => {
    const fake = await open('reg-face');
    fake.on('start_face_check', () => ({
      url: 'https://wajah.contoh.id/s/1',
      qr_svg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
      expires_at: Date.now() - 1,
      provider: 'Contoh',
      sandbox: false,
    }));
    await agree();
    await fireEvent.click(start() as HTMLElement);
    await waitFor(() => expect(document.body.textContent).toContain('Kode ini sudah tidak berlaku'));
    expect(document.body.textContent).not.toContain('SANDBOX');
    expect(start()?.textContent?.trim()).toBe('Mulai lagi');
  });

  it('counts the tries that are left after a failure', async () => {
    await open('reg-face-failed');
    expect(document.body.textContent).toContain('Sisa 2 kali mencoba');
    expect(start()?.disabled).toBe(false);
  });

  it('offers nothing to do while a person of the office looks', async () => {
    await open('reg-face-manual');
    expect(start()).toBeNull();
    expect(document.body.textContent).toContain('Petugas sedang memeriksa');
  });

  it('needs a connection and names what can be done instead', async () => {
    await open('reg-face-offline');
    expect(start()?.disabled).toBe(true);
    expect(document.querySelector('a[href="#/declarations"]')).not.toBeNull();
  });

  it.each(['reg-start', 'reg-face', 'reg-face-failed', 'reg-face-manual', 'reg-face-offline', 'reg-phone'])(
    '%s: axe finds nothing',
    async (scenario) => {
      await open(scenario);
      if (start() && !start()?.disabled) {
        await agree();
        await fireEvent.click(start() as HTMLElement);
        await screen.findByRole('img', { name: /Kode QR/u });
      }
      expect(await violations()).toEqual([]);
    },
  );
});
