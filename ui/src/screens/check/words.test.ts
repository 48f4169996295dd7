// The words of every verdict themselves, in both languages, as they stand on the screen. Written out on purpose: a
// comparison with the dictionary would agree with any word in it.

import { waitFor } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { fakeOf, showScreen } from '../../test/window';
import type { Verdict } from '../../ipc/types';

const WORDS: Record<'id' | 'en', Record<Verdict, [string, string]>> = {
  id: {
    stable: [
      'Koneksimu stabil. Kamu bisa mendaftar sekarang.',
      'Kalau nanti terputus, isianmu tetap aman di komputer ini.',
    ],
    usable: [
      'Koneksimu lambat, tapi bisa dipakai mendaftar.',
      'Mengirim foto bisa makan waktu sekitar 12 detik. Isianmu tetap aman kalau terputus.',
    ],
    poor: [
      'Koneksimu tidak stabil.',
      'Lebih baik isi data dulu tanpa internet dan selesaikan pendaftaran nanti. Yang sudah diisi tidak hilang.',
    ],
    offline: [
      'Komputer ini tidak terhubung ke internet.',
      'Nyalakan Wi-Fi, sambungkan kabel, atau pakai hotspot HP. Sambil menunggu, data diri bisa diisi tanpa internet.',
    ],
    name_not_found: [
      'Alamat server pusat tidak ditemukan.',
      'Internet mungkin tersambung, tapi nama servernya tidak dikenal jaringan ini. Coba jaringan lain, atau periksa alamat di Pengaturan.',
    ],
    server_unreachable: [
      'Server pusat tidak bisa dicapai dari jaringan ini.',
      'Internetmu mungkin baik-baik saja. Coba lagi sebentar lagi, atau lewat jaringan lain.',
    ],
    portal: [
      'Jaringan ini minta kamu login dulu.',
      'Biasanya di Wi-Fi umum. Buka halaman loginnya, selesaikan di sana, lalu kembali dan cek lagi.',
    ],
    tls_blocked: [
      'Sambungan aman diblokir.',
      'Ada yang menyela sambungan terenkripsi di jaringan atau komputer ini, atau sertifikat server bermasalah. Demi keamanan datamu, tidak ada yang dikirim. Coba jaringan lain, misalnya hotspot HP.',
    ],
    clock_wrong: [
      'Tanggal atau jam komputer ini salah.',
      'Komputer ini menunjukkan DATE. Betulkan di pengaturan tanggal dan waktu komputer, lalu cek lagi.',
    ],
    server_busy: [
      'Server pusat sedang ramai.',
      'Bukan koneksimu yang salah. Isianmu aman; aplikasi ini mencoba lagi sendiri.',
    ],
    server_down: [
      'Server pusat sedang mengalami gangguan.',
      'Bukan koneksimu yang salah. Isianmu aman; aplikasi ini mencoba lagi sendiri.',
    ],
    too_old: [
      'Versi aplikasi ini perlu diperbarui.',
      'Server pusat butuh versi yang lebih baru. Pasang versi baru; semua isianmu di komputer ini tetap ada.',
    ],
  },
  en: {
    stable: [
      'Your connection is stable. You can sign up now.',
      'If it drops later, what you typed stays safe on this computer.',
    ],
    usable: [
      'Your connection is slow, but good enough to sign up.',
      'Sending a photo may take about 12 s. What you typed stays safe if it drops.',
    ],
    poor: [
      'Your connection is unstable.',
      'Better fill in your data without internet first and finish the sign-up later. Nothing you filled in is lost.',
    ],
    offline: [
      'This computer is not connected to the internet.',
      'Turn on Wi-Fi, plug in a cable or use a phone hotspot. Meanwhile personal data can be filled in without internet.',
    ],
    name_not_found: [
      'The address of the office server was not found.',
      'The internet may be there, but this network does not know the server’s name. Try another network, or look at the address in Settings.',
    ],
    server_unreachable: [
      'The office server cannot be reached from this network.',
      'Your internet may be fine. Try again in a moment, or through another network.',
    ],
    portal: [
      'This network wants you to log in first.',
      'Common with public Wi-Fi. Open its login page, finish there, then come back and check again.',
    ],
    tls_blocked: [
      'The secure connection is blocked.',
      'Something in this network or computer interferes with encrypted connections, or the server’s certificate is faulty. For the safety of your data nothing was sent. Try another network, such as a phone hotspot.',
    ],
    clock_wrong: [
      'The date or time of this computer is wrong.',
      'This computer shows DATE. Correct it in the computer’s date and time settings, then check again.',
    ],
    server_busy: [
      'The office server is busy.',
      'Your connection is not the problem. What you typed is safe; the app tries again by itself.',
    ],
    server_down: [
      'The office server has a problem right now.',
      'Your connection is not the problem. What you typed is safe; the app tries again by itself.',
    ],
    too_old: [
      'This version of the app needs an update.',
      'The office server needs a newer version. Install it; everything you typed on this computer stays.',
    ],
  },
};

describe('the words of the check', () => {
  const rows = (['id', 'en'] as const).flatMap((language) =>
    Object.entries(WORDS[language]).map(([verdict, words]) => [language, verdict as Verdict, words] as const),
  );
  it.each(rows)('in %s for %s', async (language, verdict, words) => {
    vi.spyOn(Date.prototype, 'getTimezoneOffset').mockReturnValue(-420);
    const fake = fakeOf((world) => {
      world.nextVerdict = verdict;
      world.state.settings.language = language;
    });
    await showScreen('check', fake);
    await waitFor(() => expect(document.querySelector(`[data-verdict='${verdict}']`)).not.toBeNull());
    const said = ['h2', 'h2 + p'].map((css) => document.querySelector(`[data-verdict] ${css}`)?.textContent);
    expect(said.map((text) => text?.replace(/\d{1,2} \p{L}+ \d{4}, \d\d[.:]\d\d WIB/u, 'DATE'))).toEqual(words);
  });
});
