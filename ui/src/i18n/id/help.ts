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
  contact_title: 'Masih butuh orang?',
  contact_text:
    'Call center Prakerja 0800 150 3001 (bebas pulsa). Jangan pernah menyebut kata sandi atau kode verifikasi.',
} as const;
