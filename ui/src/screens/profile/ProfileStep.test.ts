import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { router } from '../../app/router.svelte';
import { refusal } from '../../ipc/fake';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Profile from './Profile.svelte';

afterEach(() => void vi.useRealTimers());

const input = (id: string) =>
  waitFor(() => document.getElementById(id) as HTMLInputElement).then((element) => {
    if (!element) throw new Error(`no #${id}`);
    return element;
  });
const field = async (id: string) => {
  await waitFor(() => expect(document.getElementById(id)).not.toBeNull());
  return input(id);
};

describe('a step of the personal data', () => {
  it('cannot be changed after the match, says why, and leads back from a change', async () => {
    const fake = await fakeIn('inside', (world) => {
      world.profile.values = { nik: '2171014102030002', kk_number: '2171010506180007' };
      world.profile.frozen = { nik: '2171014102030001', kk_number: '2171010506180007' };
    });
    show(Profile, 'profile-identity');
    const nik = await field('nik');
    expect(nik.matches(':disabled')).toBe(true);
    expect(document.querySelector('[data-frozen]')?.textContent).toContain('dicocokkan');
    await fireEvent.click(screen.getByRole('button', { name: 'Pakai isian yang dicocokkan' }));
    await waitFor(() => expect(fake.world.profile.values.nik).toBe('2171014102030001'));
    expect(nik.value).toBe('2171014102030001');
    expect(document.querySelector('[data-action="restore-matched"]')).toBeNull();
    expect(await violations()).toEqual([]);
  });

  it('says beside the status that it excludes, before anything is sent', async () => {
    await fakeIn('inside');
    show(Profile, 'profile-work');
    await fireEvent.click(await field('employment_status-job_seeker'));
    expect(document.body.textContent).not.toContain('bukan sasaran program');
    await fireEvent.click(await field('employment_status-student'));
    await waitFor(() => expect(document.body.textContent).toContain('bukan sasaran program'));
  });

  it.each([
    [64, 'usia 18 sampai 64 tahun'],
    [null, 'usia 18 tahun ke atas'],
  ])('tells the ages of the scheme: %s', async (max_age, words) => {
    await fakeIn('inside', (world) => (world.registration.eligibility.max_age = max_age));
    show(Profile, 'profile-birth');
    await waitFor(() => expect(document.body.textContent).toContain(words));
  });

  it('drops an answer that was overtaken', async () => {
    const fake = await fakeIn('inside', (world) => (world.profile.values.full_name = 'Sari'));
    const older = structuredClone(fake.world.profile);
    show(Profile, 'profile-name');
    const name = await field('full_name');
    let release = () => {};
    const overtaken = new Promise((done) => (release = () => done(older)));
    fake.on('get_profile', () => (callsOf(fake, 'get_profile').length === 2 ? overtaken : fake.world.profile));
    fake.emitChanged('profile');
    fake.world.profile.values.full_name = 'Sari Wulandari';
    fake.emitChanged('profile');
    await waitFor(() => expect(name.value).toBe('Sari Wulandari'));
    release();
    await new Promise((done) => setTimeout(done, 20));
    expect(name.value).toBe('Sari Wulandari');
  });

  it('saves while typing, at most a second behind, and says when', async () => {
    const fake = await fakeIn('inside');
    show(Profile, 'profile-name');
    const name = await field('full_name');
    vi.useFakeTimers({ shouldAdvanceTime: false });
    await fireEvent.input(name, { target: { value: 'Sa' } });
    await fireEvent.input(name, { target: { value: 'Sari' } });
    expect(callsOf(fake, 'save_profile_field')).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(callsOf(fake, 'save_profile_field')).toEqual([{ field: 'full_name', value: 'Sari' }]);
    expect(document.body.textContent).toMatch(/Tersimpan di komputer ini \d\d\.\d\d/u);
  });

  it('saves at once when the field is left and when the step is left', async () => {
    const fake = await fakeIn('inside');
    const { unmount } = show(Profile, 'profile-phone');
    const phone = await field('phone');
    await fireEvent.input(phone, { target: { value: '0812' } });
    await fireEvent.focusOut(phone);
    await waitFor(() => expect(fake.world.profile.values.phone).toBe('0812'));
    await fireEvent.input(phone, { target: { value: '08123' } });
    unmount();
    await waitFor(() => expect(fake.world.profile.values.phone).toBe('08123'));
  });

  it('lists what is wrong, links to the field, clears nothing, and forgets an error once it is mended', async () => {
    const fake = await fakeIn('inside');
    fake.on('check_profile_fields', ({ fields }) => {
      const nik = (fake.world.profile.values.nik ?? '').replace(/\s/gu, '');
      const wrong = (fields as string[]).includes('nik') && nik.length !== 16;
      const errors = wrong
        ? [{ field: 'nik', code: 'wrong_length', params: { expected: 16, actual: nik.length } }]
        : [];
      return { errors, warnings: [] };
    });
    show(Profile, 'profile-identity');
    const nik = await field('nik');
    await fireEvent.input(nik, { target: { value: '2171 0141 0203 001' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Simpan dan lanjut' }));
    const summary = await waitFor(() => {
      const box = document.getElementById('error-summary');
      expect(box).not.toBeNull();
      return box as HTMLElement;
    });
    const sentence = 'NIK harus 16 angka. Baru terisi 15.';
    expect(within(summary).getByRole('link', { name: sentence }).getAttribute('href')).toBe('#nik');
    await waitFor(() => expect(document.activeElement).toBe(summary));
    expect(nik.value).toBe('2171 0141 0203 001');
    expect(nik.getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById('nik-error')?.textContent).toContain(sentence);
    expect(router.route?.screen).toBe('profile-identity');

    await fireEvent.input(nik, { target: { value: '2171 0141 0203 0001' } });
    await fireEvent.focusOut(nik);
    // Leaving the field moves nothing under the pointer: the error stays until the person goes on.
    expect(nik.getAttribute('aria-invalid')).toBe('true');
    await fireEvent.click(screen.getByRole('button', { name: 'Simpan dan lanjut' }));
    await waitFor(() => expect(router.route?.screen).toBe('profile-birth'));
  });

  it('says before it is saved that another number than the one in use needs a code again', async () => {
    await fakeIn('inside', (world) => {
      world.profile.values.phone = '+6281234567890';
      world.profile.phone_in_use = '+6281234567890';
    });
    show(Profile, 'profile-phone');
    const phone = await field('phone');
    const warned = () => document.querySelector('[data-phone-changed="true"]')?.textContent ?? null;
    for (const same of ['0812 3456 7890', '0812']) {
      await fireEvent.input(phone, { target: { value: same } });
      expect(warned(), same).toBeNull();
    }
    await fireEvent.input(phone, { target: { value: '0812 9999 0000' } });
    await waitFor(() => expect(warned()).toContain('+62 812-3456-7890'));
    expect(await violations()).toEqual([]);
  });

  it('reads the number back in groups with what they mean', async () => {
    await fakeIn('half');
    show(Profile, 'profile-identity');
    await field('nik');
    const readBack = document.getElementById('nik-read-back') as HTMLElement;
    expect([...readBack.querySelectorAll('.digits')].map((one) => one.textContent)).toEqual([
      '2171',
      '0141',
      '0203',
      '0001',
    ]);
    expect(readBack.textContent).toContain('kota di Kepulauan Riau');
    expect(readBack.textContent).toContain('tanggal 1 (perempuan)');
    expect(readBack.textContent).toContain('Februari 2003');
  });

  it('joins a birth date typed in three parts', async () => {
    const fake = await fakeIn('inside');
    show(Profile, 'profile-birth');
    for (const [part, value] of [
      ['day', '1'],
      ['month', '2'],
      ['year', '2003'],
    ] as const) {
      await fireEvent.input(await field(`birth_date-${part}`), { target: { value } });
    }
    await fireEvent.click(await field('gender-female'));
    await waitFor(() =>
      expect(fake.world.profile.values).toMatchObject({ birth_date: '2003-02-01', gender: 'female' }),
    );
  });

  it('says so when saving fails, keeps the text, and saves on another try', async () => {
    const fake = await fakeIn('inside');
    let full = true;
    fake.on('save_profile_field', ({ field: name, value }) => {
      if (full) throw refusal('disk_full');
      fake.world.profile.values[name as 'ktp_address'] = value as string;
      return { saved_at: Date.now() };
    });
    show(Profile, 'profile-address');
    const street = await field('ktp_address');
    await fireEvent.input(street, { target: { value: 'Kota Batam' } });
    await fireEvent.focusOut(street);
    const again = await screen.findByRole('button', { name: 'Coba simpan lagi' });
    expect(screen.getByRole('alert').textContent).toContain('Belum tersimpan');
    expect(street.value).toBe('Kota Batam');
    full = false;
    await fireEvent.click(again);
    await waitFor(() => expect(fake.world.profile.values.ktp_address).toBe('Kota Batam'));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('keeps text that could not be saved when the person looks at another screen', async () => {
    const fake = await fakeIn('inside');
    let full = true;
    fake.on('save_profile_field', ({ field: name, value }) => {
      if (full) throw refusal('disk_full');
      fake.world.profile.values[name as 'ktp_address'] = value as string;
      return { saved_at: Date.now() };
    });
    const { unmount } = show(Profile, 'profile-address');
    const street = await field('ktp_address');
    await fireEvent.input(street, { target: { value: 'Kota Batam' } });
    await fireEvent.focusOut(street);
    await screen.findByRole('alert');
    unmount();
    show(Profile, 'profile-address');
    expect(await field('ktp_address')).toHaveProperty('value', 'Kota Batam');
    full = false;
    await fireEvent.click(screen.getByRole('button', { name: 'Coba simpan lagi' }));
    await waitFor(() => expect(fake.world.profile.values.ktp_address).toBe('Kota Batam'));
  });

  it('says beside the field that a text is too long even for a draft, and saves the others', async () => {
    const fake = await fakeIn('inside');
    fake.on('save_profile_field', ({ field: name, value }) => {
      if ((value as string).length > 1000) {
        const wrong = { field: name as string, code: 'too_long' as const, params: { max: 1000 } };
        throw refusal('validation', { fields: [wrong] });
      }
      fake.world.profile.values[name as 'kk_number'] = value as string;
      return { saved_at: Date.now() };
    });
    show(Profile, 'profile-identity');
    await fireEvent.input(await field('nik'), { target: { value: 'x'.repeat(1001) } });
    await fireEvent.input(await field('kk_number'), { target: { value: '2171010506180007' } });
    await fireEvent.focusOut(await field('kk_number'));
    await waitFor(() => expect(fake.world.profile.values.kk_number).toBe('2171010506180007'));
    await waitFor(() =>
      expect(document.getElementById('nik-error')?.textContent).toContain('Paling banyak 1.000 huruf'),
    );
    expect((await field('nik')).getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById('kk_number-error')).toBeNull();
  });

  it('marks all three parts of a wrong date', async () => {
    const fake = await fakeIn('inside');
    fake.on('check_profile_fields', () => ({ errors: [{ field: 'birth_date', code: 'invalid_date' }], warnings: [] }));
    show(Profile, 'profile-birth');
    const part = (name: string) => field(`birth_date-${name}`);
    await fireEvent.input(await part('day'), { target: { value: '31' } });
    await fireEvent.input(await part('month'), { target: { value: '2' } });
    await fireEvent.input(await part('year'), { target: { value: '2003' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Simpan dan lanjut' }));
    await waitFor(() => expect(document.getElementById('birth_date-error')).not.toBeNull());
    for (const name of ['day', 'month', 'year']) {
      expect((await part(name)).getAttribute('aria-invalid')).toBe('true');
      expect((await part(name)).getAttribute('aria-describedby')).toContain('birth_date-error');
    }
  });

  it('lets the review read only once the last key is stored', async () => {
    const fake = await fakeIn('whole');
    let store: (() => void) | undefined;
    fake.on('save_profile_field', ({ field: name, value }) => {
      return new Promise((done) => {
        store = () => {
          fake.world.profile.values[name as 'phone'] = value as string;
          done({ saved_at: Date.now() });
        };
      });
    });
    const { unmount } = show(Profile, 'profile-phone');
    await fireEvent.input(await field('phone'), { target: { value: '0813 0000 1111' } });
    const before = callsOf(fake, 'get_profile').length;
    unmount();
    show(Profile, 'profile-review');
    await waitFor(() => expect(store).toBeDefined());
    expect(callsOf(fake, 'get_profile')).toHaveLength(before);
    store?.();
    await waitFor(() => expect(document.body.textContent).toContain('+62 813-0000-1111'));
  });

  it('goes back to the review when it came from there', async () => {
    await fakeIn('whole');
    show(Profile, 'profile-phone', 'review');
    await field('phone');
    await fireEvent.click(screen.getByRole('button', { name: 'Simpan dan kembali ke pemeriksaan' }));
    await waitFor(() => expect(router.route?.screen).toBe('profile-review'));
  });

  it('goes on at the first incomplete step', async () => {
    await fakeIn('half');
    show(Profile, 'profile');
    await waitFor(() => expect(router.route?.screen).toBe('profile-birth'));
  });

  it('watches the connection while it is open and no longer', async () => {
    const fake = await fakeIn('inside');
    const { unmount } = show(Profile, 'profile-name');
    await field('full_name');
    unmount();
    await waitFor(() => expect(callsOf(fake, 'watch_connection')).toEqual([{ on: true }, { on: false }]));
  });

  it('takes what was changed elsewhere but never under the fingers', async () => {
    const fake = await fakeIn('half');
    show(Profile, 'profile-identity');
    const nik = await field('nik');
    await fireEvent.input(nik, { target: { value: '9' } });
    fake.world.profile.values.nik = '1111';
    fake.world.profile.values.kk_number = '2222';
    fake.emitChanged('profile');
    const kk = await field('kk_number');
    await waitFor(() => expect(kk.value).toBe('2222'));
    expect(nik.value).toBe('9');
  });

  it.each(['name', 'identity', 'birth', 'phone', 'address', 'domicile', 'work', 'family', 'interests'] as const)(
    '%s: axe finds nothing',
    async (step) => {
      await fakeIn('half');
      show(Profile, `profile-${step}`);
      await screen.findByRole('button', { name: 'Simpan dan lanjut' });
      expect(screen.getByText(/Langkah \d dari 9/u)).toBeTruthy();
      expect(await violations()).toEqual([]);
    },
  );
});
