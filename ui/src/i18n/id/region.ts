// Words of the region picker, Indonesian.

export const region = {
  province: 'Provinsi',
  regency: 'Kabupaten atau kota',
  district: 'Kecamatan',
  village: 'Kelurahan atau desa',
  in_district: 'Kec. {path}',
  hint: 'Ketik nama kelurahan atau desa, boleh ditambah kecamatan atau kotanya. Contoh: baloi batam',
  choose: 'Pilih satu',
  by_step: 'Pilih bertahap dari provinsi',
  by_search: 'Cari dengan mengetik',
  found: '{count} hasil. Pakai panah atas dan bawah untuk memilih.',
  none: 'Tidak ada yang cocok dengan “{text}”.',
  none_help: 'Periksa ejaannya, atau pilih bertahap.',
  more_letters: 'Ketik paling sedikit dua huruf.',
  failed: 'Daftar wilayah belum bisa dibaca. Coba ketik lagi.',
  chosen: 'Pilihanmu',
  chosen_so_far: 'Baru sampai di sini. Tersimpan, bisa dilanjutkan kapan saja.',
} as const;
