import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { refusal } from '../../ipc/fake';
import { searchFakeRegions } from '../../ipc/fake-regions';
import { callsOf, fakeIn, violations } from '../../test/show';
import RegionField from './RegionField.svelte';

function field(value = '', onchange = vi.fn()) {
  const main = document.createElement('main');
  document.body.append(main);
  const shown = render(RegionField, {
    target: main,
    props: { id: 'ktp_region', label: 'Kelurahan', value, onchange },
  });
  return { ...shown, onchange };
}
const input = () => screen.getByRole('combobox') as HTMLInputElement;
const options = () => screen.queryAllByRole('option').map((one) => one.textContent?.replace(/\s+/gu, ' ').trim());
const said = () => [...document.querySelectorAll('[role=status]')].map((one) => one.textContent).join('|');
const type = (text: string) => fireEvent.input(input(), { target: { value: text } });
const key = (name: string) => fireEvent.keyDown(input(), { key: name });

describe('searching a village', () => {
  it('tells namesakes apart by their path, says how many there are, and is right for axe', async () => {
    await fakeIn('fresh');
    field();
    await type('sukajadi');
    await waitFor(() => expect(options()).toHaveLength(2));
    expect(options()).toEqual([
      'Sukajadi Kec. Batam Kota, Kota Batam, Kepulauan Riau',
      'Sukajadi Kec. Cileunyi, Kabupaten Bandung, Jawa Barat',
    ]);
    expect(said()).toContain('2 hasil');
    expect(input().getAttribute('aria-expanded')).toBe('true');
    expect(input().getAttribute('aria-controls')).toBe(screen.getByRole('listbox').id);
    expect(await violations()).toEqual([]);
  });

  it('is worked with the keys alone, and the focus stays in the input', async () => {
    await fakeIn('fresh');
    const { onchange } = field();
    input().focus();
    await type('suka');
    await waitFor(() => expect(options()).toHaveLength(4));
    expect(input().hasAttribute('aria-activedescendant')).toBe(false);
    await key('ArrowUp');
    expect(input().getAttribute('aria-activedescendant')).toBe('ktp_region-option-3');
    await key('ArrowDown');
    await key('ArrowDown');
    const active = document.getElementById(input().getAttribute('aria-activedescendant') ?? '');
    expect(active?.getAttribute('aria-selected')).toBe('true');
    expect(active?.textContent).toContain('Batam Kota');
    expect(document.activeElement).toBe(input());
    await key('Enter');
    expect(onchange).toHaveBeenCalledExactlyOnceWith('2171111005');
    expect(input().value).toBe('Sukajadi');
    expect(input().getAttribute('aria-expanded')).toBe('false');
  });

  it('Enter in an open list never sends the form, Escape closes it', async () => {
    await fakeIn('fresh');
    const { onchange } = field();
    await type('sanur');
    await waitFor(() => expect(options()).toHaveLength(2));
    expect(await key('Enter')).toBe(false);
    expect(onchange).not.toHaveBeenCalled();
    await key('Escape');
    expect(options()).toEqual([]);
    expect(input().value).toBe('sanur');
    // A closed list leaves Enter to the form.
    expect(await key('Enter')).toBe(true);
  });

  it('drops an answer that was overtaken', async () => {
    const fake = await fakeIn('fresh');
    const answers: Record<string, (value: unknown) => void> = {};
    fake.on('search_regions', ({ text }) => new Promise((done) => (answers[text as string] = done)));
    field();
    await type('sanur');
    await waitFor(() => expect(answers.sanur).toBeDefined());
    await type('baloi');
    await waitFor(() => expect(answers.baloi).toBeDefined());
    answers.baloi?.(searchFakeRegions('village', null, 'baloi'));
    await waitFor(() => expect(options()).toHaveLength(1));
    answers.sanur?.(searchFakeRegions('village', null, 'sanur'));
    await new Promise((done) => requestAnimationFrame(done));
    expect(options()).toEqual(['Baloi Permai Kec. Batam Kota, Kota Batam, Kepulauan Riau']);
  });

  it('asks once a frame, however fast somebody types, and not for one letter', async () => {
    const fake = await fakeIn('fresh');
    field();
    await type('s');
    expect(document.body.textContent).toContain('Ketik paling sedikit dua huruf.');
    await Promise.all(['sa', 'san', 'sanu', 'sanur'].map(type));
    await waitFor(() => expect(options()).toHaveLength(2));
    expect(callsOf(fake, 'search_regions')).toEqual([{ level: 'village', within: null, text: 'sanur' }]);
  });

  it('says that nothing fits, and that the list could not be read', async () => {
    const fake = await fakeIn('fresh');
    field();
    await type('xyzzy');
    await waitFor(() => expect(said()).toContain('Tidak ada yang cocok dengan “xyzzy”'));
    fake.on('search_regions', () => {
      throw refusal('vault_busy');
    });
    await type('sanur');
    await waitFor(() => expect(document.body.textContent).toContain('Daftar wilayah belum bisa dibaca'));
  });

  it('shows the whole path of what is chosen, and a half search does not replace it', async () => {
    await fakeIn('fresh');
    field('2171111001');
    await waitFor(() => expect(input().value).toBe('Baloi Permai'));
    const chosen = document.querySelector('[data-region-chosen]');
    expect(chosen?.textContent).toMatch(/Kepulauan Riau.*Kota Batam.*Batam Kota.*Baloi Permai/su);
    await type('san');
    await fireEvent.blur(input());
    expect(input().value).toBe('Baloi Permai');
  });
});

describe('choosing step by step', () => {
  const selects = () => [...document.querySelectorAll('select')];
  const codes = (at: number) => [...(selects()[at]?.options ?? [])].map((one) => one.value);

  it('opens one level after the other, each with what lies in the one before', async () => {
    await fakeIn('fresh');
    const { rerender, onchange } = field();
    await fireEvent.click(screen.getByRole('button', { name: 'Pilih bertahap dari provinsi' }));
    await waitFor(() => expect(codes(0)).toContain('21'));
    expect(selects()).toHaveLength(1);
    for (const [at, code] of ['21', '2171', '217111', '2171111001'].entries()) {
      await waitFor(() => expect(codes(at)).toContain(code));
      await fireEvent.change(selects()[at] as HTMLSelectElement, { target: { value: code } });
      expect(onchange).toHaveBeenLastCalledWith(code);
      await rerender({ value: code });
    }
    expect(selects()).toHaveLength(4);
    expect(await violations()).toEqual([]);
  });

  it('opens by itself on a draft that is chosen half-way, and says that it is kept', async () => {
    await fakeIn('fresh');
    const { onchange } = field('2171');
    await waitFor(() => expect(selects()).toHaveLength(3));
    await waitFor(() => expect(document.body.textContent).toContain('Baru sampai di sini'));
    // The control that an error leads to is the next one to choose.
    expect(document.getElementById('ktp_region')?.getAttribute('data-level')).toBe('district');
    await waitFor(() => expect(codes(0)).toContain('21'));
    await fireEvent.change(selects()[1] as HTMLSelectElement, { target: { value: '' } });
    expect(onchange).toHaveBeenLastCalledWith('21');
  });
});
