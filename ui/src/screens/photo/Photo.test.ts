import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { refusal } from '../../ipc/fake';
import { callsOf, fakeIn, show, violations } from '../../test/show';
import Photo from './Photo.svelte';

async function open(scenario: string) {
  const fake = await fakeIn(scenario);
  const shown = show(Photo, 'photo');
  await waitFor(() => expect(document.querySelector('[data-action]')).not.toBeNull());
  return { fake, ...shown };
}
const state = () => document.querySelector('[data-photo-state]')?.getAttribute('data-photo-state');
const way = (name: string) => fireEvent.click(document.getElementById(`way-${name}`) as HTMLElement);
const file = (name = 'ktp.jpg', type = 'image/jpeg', bytes = [255, 216, 255]) =>
  new File([new Uint8Array(bytes)], name, { type });

/** A camera for a window that has none. */
function camera(getUserMedia: () => Promise<MediaStream>) {
  Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: { getUserMedia } });
}
afterEach(() => {
  Reflect.deleteProperty(navigator, 'mediaDevices');
});

const action = (name: string) => document.querySelector<HTMLButtonElement>(`[data-action="${name}"]`);

describe('choosing a photo', () => {
  it('reads a chosen file and gives its bytes to be examined', async () => {
    const { fake } = await open('reg-photo-offline');
    const input = document.getElementById('photo') as HTMLInputElement;
    expect(input.accept).toBe('image/jpeg,image/png');
    expect(document.body.textContent).toContain('paling besar 20 MB');
    await fireEvent.change(input, { target: { files: [file()] } });
    await screen.findByText('Periksa fotomu');
    const [call] = callsOf(fake, 'examine_photo') as { photo: Uint8Array }[];
    expect([...(call?.photo ?? [])]).toEqual([255, 216, 255]);
  });

  it('takes a dropped file, the first of several', async () => {
    const { fake } = await open('reg-photo-offline');
    const zone = screen.getByRole('group', { name: 'Pilih berkas foto' });
    await fireEvent.drop(zone, { dataTransfer: { files: [file('a.png', 'image/png', [1]), file('b.jpg')] } });
    await waitFor(() => expect(callsOf(fake, 'examine_photo')).toHaveLength(1));
    expect([...((callsOf(fake, 'examine_photo')[0]?.photo as Uint8Array) ?? [])]).toEqual([1]);
  });

  it('keeps the file that is being chosen when the connection comes back', async () => {
    const { fake } = await open('reg-photo-offline');
    const input = document.getElementById('photo') as HTMLInputElement;
    fake.world.state.sync.online = true;
    fake.emitState();
    await tick();
    await fireEvent.change(input, { target: { files: [file()] } });
    await screen.findByText('Periksa fotomu');
    expect(callsOf(fake, 'examine_photo')).toHaveLength(1);
  });

  it('says what is wrong with a file without reading it', async () => {
    const { fake } = await open('reg-photo-offline');
    const large = file();
    Object.defineProperty(large, 'size', { value: 21_000_000 });
    await fireEvent.change(document.getElementById('photo') as HTMLElement, { target: { files: [large] } });
    await waitFor(() => expect(document.getElementById('photo-error')?.textContent).toContain('21 MB'));
    expect(callsOf(fake, 'examine_photo')).toEqual([]);
  });

  it('knows a photo of a phone by its type, and says what to do', async () => {
    await open('reg-photo-offline');
    const target = { files: [file('IMG_0012.HEIC', 'image/heic')] };
    await fireEvent.change(document.getElementById('photo') as HTMLElement, { target });
    await waitFor(() => expect(document.getElementById('photo-error')?.textContent).toContain('kode QR'));
  });

  it('says that a file was no photo after all', async () => {
    const { fake } = await open('reg-photo-offline');
    fake.on('examine_photo', () => {
      throw refusal('photo_unusable');
    });
    await fireEvent.change(document.getElementById('photo') as HTMLElement, { target: { files: [file()] } });
    await waitFor(() =>
      expect(document.getElementById('error-summary')?.textContent).toContain('tidak bisa dibaca sebagai foto'),
    );
    expect(document.getElementById('photo')).not.toBeNull();
  });
});

describe('the camera', () => {
  it('is not offered where the engine has none, and says so', async () => {
    await open('reg-photo');
    expect(document.getElementById('way-camera')).toBeNull();
    expect(document.body.textContent).toContain('tidak menyediakan kamera');
  });

  it.each([
    ['NotAllowedError', 'Izin kamera ditolak'],
    ['NotFoundError', 'Tidak ada kamera yang ditemukan'],
    ['NotReadableError', 'dipakai program lain'],
    ['TypeError', 'Kamera tidak bisa dinyalakan'],
  ])('%s has words and another way', async (name, words) => {
    camera(() => Promise.reject(new DOMException('', name)));
    await open('reg-photo');
    await way('camera');
    await fireEvent.click(screen.getByRole('button', { name: 'Nyalakan kamera' }));
    await waitFor(() => expect(document.body.textContent).toContain(words));
    expect(document.body.textContent).toContain('Pakai HP atau pilih berkas foto');
    expect(await violations()).toEqual([]);
  });

  /** A camera with a picture, in a window that can draw it; says what the canvas came to. */
  function pictured(picture: Blob | null) {
    const stop = vi.fn();
    camera(() => Promise.resolve({ getTracks: () => [{ stop }] } as unknown as MediaStream));
    vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
    vi.spyOn(HTMLVideoElement.prototype, 'videoWidth', 'get').mockReturnValue(1920);
    vi.spyOn(HTMLVideoElement.prototype, 'videoHeight', 'get').mockReturnValue(1080);
    const drawImage = vi.fn();
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue({ drawImage } as never);
    const toBlob = vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((done) => done(picture));
    return { stop, drawImage, toBlob };
  }

  it('gives what it shows to be examined, and goes out', async () => {
    const { stop, drawImage, toBlob } = pictured(file());
    const { fake } = await open('reg-photo');
    await way('camera');
    await fireEvent.click(screen.getByRole('button', { name: 'Nyalakan kamera' }));
    const take = await screen.findByRole('button', { name: 'Ambil foto' });
    const video = document.querySelector('video');
    await fireEvent.click(take);
    await screen.findByText('Periksa fotomu');
    const calls = callsOf(fake, 'examine_photo') as { photo: Uint8Array }[];
    expect(calls.map((call) => [...call.photo])).toEqual([[255, 216, 255]]);
    expect(stop).toHaveBeenCalledTimes(1);
    // The picture as large as the camera gives it, as a JPEG.
    expect(drawImage.mock.calls).toEqual([[video, 0, 0]]);
    const canvas = toBlob.mock.contexts[0] as HTMLCanvasElement;
    expect([canvas.width, canvas.height, toBlob.mock.calls[0]?.[1]]).toEqual([1920, 1080, 'image/jpeg']);
  });

  it('goes out and says so when the engine cannot make a picture of it', async () => {
    const { stop } = pictured(null);
    const { fake } = await open('reg-photo');
    await way('camera');
    await fireEvent.click(screen.getByRole('button', { name: 'Nyalakan kamera' }));
    await fireEvent.click(await screen.findByRole('button', { name: 'Ambil foto' }));
    await waitFor(() => expect(document.body.textContent).toContain('Kamera tidak bisa dinyalakan'));
    expect(stop).toHaveBeenCalledTimes(1);
    expect(callsOf(fake, 'examine_photo')).toEqual([]);
  });

  it('goes out when the person leaves or turns it off', async () => {
    const stop = vi.fn();
    camera(() => Promise.resolve({ getTracks: () => [{ stop }, { stop }] } as unknown as MediaStream));
    vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue();
    const { unmount } = await open('reg-photo');
    await way('camera');
    await fireEvent.click(screen.getByRole('button', { name: 'Nyalakan kamera' }));
    const off = await screen.findByRole('button', { name: 'Matikan kamera' });
    await waitFor(() => expect(document.activeElement).toBe(action('take-photo')));
    await fireEvent.click(off);
    expect(stop).toHaveBeenCalledTimes(2);
    await waitFor(() => expect(document.activeElement).toBe(action('start-camera')));
    await fireEvent.click(screen.getByRole('button', { name: 'Nyalakan kamera' }));
    await screen.findByRole('button', { name: 'Ambil foto' });
    unmount();
    expect(stop).toHaveBeenCalledTimes(4);
  });

  it('goes out when permission comes after the person has left', async () => {
    const stop = vi.fn();
    let allow: (stream: MediaStream) => void = () => {};
    camera(() => new Promise((done) => (allow = done)));
    const { unmount } = await open('reg-photo');
    await way('camera');
    await fireEvent.click(screen.getByRole('button', { name: 'Nyalakan kamera' }));
    unmount();
    allow({ getTracks: () => [{ stop }] } as unknown as MediaStream);
    await waitFor(() => expect(stop).toHaveBeenCalledTimes(1));
  });
});

describe('the phone takes the photo', () => {
  it('shows code, address and time, and goes on by itself when the photo arrives', async () => {
    const { fake } = await open('reg-photo');
    await fireEvent.click(screen.getByRole('button', { name: 'Tampilkan kode QR' }));
    await screen.findByRole('img', { name: 'Kode QR ke halaman foto di pusat' });
    expect(document.body.textContent).toContain('https://pusat.contoh.id/f/8KQ2-MX4T');
    expect(document.body.textContent).toMatch(/Berlaku 1[45]:\d\d lagi/u);
    expect(await violations()).toEqual([]);
    fake.world.registration.photo.sent = {
      document: 'd',
      state: 'received',
      sent_bytes: 1,
      total_bytes: 1,
      refusal: null,
      note: null,
      at: Date.now(),
      from_phone: true,
    };
    fake.emitChanged('photo');
    await waitFor(() => expect(state()).toBe('received'));
    expect(document.body.textContent).toContain('Dikirim dari HP');
    expect(screen.queryByRole('img', { name: /Kode QR/u })).toBeNull();
  });

  it.each(['reg-photo', 'reg-photo-uploading'])(
    '%s: keeps the code while the connection comes and goes',
    async (scenario) => {
      const { fake } = await open(scenario);
      await fireEvent.click(action('start-handover') as HTMLElement);
      const code = await screen.findByRole('img', { name: 'Kode QR ke halaman foto di pusat' });
      await waitFor(() => expect(document.activeElement?.id).toBe('handover-code'));
      for (const online of [false, true]) {
        fake.world.state.sync.online = online;
        fake.emitState();
        await tick();
        expect(code.isConnected).toBe(true);
      }
    },
  );

  it('keeps no place for a code when the photo before it has arrived', async () => {
    const { fake } = await open('reg-photo-uploading');
    await fireEvent.click(action('start-handover') as HTMLElement);
    await screen.findByRole('img', { name: /Kode QR/u });
    const { photo } = fake.world.registration;
    const before = photo.sent as NonNullable<typeof photo.sent>;
    photo.sent = { ...before, state: 'rejected' };
    fake.emitChanged('photo');
    await waitFor(() => expect(state()).not.toBe('uploading'));
    fake.world.state.sync.online = false;
    fake.emitState();
    photo.sent = before;
    fake.emitChanged('photo');
    await waitFor(() => expect(state()).toBe('uploading'));
    expect(action('start-handover')).toBeNull();
  });

  it('says so when the office has no page for phones', async () => {
    const { fake } = await open('reg-photo');
    fake.on('start_handover', () => {
      throw refusal('not_found');
    });
    await fireEvent.click(screen.getByRole('button', { name: 'Tampilkan kode QR' }));
    await screen.findByText('Pusat ini belum menyediakan halaman untuk HP');
  });

  it('offline offers a file first and says why the phone cannot help', async () => {
    await open('reg-photo-offline');
    expect((document.getElementById('way-file') as HTMLInputElement).checked).toBe(true);
    await way('phone');
    expect((document.querySelector('[data-action="start-handover"]') as HTMLButtonElement).disabled).toBe(true);
    expect(document.body.textContent).toContain('perlu internet di komputer ini');
  });
});

describe('a photo that was examined', () => {
  it('marks each place, with words and how to do better', async () => {
    await open('reg-photo-warn');
    expect(document.querySelectorAll('[data-marks] rect.frame')).toHaveLength(2);
    expect(document.querySelector('[data-finding="glare"]')?.textContent).toContain('Geser kartu');
    expect(action('send-photo')?.textContent?.trim()).toBe('Tetap kirim');
  });

  it('cannot be sent when nobody could read it', async () => {
    await open('reg-photo-bad');
    expect(action('send-photo')).toBeNull();
    expect(document.querySelector('[data-finding="blurred"]')?.getAttribute('data-severity')).toBe('refuse');
  });

  it('is turned as suggested', async () => {
    const { fake } = await open('reg-photo-bad');
    expect(document.body.textContent).toContain('belum tegak');
    await fireEvent.click(action('turn-right') as HTMLElement);
    await waitFor(() => expect(document.querySelector('[data-finding="sideways"]')).toBeNull());
    expect(callsOf(fake, 'turn_photo')).toEqual([{ turn: 'right' }]);
  });

  it('is sent with its progress until the office has it', async () => {
    const { fake } = await open('reg-photo-good');
    expect(action('send-photo')?.textContent?.trim()).toBe('Kirim foto');
    action('send-photo')?.focus();
    await fireEvent.click(action('send-photo') as HTMLElement);
    await waitFor(() => expect(state()).toBe('received'));
    await waitFor(() => expect(document.activeElement?.tagName).toBe('H1'));
    expect(callsOf(fake, 'send_photo')).toHaveLength(1);
  });

  it('waits where bytes cost money, and goes when the person says so', async () => {
    const { fake } = await open('reg-photo-held');
    await fireEvent.click(action('send-photo-now') as HTMLElement);
    await waitFor(() => expect(state()).toBe('received'));
    expect(callsOf(fake, 'send_photo_now')).toHaveLength(1);
  });

  it('is refused in plain words when the disk has too little room', async () => {
    const { fake } = await open('reg-photo-good');
    fake.on('send_photo', () => {
      throw refusal('disk_low', { numbers: { free_mb: 120, needed_mb: 200 } });
    });
    await fireEvent.click(action('send-photo') as HTMLElement);
    await waitFor(() => expect(document.body.textContent).toContain('Tersisa 120 MB'));
    expect(document.body.textContent).toContain('perlu 200 MB');
    expect(await violations()).toEqual([]);
  });

  it('is still here when the office did not take it, with the reason, and is sent again as it is', async () => {
    const { fake } = await open('reg-photo-in-vain');
    expect(document.body.textContent).toContain('Fotonya belum sampai di pusat');
    expect(document.body.textContent).toContain('Terlalu sering dicoba');
    expect(await violations()).toEqual([]);
    expect(action('send-photo')?.textContent?.trim()).toBe('Kirim lagi');
    await fireEvent.click(action('send-photo') as HTMLElement);
    await waitFor(() => expect(state()).toBe('received'));
    expect(callsOf(fake, 'examine_photo')).toEqual([]);
  });

  it('is thrown away for another', async () => {
    await open('reg-photo-warn');
    await fireEvent.click(action('retake-photo') as HTMLElement);
    await waitFor(() => expect(document.getElementById('way-file')).not.toBeNull());
  });
});

describe('a photo that was sent', () => {
  it.each([
    ['reg-photo-waiting', 'waiting', 'dikirim sendiri saat online'],
    ['reg-photo-held', 'held', 'dikirim sendiri di koneksi tanpa kuota'],
    ['reg-photo-elsewhere', 'awaited_elsewhere', 'ambil foto baru di sini'],
    ['reg-photo-uploading', 'uploading', '354 dari 812 KB diterima pusat'],
    ['reg-photo-received', 'received', 'sedang dilihat'],
    ['reg-photo-rejected', 'rejected', 'Pantulan lampu menutupi angka NIK.'],
    ['reg-photo-again', 'attach_again', 'Ambil fotonya sekali lagi'],
    ['reg-face', 'accepted', 'Bagian ini selesai'],
  ])('%s: %s', async (scenario, expected, words) => {
    await open(scenario);
    expect(state()).toBe(expected);
    expect(document.body.textContent).toContain(words);
    const again = ['rejected', 'attach_again', 'awaited_elsewhere'].includes(expected);
    expect(document.getElementById('way-file') !== null).toBe(again);
    const phone = scenario === 'reg-photo-uploading';
    if (!again) expect(action('start-handover') !== null).toBe(phone);
    expect(await violations()).toEqual([]);
  });

  it.each(['reg-photo', 'reg-photo-offline', 'reg-photo-good', 'reg-photo-warn', 'reg-photo-bad', 'reg-blocked'])(
    '%s: axe finds nothing',
    async (scenario) => {
      await open(scenario);
      expect(await violations()).toEqual([]);
    },
  );
});
