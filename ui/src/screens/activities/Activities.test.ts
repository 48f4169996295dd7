import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { World } from '../../ipc/fake-world';
import { refusal } from '../../ipc/fake';
import type { ActivityRow, Delivery } from '../../ipc/types';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Activities from './Activities.svelte';

const AT = Date.UTC(2026, 10, 23, 1, 14, 11);

async function list(scenario: string, change?: (world: World) => void) {
  const fake = await fakeIn(scenario, change);
  show(Activities, 'activities');
  await waitFor(() => expect(document.querySelector('[data-activity], .empty')).not.toBeNull());
  return fake;
}
const only = (patch: Partial<ActivityRow>) => (world: World) => {
  world.activities = [{ ...(world.activities[0] as ActivityRow), ...patch }];
};
const item = () => document.querySelector('[data-activity]') as HTMLElement;

describe('my activities', () => {
  it.each<[Delivery, RegExp]>([
    [{ state: 'saved', at: AT }, /Tersimpan di komputer ini.*belum dikirim/u],
    [{ state: 'waiting', at: AT }, /Menunggu koneksi.*dikirim sendiri saat online/u],
    [{ state: 'sending', at: AT }, /Sedang dikirim/u],
    [{ state: 'needs_you', at: AT, why: 'seat_full' }, /Perlu tindakanmu.*Kursinya sudah penuh/u],
    [
      { state: 'received', at: AT, receipt: 'PK-7Q4M-22' },
      /Diterima pusat.*\d\d\.14\.11 \S+ · tanda terima PK-7Q4M-22/u,
    ],
  ])('says honestly how %o stands', async (delivery, words) => {
    await list('middle', only({ delivery }));
    expect(item().dataset.delivery).toBe(delivery.state);
    expect(item().textContent?.replace(/\s+/gu, ' ')).toMatch(words);
    if (delivery.state !== 'received') expect(item().textContent).not.toContain('Diterima pusat');
  });

  it('shows no programme status before central said so', async () => {
    await list('middle', only({ activity: { is: 'requested' } }));
    expect(item().textContent).toContain('Diminta, belum dijawab pusat');
    expect(item().textContent).not.toMatch(/Terdaftar|dipastikan/u);
  });

  it('undoes at once what never left', async () => {
    const fake = await list('middle', only({ delivery: { state: 'saved', at: AT }, command: 'c-1' }));
    await fireEvent.click(screen.getByRole('button', { name: /^Urungkan/u }));
    await waitFor(() => expect(callsOf(fake, 'cancel_command')).toEqual([{ command: 'c-1' }]));
    await waitFor(() => expect(document.querySelector('.said')?.textContent).toContain('Tidak ada yang dikirim'));
    await waitFor(() => expect(document.querySelector('[data-activity]')).toBeNull());
  });

  it('asks before giving a place back, and "keep it" keeps it', async () => {
    const enrolled: Partial<ActivityRow> = {
      activity: { is: 'enrolled', state: 'seat_confirmed' },
      delivery: { state: 'received', at: AT, receipt: 'PK-7Q4M-22' },
      command: null,
    };
    const fake = await list('middle', only(enrolled));
    const cancel = () => document.querySelector('[data-action="cancel-enrolment"]') as HTMLElement;
    await fireEvent.click(cancel());
    expect(screen.getByRole('dialog').textContent).toContain('diberikan kepada orang lain');
    await fireEvent.click(screen.getByRole('button', { name: 'Tidak jadi' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(callsOf(fake, 'cancel_enrolment')).toEqual([]);
    await fireEvent.click(cancel());
    await fireEvent.click(screen.getByRole('button', { name: 'Ya, batalkan' }));
    await waitFor(() => expect(callsOf(fake, 'cancel_enrolment')).toHaveLength(1));
    await waitFor(() => expect(document.querySelector('.said')?.textContent).toContain('setelah pusat menerimanya'));
  });

  it('takes note of a refusal', async () => {
    const refused: Partial<ActivityRow> = {
      activity: { is: 'refused' },
      delivery: { state: 'needs_you', why: 'seat_full', at: AT },
      cancellable: false,
    };
    const fake = await list('middle', only({ ...refused, command: 'c-1' }));
    await fireEvent.click(screen.getByRole('button', { name: /^Mengerti, hapus dari daftar/u }));
    await waitFor(() => expect(callsOf(fake, 'cancel_command')).toEqual([{ command: 'c-1' }]));
    await waitFor(() => expect(document.querySelector('.said')?.textContent).toContain('Sudah dihapus dari daftar'));
  });

  it('does not call a network offline that was not tried yet', async () => {
    const enrolled: Partial<ActivityRow> = {
      activity: { is: 'enrolled', state: 'seat_confirmed' },
      delivery: { state: 'received', at: AT, receipt: '' },
      command: null,
    };
    await list('middle', (world) => {
      only(enrolled)(world);
      world.state.sync.online = null;
    });
    expect(item().textContent).not.toContain('tanda terima');
    await fireEvent.click(document.querySelector('[data-action="cancel-enrolment"]') as HTMLElement);
    expect(screen.getByRole('dialog').textContent).not.toContain('offline');
  });

  it('explains why something cannot be cancelled', async () => {
    const fake = await list('middle', only({ delivery: { state: 'saved', at: AT }, command: 'c-1' }));
    fake.on('cancel_command', () => {
      throw refusal('not_cancellable');
    });
    await fireEvent.click(screen.getByRole('button', { name: /^Urungkan/u }));
    await waitFor(() =>
      expect(document.getElementById('error-summary')?.textContent).toContain('Tidak bisa dibatalkan'),
    );
  });

  it('leads out of an empty list', async () => {
    await list('inside');
    expect(document.querySelector('[data-action="go-trainings"]')?.getAttribute('href')).toBe('#/trainings');
  });

  it('follows what is heard without a click', async () => {
    const fake = await list('middle', only({ delivery: { state: 'waiting', at: AT } }));
    fake.world.activities[0]!.delivery = { state: 'received', at: AT, receipt: 'PK-1' };
    fake.emitChanged('activities');
    await waitFor(() => expect(item().dataset.delivery).toBe('received'));
  });

  it('says what failed and tries again', async () => {
    const fake = await fakeIn('inside');
    fake.on('list_activities', () => {
      throw refusal('internal');
    });
    show(Activities, 'activities');
    await fireEvent.click(await screen.findByRole('button', { name: 'Coba lagi' }));
    await waitFor(() => expect(callsOf(fake, 'list_activities')).toHaveLength(2));
  });

  it.each(['middle', 'inside'])('%s: axe finds nothing', async (scenario) => {
    await list(scenario);
    expect(await violations()).toEqual([]);
  });
});
