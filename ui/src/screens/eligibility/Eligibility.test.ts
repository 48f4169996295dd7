import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../ipc/fake';
import { app } from '../../app/state.svelte';
import { resolve } from '../../app/guard';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Eligibility from './Eligibility.svelte';

async function open(scenario: string) {
  const fake = await fakeIn(scenario);
  show(Eligibility, 'eligibility');
  await waitFor(() => expect(document.querySelector('[data-question], [data-result]')).not.toBeNull());
  return fake;
}
const asked = () => document.querySelector('[data-question]')?.getAttribute('data-question');
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));

async function answer(id: string) {
  await fireEvent.click(document.getElementById(id) as HTMLElement);
  await press(screen.queryByRole('button', { name: 'Lanjut' }) ? 'Lanjut' : 'Lihat hasil');
}

describe('the check of the conditions', () => {
  it('is reached without an account', async () => {
    await fakeIn('fresh');
    const wanted = { screen: 'eligibility', param: null } as const;
    expect(resolve(app.state, wanted)).toEqual(wanted);
  });

  it('asks one question at a time, keeps each answer, and comes to a result', async () => {
    const fake = await open('fresh');
    for (const [question, id] of [
      ['citizen', 'citizen-yes'],
      ['birth_date', null],
      ['in_formal_education', 'in_formal_education-no'],
      ['employment', 'employment-laid_off'],
      ['position', 'position-none'],
      ['was_recipient', 'was_recipient-no'],
      ['family_card_full', 'family_card_full-no'],
    ] as const) {
      await waitFor(() => expect(asked()).toBe(question));
      if (id !== null) {
        await answer(id);
        continue;
      }
      for (const [part, value] of [
        ['day', '1'],
        ['month', '2'],
        ['year', '2003'],
      ] as const) {
        await fireEvent.input(document.getElementById(`birth_date-${part}`) as HTMLElement, { target: { value } });
      }
      await press('Lanjut');
    }
    await waitFor(() => expect(document.querySelector('[data-result="eligible"]')).not.toBeNull());
    expect(callsOf(fake, 'check_eligibility')).toHaveLength(7);
    expect(fake.world.registration.eligibility.answers).toMatchObject({ birth_date: '2003-02-01', position: 'none' });
    await waitFor(() => expect(document.activeElement?.id).toBe('result'));
  });

  it('does not go on without an answer, and says so beside the question', async () => {
    const fake = await open('fresh');
    await press('Lanjut');
    expect(document.getElementById('citizen-error')?.textContent).toContain('Pilih salah satu jawaban dulu.');
    await waitFor(() => expect(document.activeElement?.id).toBe('citizen-yes'));
    expect(callsOf(fake, 'check_eligibility')).toEqual([]);
  });

  it.each([
    ['31', '2', '2003', 'Tanggal lahir ini tidak ada.'],
    ['31', '', '2003', 'Isi tanggal, bulan, dan tahun lahirmu.'],
  ])('refuses the birth date %s %s %s', async (day, month, year, words) => {
    await open('elig-half');
    await fireEvent.click(screen.getByRole('button', { name: /Ubah: Kapan/u }));
    await waitFor(() => expect(asked()).toBe('birth_date'));
    for (const [part, value] of Object.entries({ day, month, year })) {
      await fireEvent.input(document.getElementById(`birth_date-${part}`) as HTMLElement, { target: { value } });
    }
    await press('Lanjut');
    await waitFor(() => expect(document.getElementById('birth_date-error')?.textContent).toContain(words));
  });

  it('lets an answer be changed, and the result follows', async () => {
    await open('elig-no');
    expect([...document.querySelectorAll('[data-reason]')].map((one) => one.getAttribute('data-reason'))).toEqual([
      'too_young',
      'in_formal_education',
      'civil_servant',
    ]);
    expect(document.body.textContent).toContain('Kamu bisa mendaftar mulai 20 Mei 2028.');
    expect(document.body.textContent).toContain('Perpres 76/2020');
    expect(document.body.textContent).toContain('tetap ada di komputer ini');
    await fireEvent.click(screen.getByRole('button', { name: /Ubah: Apakah kamu memegang/u }));
    await answer('position-none');
    await waitFor(() => expect(document.querySelectorAll('[data-reason]')).toHaveLength(2));
  });

  it('says what the office will check for somebody who is not sure', async () => {
    await open('elig-unsure');
    expect(document.querySelector('[data-result="needs_server_check"]')).not.toBeNull();
    expect([...document.querySelectorAll('[data-about]')].map((one) => one.getAttribute('data-about'))).toEqual([
      'was_recipient',
      'family_card_full',
    ]);
  });

  it('leads on: to an account for a guest, to the registration for somebody inside', async () => {
    await open('elig-yes');
    expect(document.querySelector('[data-action="go-next"]')?.getAttribute('href')).toBe('#/sign-up');
    app.take({ ...app.state, account: { state: 'signed_in', email: 'a@b.id', first_name: null } });
    await waitFor(() =>
      expect(document.querySelector('[data-action="go-next"]')?.getAttribute('href')).toBe('#/registration'),
    );
  });

  it('leads to the date when it is one to come, and comes back to it', async () => {
    await open('elig-yes');
    await fireEvent.click(screen.getByRole('button', { name: /Ubah: Kapan/u }));
    await fireEvent.input(document.getElementById('birth_date-year') as HTMLElement, { target: { value: '2999' } });
    await press('Lihat hasil');
    await waitFor(() =>
      expect(document.querySelector('#error-summary a')?.getAttribute('href')).toBe('#birth_date-day'),
    );
    expect(document.querySelector('#error-summary a')?.textContent).toContain('tidak boleh setelah hari ini');
    expect(asked()).toBe('birth_date');
  });

  it('keeps the chosen answer when it cannot be stored', async () => {
    const fake = await open('fresh');
    fake.on('check_eligibility', () => {
      throw refusal('disk_full');
    });
    await answer('citizen-yes');
    await waitFor(() => expect(document.getElementById('error-summary')).not.toBeNull());
    expect((document.getElementById('citizen-yes') as HTMLInputElement).checked).toBe(true);
  });

  it.each(['fresh', 'elig-half', 'elig-yes', 'elig-no', 'elig-unsure', 'elig-2020'])(
    '%s: axe finds nothing',
    async (scenario) => {
      await open(scenario);
      expect(await violations()).toEqual([]);
    },
  );
});
