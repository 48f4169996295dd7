import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { resolve } from '../../app/guard';
import type { Screen } from '../../app/router.svelte';
import { app } from '../../app/state.svelte';
import { refusal } from '../../ipc/fake';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import { fireEvent } from '@testing-library/svelte';
import { moveTo } from '../../ipc/fake-registration-world';
import Registration from './Registration.svelte';

async function open(scenario: string) {
  const fake = await fakeIn(scenario);
  show(Registration, 'registration');
  await waitFor(() => expect(document.querySelector('[data-part]')).not.toBeNull());
  return fake;
}
const next = () => document.querySelector<HTMLAnchorElement>('[data-action="next-part"]');
const standing = (part: string) => document.querySelector(`[data-part="${part}"]`)?.getAttribute('data-standing');

describe('the registration', () => {
  it.each<[string, string, string | null]>([
    ['reg-start', '1 dari 7 bagian selesai', '#/identity'],
    ['reg-mismatch', '1 dari 7 bagian selesai', '#/identity'],
    ['reg-photo', '2 dari 7 bagian selesai', '#/photo'],
    ['reg-face', '3 dari 7 bagian selesai', '#/face'],
    ['reg-phone', '4 dari 7 bagian selesai', '#/phone-code'],
    ['reg-declare', '5 dari 7 bagian selesai', '#/declarations'],
    ['reg-test', '6 dari 7 bagian selesai', '#/test'],
    ['reg-done', '7 dari 7 bagian selesai', null],
  ])('%s: %s', async (scenario, progress, to) => {
    await open(scenario);
    expect(screen.getByText(progress)).toBeTruthy();
    expect(next()?.getAttribute('href') ?? null).toBe(to);
  });

  it('gives the number to read out, and copies it', async () => {
    const fake = await open('reg-photo');
    expect(document.querySelector('[data-case-number]')?.textContent).toBe('PK-7Q4M-22K9');
    await fireEvent.click(screen.getByRole('button', { name: 'Salin nomor kasus' }));
    await waitFor(() => expect(callsOf(fake, 'copy_text')).toEqual([{ text: 'PK-7Q4M-22K9' }]));
    expect(screen.getByText('Tersalin.')).toBeTruthy();
  });

  it('says what waits for internet and what can be done all the same', async () => {
    await open('reg-face-offline');
    const tag = (part: string) => document.querySelector(`[data-part="${part}"] .status`)?.textContent?.trim();
    expect(tag('face')).toBe('Perlu internet');
    expect(tag('declarations')).toBe('Bisa sekarang');
    expect(document.body.textContent).toContain('Kamu sedang offline');
  });

  it('follows what the office says', async () => {
    const fake = await open('reg-asked');
    expect(standing('identity')).toBe('under_way');
    moveTo(fake.world.registration, 'nik_matched');
    fake.emitChanged('registration');
    await waitFor(() => expect(standing('identity')).toBe('done'));
  });

  it('a block shows its reason and leads to the appeal', async () => {
    await open('reg-blocked');
    expect(document.body.textContent).toContain('Ada data yang menurut pusat tidak benar.');
    expect(document.querySelector('[data-action="go-appeal"]')?.getAttribute('href')).toBe('#/appeal');
    expect(next()).toBeNull();
  });

  it('a final no shows its reasons and no next step', async () => {
    await open('reg-ineligible');
    expect(document.querySelector('[data-reason="civil_servant"]')).not.toBeNull();
    expect(next()).toBeNull();
  });

  it('says so when it cannot be read, and reads again', async () => {
    const fake = await fakeIn('reg-start');
    let broken = true;
    fake.on('get_registration', () => {
      if (broken) throw refusal('vault_busy');
      return structuredClone(fake.world.registration.view);
    });
    show(Registration, 'registration');
    const again = await screen.findByRole('button', { name: 'Coba lagi' });
    broken = false;
    await fireEvent.click(again);
    await waitFor(() => expect(document.querySelector('[data-part]')).not.toBeNull());
  });

  it.each<Screen>(['registration', 'identity', 'photo', 'face', 'phone-code', 'declarations'])(
    '%s needs an account',
    async (name) => {
      await fakeIn('fresh');
      expect(resolve(app.state, { screen: name, param: null })?.screen).toBe('welcome');
      await fakeIn('reg-start');
      expect(resolve(app.state, { screen: name, param: null })?.screen).toBe(name);
    },
  );

  it.each(['reg-start', 'reg-offline', 'reg-mismatch', 'reg-blocked', 'reg-ineligible', 'reg-recipient', 'reg-done'])(
    '%s: axe finds nothing',
    async (scenario) => {
      await open(scenario);
      expect(await violations()).toEqual([]);
    },
  );
});
