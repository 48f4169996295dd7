import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { World } from '../../ipc/fake-world';
import { refusal } from '../../ipc/fake';
import type { SyncStatus } from '../../ipc/types';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Sync from './Sync.svelte';

async function list(scenario: string, change?: (world: World) => void) {
  const fake = await fakeIn(scenario, change);
  show(Sync, 'sync');
  await screen.findByRole('heading', { name: /^(Menunggu dikirim|Waiting to be sent)$/u });
  return fake;
}
const section = (name: string) => screen.getByRole('heading', { name }).closest('section') as HTMLElement;

describe('the list of what was sent', () => {
  it('keeps apart what needs the person, what waits and what was received', async () => {
    await list('middle');
    expect(section('Perlu tindakanmu').querySelectorAll('[data-delivery="needs_you"]')).toHaveLength(1);
    expect(section('Menunggu dikirim').querySelectorAll('[data-delivery="received"]')).toHaveLength(0);
    const received = section('Diterima pusat');
    expect(received.querySelectorAll('[data-delivery="received"]')).toHaveLength(2);
    expect(received.textContent).toContain('PK-3F8T-61');
    expect(received.textContent).not.toContain('Tersimpan di komputer ini');
  });

  it.each<[SyncStatus, boolean | null, RegExp]>([
    ['idle', true, /Belum ada yang perlu dikirim/u],
    ['all_sent', true, /Semua sudah diterima pusat/u],
    ['waiting', true, /2 menunggu dikirim/u],
    ['waiting', false, /2 menunggu koneksi/u],
    ['sending', true, /Sedang mengirim/u],
    ['needs_you', true, /1 perlu tindakanmu/u],
    ['busy', true, /Pusat sedang ramai/u],
    ['blocked', false, /Jaringan ini menghalangi/u],
  ])('says in one sentence: %s, online %s', async (status, online, words) => {
    await list('inside', (world) => {
      world.state.sync = { ...world.state.sync, status, online, waiting: 2, needs_you: 1 };
    });
    expect(screen.getByRole('heading', { name: words })).toBeTruthy();
  });

  it('leads to the connection check when the network is the reason', async () => {
    await list('inside', (world) => (world.state.sync.status = 'blocked'));
    expect(document.querySelector('[data-action="go-check"]')?.getAttribute('href')).toBe('#/check');
  });

  it('sends now, and says when that did not work', async () => {
    const fake = await list('middle');
    fake.on('sync_now', () => {
      throw refusal('offline');
    });
    await fireEvent.click(screen.getByRole('button', { name: 'Kirim sekarang' }));
    await waitFor(() =>
      expect(document.getElementById('error-summary')?.textContent).toContain('aman di komputer ini'),
    );
  });

  it('cancels one thing and nothing else', async () => {
    const fake = await list('middle');
    const before = fake.world.waiting.length;
    await fireEvent.click(
      screen.getByRole('button', { name: 'Batalkan kiriman: Pendaftaran: Las listrik SMAW posisi 1G dan 2G' }),
    );
    await waitFor(() => expect(fake.world.waiting).toHaveLength(before - 1));
    await waitFor(() => expect(document.body.textContent).toContain('Kiriman dibatalkan.'));
  });

  it('takes note of a refusal, which was sent and answered', async () => {
    const fake = await list('middle');
    const refused = fake.world.waiting.find((row) => row.delivery.state === 'needs_you');
    await fireEvent.click(screen.getByRole('button', { name: /^Mengerti, hapus dari daftar: Pendaftaran: / }));
    await waitFor(() => expect(callsOf(fake, 'cancel_command')).toEqual([{ command: refused?.command }]));
    await waitFor(() => expect(document.body.textContent).toContain('Sudah dihapus dari daftar.'));
    expect(document.body.textContent).not.toContain('Kiriman dibatalkan');
  });

  it('says that nothing is sent while the session is over', async () => {
    await list('middle', (world) => {
      const at = Date.now();
      for (const row of world.waiting) row.delivery = { state: 'needs_you', why: 'sign_in', at };
    });
    expect(await screen.findByText(/Tidak ada yang dikirim sampai/u)).toBeTruthy();
    expect(document.body.textContent).not.toContain('Yang lain tetap dikirim');
  });

  it('offers no receipt where there is none', async () => {
    await list('middle', (world) => {
      for (const row of world.received) row.delivery = { state: 'received', at: Date.now(), receipt: '' };
    });
    expect(section('Diterima pusat').querySelectorAll('[data-delivery="received"]')).toHaveLength(2);
    expect(document.body.textContent).not.toContain('tanda terima');
    expect(document.querySelector('[data-action="copy-receipt"]')).toBeNull();
  });

  it('marks the Indonesian titles in the English window', async () => {
    await list('middle', (world) => (world.state.settings.language = 'en'));
    const title = document.querySelector('[data-command] h3 [lang="id"]');
    expect(title?.textContent).toBe('Bahasa Inggris untuk layanan tamu');
    expect(title?.parentElement?.textContent?.trim()).toBe('Enrolment: Bahasa Inggris untuk layanan tamu');
  });

  it('copies a receipt number and says so', async () => {
    const fake = await list('middle');
    await fireEvent.click(screen.getByRole('button', { name: 'Salin nomor PK-3F8T-61' }));
    await waitFor(() => expect(callsOf(fake, 'copy_text')).toEqual([{ text: 'PK-3F8T-61' }]));
    expect(await screen.findByText('Nomor PK-3F8T-61 disalin.')).toBeTruthy();
  });

  it('reads again when told', async () => {
    const fake = await list('middle');
    fake.world.waiting = [];
    fake.emitChanged('sync');
    await waitFor(() => expect(section('Menunggu dikirim').textContent).toContain('Tidak ada yang menunggu'));
  });

  it.each(['middle', 'inside', 'conflict'])('%s: axe finds nothing', async (scenario) => {
    await list(scenario);
    expect(await violations()).toEqual([]);
  });
});
