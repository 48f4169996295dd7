import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../ipc/fake';
import { freshDeclarations } from '../../ipc/fake-registration-world';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Declarations from './Declarations.svelte';
import { answeredOf, excludes, openOf } from './open';

async function open(scenario: string) {
  const fake = await fakeIn(scenario);
  show(Declarations, 'declarations');
  await waitFor(() => expect(document.querySelector('[data-declaration]')).not.toBeNull());
  return fake;
}
const radio = (id: string, value: 'yes' | 'no') =>
  document.getElementById(`declaration-${id}-${value}`) as HTMLInputElement;
const submit = () => document.querySelector('[data-action="submit-declarations"]') as HTMLButtonElement;
const summary = () => [...document.querySelectorAll('#error-summary li a')].map((one) => one.getAttribute('href'));

describe('what is still open', () => {
  it('is every unanswered question, every excluding answer not called right, every consent', () => {
    const view = freshDeclarations();
    expect(openOf(view, new Set())).toHaveLength(view.questions.length + view.consents.length);
    view.questions = view.questions.map((row) => ({ ...row, answer: ['citizen', 'civil_servant'].includes(row.id) }));
    view.consents = view.consents.map((row) => ({ ...row, given: row.id !== 'truthful' }));
    expect(openOf(view, new Set()).map((one) => [one.what, one.id])).toEqual([
      ['confirm', 'civil_servant'],
      ['consent', 'truthful'],
    ]);
    expect(openOf(view, new Set(['civil_servant'])).map((one) => one.id)).toEqual(['truthful']);
    expect(answeredOf(view)).toBe(view.questions.length);
  });

  it('an answer excludes only when it is the one that the rules name', () => {
    const row = { id: 'x', text: { id: '', en: '' }, answer: true, excludes: null };
    expect(excludes(row)).toBe(false);
    expect(excludes({ ...row, excludes: [true, 'police'] })).toBe(true);
    expect(excludes({ ...row, excludes: [false, 'police'] })).toBe(false);
    expect(excludes({ ...row, answer: null, excludes: [false, 'police'] })).toBe(false);
  });
});

describe('declarations', () => {
  it('are answered by nobody but the person', async () => {
    await open('reg-declare');
    expect(document.querySelectorAll('input:checked')).toHaveLength(0);
  });

  it('are saved one by one', async () => {
    const fake = await open('reg-declare');
    await fireEvent.click(radio('unemployed', 'yes'));
    await fireEvent.click(document.getElementById('consent-truthful') as HTMLElement);
    await waitFor(() => expect(callsOf(fake, 'save_consent')).toEqual([{ id: 'truthful', given: true }]));
    expect(callsOf(fake, 'save_declaration')).toEqual([{ id: 'unemployed', answer: true }]);
    await waitFor(() => expect(document.body.textContent).toMatch(/Tersimpan di komputer ini .* Belum dikirim/u));
  });

  it('an excluding answer says at once what it means, and can be taken back', async () => {
    const fake = await open('reg-declare');
    await fireEvent.click(radio('civil_servant', 'yes'));
    await screen.findByText('Jawaban ini benar?');
    expect(document.body.textContent).toContain('ASN tidak boleh menjadi peserta');
    await fireEvent.click(screen.getByRole('button', { name: 'Bukan, ubah jadi “Tidak”' }));
    await waitFor(() => expect(radio('civil_servant', 'no').checked).toBe(true));
    expect(document.activeElement).toBe(radio('civil_servant', 'no'));
    expect(screen.queryByText('Jawaban ini benar?')).toBeNull();
    expect(fake.world.registration.declarations.would_exclude).toEqual([]);
  });

  it('a no excludes too, where the rules name that answer', async () => {
    const fake = await open('reg-declare');
    await fireEvent.click(radio('citizen', 'no'));
    await screen.findByText('Jawaban ini benar?');
    expect(fake.world.registration.declarations.would_exclude).toEqual(['not_citizen']);
  });

  it('an excluding answer is sent only after the person called it right', async () => {
    const fake = await open('reg-declare-excluding');
    await fireEvent.click(submit());
    await waitFor(() => expect(summary()).toEqual(['#confirm-civil_servant']));
    expect(callsOf(fake, 'submit_declarations')).toEqual([]);
    await fireEvent.click(screen.getByRole('button', { name: 'Ya, jawaban ini benar' }));
    expect(document.body.textContent).toContain('pendaftaran berakhir setelah dikirim');
    expect(document.activeElement).toBe(radio('civil_servant', 'yes'));
    await fireEvent.click(submit());
    await waitFor(() => expect(callsOf(fake, 'submit_declarations')).toHaveLength(1));
  });

  it('lists what is missing and leads to each control', async () => {
    const fake = await open('reg-declare');
    await fireEvent.click(submit());
    await waitFor(() => expect(summary()).toHaveLength(7));
    expect(summary()[0]).toBe('#declaration-unemployed-yes');
    expect(summary().at(-1)).toBe('#consent-truthful');
    for (const link of summary()) expect(document.querySelector(link ?? '')).not.toBeNull();
    expect(callsOf(fake, 'submit_declarations')).toEqual([]);
  });

  it('are sent, received, and cannot be changed any more', async () => {
    await open('reg-declare-ready');
    expect(submit().textContent?.trim()).toBe('Kirim pernyataan');
    await fireEvent.click(submit());
    await screen.findByText('Pernyataanmu diterima pusat');
    expect(document.activeElement?.id).toBe('declarations-delivery');
    expect(radio('unemployed', 'yes').disabled).toBe(true);
    expect(document.querySelectorAll('[data-consent]')).toHaveLength(1);
  });

  it('offline they are kept here, say so, and are not called received', async () => {
    await open('reg-declare-offline');
    expect(submit().textContent?.trim()).toBe('Simpan & kirim saat online');
    await fireEvent.click(submit());
    await waitFor(() => expect(document.querySelector('[data-delivery="waiting"]')).not.toBeNull());
    const words = document.querySelector('[data-delivery]')?.textContent;
    expect(words).toContain('Tersimpan di komputer ini');
    expect(words).not.toContain('diterima');
  });

  it('show what is stored when an answer could not be saved', async () => {
    const fake = await open('reg-declare');
    fake.on('save_declaration', () => {
      throw refusal('disk_full');
    });
    await fireEvent.click(radio('unemployed', 'yes'));
    await waitFor(() =>
      expect(document.getElementById('error-summary')?.textContent).toContain('Jawaban ini belum tersimpan'),
    );
    await waitFor(() => expect(radio('unemployed', 'yes').checked).toBe(false));
  });

  it.each(['reg-declare', 'reg-declare-excluding', 'reg-declare-offline', 'reg-declare-ready'])(
    '%s: axe finds nothing',
    async (scenario) => {
      await open(scenario);
      expect(await violations()).toEqual([]);
    },
  );
});
