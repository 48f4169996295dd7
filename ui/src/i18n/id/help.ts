// Words around the help pages, Indonesian. The pages themselves are in `screens/help/pages`.

export const help = {
  title: 'Bantuan',
  lead: 'Bisa dibaca tanpa internet.',
  search: 'Cari di bantuan',
  search_hint: 'Misalnya: kode, NIK, offline',
  found: '{count} halaman ditemukan',
  none: 'Tidak ada halaman yang cocok',
  none_text: 'Coba kata lain, atau lihat semua halaman.',
  all: 'Semua halaman',
  back: 'Semua bantuan',
  contact_title: 'Masih butuh bantuan?',
  contact_operator: 'Hubungi pengelola server pusat yang kamu pakai: {operator}.',
  contact_unknown: 'Hubungi pengelola server pusat yang kamu pakai. Alamat servernya ada di Pengaturan.',
  contact_demo: 'Ini server contoh: tidak ada petugas bantuan di baliknya.',
  contact_careful: 'Jangan pernah menyebut kata sandi atau kode verifikasi.',
} as const;
