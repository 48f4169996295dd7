import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '../../app/router.svelte';
import type { World } from '../../ipc/fake-world';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Profile from './Profile.svelte';
import { ALL_FIELDS, asked, stepOf } from './steps';

async function review(scenario: string, change?: (world: World) => void) {
  const fake = await fakeIn(scenario, change);
  show(Profile, 'profile-review');
  await waitFor(() => expect(document.querySelector('[data-change]')).not.toBeNull());
  return fake;
}

describe('check your answers', () => {
  it('has a link per answer that comes back here', async () => {
    await review('whole');
    for (const field of ALL_FIELDS.filter((one) => asked(one, { domicile_same_as_ktp: 'yes' }))) {
      const link = document.querySelector(`[data-change="${field}"]`);
      expect(link?.getAttribute('href')).toBe(`#/profile-${stepOf(field).name}/review`);
    }
    const name = document.querySelector('[data-change="nik"]')?.getAttribute('aria-label');
    expect(name).toBe('Ubah NIK');
    expect(document.body.textContent).toContain('2171 0141 0203 0001');
    expect(document.body.textContent).toContain('1 Februari 2003');
    expect(document.body.textContent).toContain('Terkena PHK');
    expect(document.body.textContent).toContain('+62 812-3456-7890');
    expect(document.body.textContent).toContain('Administrasi dan perkantoran, Teknologi informasi');
    await waitFor(() =>
      expect(document.getElementById('row-ktp_region')?.textContent).toContain(
        'Baloi Permai, Batam Kota, Kota Batam, Kepulauan Riau',
      ),
    );
    expect(document.getElementById('row-domicile_region')).toBeNull();
  });

  it('says what looks odd without standing in the way', async () => {
    const fake = await review('whole');
    expect(document.querySelector('[data-warning="birth_date_differs"]')).not.toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'Kirim data diri' }));
    await waitFor(() => expect(router.route?.screen).toBe('home'));
    expect(callsOf(fake, 'submit_profile')).toHaveLength(1);
  });

  it.each<[string, (world: World) => void, string]>([
    ['online', () => {}, 'Kirim data diri'],
    ['offline', (world) => (world.state.sync.online = false), 'Simpan & kirim saat online'],
    ['not tried yet', (world) => (world.state.sync.online = null), 'Simpan & kirim saat online'],
    ['not known', (world) => (world.state.sync.online = null), 'Simpan & kirim saat online'],
    [
      'session over',
      (world) => (world.state.account = { state: 'sign_in_needed', email: 'a@b.id', first_name: null }),
      'Simpan & kirim saat online',
    ],
  ])('%s: the button says what really happens', async (_case, change, words) => {
    await review('whole', change);
    const button = document.querySelector('[data-action="submit-profile"]');
    expect(button?.textContent?.trim()).toBe(words);
  });

  it('does not offer to send without an account, and says that nothing is lost', async () => {
    await review('draft');
    expect(document.querySelector('[data-action="submit-profile"]')).toBeNull();
    expect(document.querySelector('[data-action="go-sign-up"]')?.getAttribute('href')).toBe('#/sign-up');
    expect(document.body.textContent).toContain('tidak perlu diketik ulang');
  });

  it('keeps what central refused, names the field, and sends it again', async () => {
    const fake = await review('whole', (world) => {
      world.profile.delivery = { state: 'needs_you', why: 'validation', at: Date.now() };
      world.profile.refused = [{ field: 'phone', code: 'invalid_phone', params: {} }];
    });
    const row = document.getElementById('row-phone');
    expect(row?.textContent).toContain('+62 812-3456-7890');
    expect(row?.querySelector('.wrong')).not.toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: 'Kirim data diri' }));
    await waitFor(() => expect(callsOf(fake, 'submit_profile')).toHaveLength(1));
  });

  it('does not offer to send the same twice', async () => {
    await review('middle');
    expect(document.querySelector('[data-action="submit-profile"]')).toBeNull();
    expect(document.body.textContent).toContain('PK-7Q4M-22');
  });

  it('lists what is missing and leads to the change links', async () => {
    const fake = await review('half');
    await fireEvent.click(screen.getByRole('button', { name: 'Kirim data diri' }));
    await waitFor(() => expect(document.querySelector('#error-summary a')).not.toBeNull());
    const links = [...document.querySelectorAll('#error-summary li a')].map((link) => link.getAttribute('href'));
    expect(links).toContain('#change-birth_date');
    expect(links).toHaveLength(10);
    expect(callsOf(fake, 'submit_profile')).toEqual([]);
  });

  it.each([
    ['Pakai yang di komputer ini', true],
    ['Pakai yang di pusat', false],
  ])('a conflict is decided by the person: %s', async (words, keepMine) => {
    const fake = await review('conflict');
    const table = screen.getByRole('table');
    expect(table.textContent).toContain('SMA, SMK, atau sederajat');
    expect(table.textContent).toContain('D1, D2, atau D3');
    expect(document.querySelector('[data-action="submit-profile"]')).toBeNull();
    await fireEvent.click(screen.getByRole('button', { name: words }));
    await waitFor(() => expect(callsOf(fake, 'resolve_conflict')).toMatchObject([{ keepMine }]));
    await waitFor(() => expect(screen.queryByRole('table')).toBeNull());
  });

  it.each(['whole', 'draft', 'middle', 'conflict'])('%s: axe finds nothing', async (scenario) => {
    await review(scenario);
    expect(await violations()).toEqual([]);
  });
});
