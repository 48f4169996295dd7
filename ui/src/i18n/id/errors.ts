// What happened, is my data safe, what to do: for every code that the app can answer with. Indonesian.

export const errors = {
  // Sign-up and sign-in keep nothing on disk: what is typed there is still on the screen, and that is all.
  offline_unsaved: 'Yang kamu ketik masih ada di layar ini. Sambungkan ke internet, lalu coba lagi.',
  not_our_server_unsaved:
    'Mungkin jaringan ini minta login dulu. Tidak ada yang dikirim ke siapa pun. Cek koneksimu, lalu coba lagi.',
  tls_blocked_unsaved:
    'Ada yang menghalangi sambungan terenkripsi ke pusat, jadi tidak ada yang dikirim. Coba jaringan lain, misalnya hotspot HP.',
  clock_wrong_unsaved: 'Karena itu sambungan aman ditolak. Betulkan tanggal dan jam komputer, lalu coba lagi.',
  busy_unsaved: 'Yang kamu ketik masih ada di layar ini. Tunggu sebentar, lalu coba lagi.',
  rate_limited_unsaved: 'Demi keamanan akunmu, tunggu sebentar sebelum mencoba lagi.',
  too_old_unsaved: 'Pusat butuh versi yang lebih baru. Pasang versi baru, lalu lanjutkan.',
  validation: 'Ada isian yang perlu diperbaiki',
  validation_text: 'Isianmu tidak dihapus. Perbaiki yang ditunjuk di bawah, lalu coba lagi.',
  offline: 'Tidak ada internet',
  offline_text: 'Isianmu aman di komputer ini. Sambungkan ke internet, lalu coba lagi.',
  not_our_server: 'Yang menjawab bukan server pusat',
  not_our_server_text:
    'Mungkin jaringan ini minta login dulu. Isianmu aman dan tidak dikirim ke siapa pun. Cek koneksimu, lalu coba lagi.',
  tls_blocked: 'Sambungan aman diblokir',
  tls_blocked_text:
    'Ada yang menghalangi sambungan terenkripsi ke pusat, jadi tidak ada yang dikirim. Isianmu aman. Coba jaringan lain, misalnya hotspot HP.',
  clock_wrong: 'Tanggal atau jam komputer salah',
  clock_wrong_text:
    'Karena itu sambungan aman ditolak. Isianmu aman. Betulkan tanggal dan jam komputer, lalu coba lagi.',
  busy: 'Pusat sedang ramai',
  busy_text: 'Isianmu aman di komputer ini. Tunggu sebentar, lalu coba lagi.',
  rate_limited: 'Terlalu banyak percobaan',
  rate_limited_text: 'Isianmu aman. Demi keamanan akunmu, tunggu sebentar sebelum mencoba lagi.',
  too_old: 'Versi aplikasi ini perlu diperbarui',
  too_old_text:
    'Pusat butuh versi yang lebih baru. Isianmu tetap aman di komputer ini. Pasang versi baru, lalu lanjutkan.',
  wrong_credentials: 'E-mail atau kata sandi tidak cocok',
  wrong_credentials_text:
    'Periksa ejaan e-mail, huruf besar-kecil, dan tombol Caps Lock. Data di komputer ini tidak berubah.',
  wrong_code: 'Kodenya tidak cocok',
  wrong_code_text: 'Periksa lagi 6 angka di e-mail terbaru. Kode dari e-mail sebelumnya sudah tidak berlaku.',
  wrong_code_left: 'Periksa lagi 6 angka di e-mail terbaru. Sisa {attempts_left} kali mencoba.',
  code_expired: 'Kode sudah tidak berlaku',
  code_expired_text: 'Minta kode baru di bawah. Data pendaftaranmu masih ada.',
  code_locked: 'Terlalu sering salah',
  code_locked_text: 'Kode dikunci sementara demi keamanan akunmu. Data pendaftaranmu masih ada.',
  code_send_locked: 'Kode baru belum bisa diminta',
  code_send_locked_text:
    'Kode sudah terlalu sering dikirim. Kode terakhir yang kamu terima tetap bisa dipakai selama masih berlaku.',
  sign_in_needed: 'Kamu perlu masuk lagi',
  sign_in_needed_text: 'Datamu masih ada di komputer ini dan dikirim setelah kamu masuk.',
  account_locked: 'Akun dikunci sementara',
  account_locked_text: 'Datamu di komputer ini aman. Coba masuk lagi setelah waktu tunggu habis.',
  unsent_items: 'Masih ada yang belum terkirim',
  unsent_items_text:
    'Kalau kamu keluar sekarang, yang belum terkirim tetap tersimpan terenkripsi di sini dan baru dikirim setelah kamu masuk lagi.',
  not_found: 'Tidak ditemukan',
  not_found_text: 'Data ini sudah tidak ada di daftar. Muat ulang daftarnya, lalu pilih lagi.',
  already_enrolled: 'Kamu sudah terdaftar di pelatihan ini',
  already_enrolled_text: 'Tidak perlu mendaftar lagi. Lihat di Kegiatanku.',
  seat_full: 'Kursi sudah penuh',
  seat_full_text: 'Kamu tidak mendapat kursi dan tidak ada biaya apa pun. Pilih jadwal atau pelatihan lain.',
  enrolment_closed: 'Pendaftaran sudah ditutup',
  enrolment_closed_text: 'Pilih jadwal lain yang masih dibuka.',
  needs_balance: 'Pelatihan ini butuh saldo pelatihan',
  needs_balance_text: 'Saldo didapat setelah lolos gelombang. Pelatihan gratis bisa diikuti sekarang.',
  not_cancellable: 'Sudah tidak bisa dibatalkan',
  not_cancellable_text: 'Pusat sudah memprosesnya. Lihat keadaan terbarunya di Kegiatanku.',
  bad_address: 'Alamat server tidak bisa dipakai',
  bad_address_text:
    'Alamat harus diawali https:// dan tidak berisi nama pengguna. http:// hanya boleh untuk komputer ini sendiri.',
  vault_locked: 'Data di komputer ini masih terkunci',
  vault_locked_text: 'Buka dulu kuncinya. Tidak ada yang hilang.',
  wrong_passphrase: 'Frasa sandi tidak cocok',
  wrong_passphrase_text:
    'Data tidak diubah dan tidak dihapus, berapa kali pun salah. Periksa huruf besar-kecil dan spasi.',
  vault_broken: 'Data di komputer ini tidak bisa dibuka',
  vault_broken_text: 'Tidak ada yang dihapus. Ikuti langkah di layar berikutnya.',
  vault_busy: 'Berkas data sedang dipakai program lain',
  vault_busy_text:
    'Misalnya program cadangan atau antivirus. Yang terakhir kamu ketik mungkin belum tersimpan. Tunggu sebentar, lalu coba lagi tanpa menutup layar ini.',
  disk_full: 'Penyimpanan komputer penuh',
  disk_full_text:
    'Yang terakhir kamu ketik mungkin belum tersimpan. Kosongkan sedikit ruang, lalu coba lagi tanpa menutup layar ini.',
  disk_low: 'Ruang penyimpanan terlalu sedikit untuk foto',
  disk_low_text:
    'Foto ini belum disimpan. Yang kamu ketik tetap tersimpan. Kosongkan ruang, misalnya di folder Unduhan, lalu pilih fotonya lagi.',
  disk_low_numbers:
    'Tersisa {free_mb} MB, dan foto baru perlu {needed_mb} MB agar isianmu tetap bisa disimpan. Foto ini belum disimpan; yang kamu ketik aman. Kosongkan ruang, misalnya di folder Unduhan, lalu coba lagi.',
  step_refused: 'Bagian ini belum bisa dilakukan sekarang',
  step_refused_text:
    'Pusat sudah punya keadaan yang lebih baru. Isianmu aman. Buka Pendaftaran untuk melihat apa yang bisa dilakukan.',
  nik_taken: 'NIK ini sudah dipakai akun lain',
  nik_taken_text:
    'Satu NIK hanya untuk satu akun. Kalau akun itu milikmu, masuk dengan akun itu. Kalau bukan, hubungi petugas bantuan.',
  profile_incomplete: 'Data diri belum lengkap',
  profile_incomplete_text: 'Lengkapi data diri dulu. Yang sudah kamu isi tetap ada.',
  wave_not_open: 'Gelombang ini belum atau tidak lagi dibuka',
  wave_not_open_text: 'Tidak ada yang hilang. Lihat gelombang yang sedang dibuka.',
  not_in_region: 'Gelombang ini bukan untuk provinsimu',
  not_in_region_text: 'Tidak ada yang hilang. Kamu bisa ikut gelombang lain tanpa mengisi ulang.',
  scheme_unfit: 'Pendaftaranmu tidak memenuhi aturan gelombang ini',
  scheme_unfit_text: 'Pendaftaranmu tetap berlaku. Pilih gelombang yang aturannya kamu penuhi.',
  already_member: 'Kamu sudah pernah menjadi peserta',
  already_member_text: 'Kartu Prakerja hanya sekali seumur hidup, jadi tidak perlu bergabung lagi.',
  party_unavailable: 'Layanan luar sedang tidak menjawab',
  party_unavailable_text:
    'Pusat tersambung, tetapi layanan yang dimintanya (misalnya SMS atau cek wajah) belum menjawab. Kesempatanmu tidak berkurang. Coba lagi nanti.',
  test_over: 'Waktu tes sudah habis',
  test_over_text: 'Jawaban yang kamu pilih sebelumnya tetap dikirim dan dinilai.',
  photo_unusable: 'Berkas ini tidak bisa dibaca sebagai foto',
  photo_unusable_text: 'Pilih berkas JPEG atau PNG, paling besar 20 MB, atau ambil foto baru.',
  no_sealing_key: 'Foto belum bisa dikunci untuk pusat',
  no_sealing_key_text:
    'Komputer ini belum menerima kunci dari pusat. Fotomu aman di sini. Sambungkan ke internet sekali, lalu coba lagi.',
  selection_failed: 'Hasil seleksi tidak bisa dibuktikan',
  selection_failed_text: 'Ada bagian yang tidak cocok dengan yang diumumkan. Simpan kode di bawah dan laporkan.',
  still_participant: 'Akun peserta tidak bisa ditutup di sini',
  still_participant_text:
    'Kamu peserta, sekarang atau dulu, dan program wajib menyimpan catatan kartu dan saldonya. Tidak ada yang dihapus. Tanyakan kepada petugas bantuan dengan nomor kasusmu.',
  draw_under_way: 'Seleksi yang kamu ikuti masih berjalan',
  draw_under_way_text:
    'Sampai hasilnya keluar, daftar pendaftarnya tidak boleh berubah. Tidak ada yang dihapus. Coba lagi setelah hasilnya diumumkan.',
  still_signed_in: 'Akun ini masih masuk di komputer ini',
  still_signed_in_text: 'Tidak ada yang dihapus. Keluar dulu, atau tutup akunnya di Pengaturan.',
  closing_unknown: 'Belum diketahui apakah akunmu sudah ditutup',
  closing_unknown_text:
    'Permintaanmu mungkin sudah sampai, tetapi jawabannya tidak datang. Di komputer ini belum ada yang dihapus. Komputer ini bertanya sendiri ke pusat sampai tahu; kalau akunmu ternyata sudah ditutup, datanya di sini ikut dihapus. Kamu juga boleh mencoba lagi.',
  internal: 'Ada kesalahan di aplikasi ini',
  internal_text:
    'Yang sudah tersimpan tetap aman. Coba sekali lagi. Kalau tetap begini, bacakan kode di bawah kepada petugas bantuan.',
  wait: 'Coba lagi dalam {time}.',
  wait_until: 'Coba lagi mulai {time}.',
  action_check: 'Cek koneksi',
  action_sign_in: 'Masuk lagi',
  action_activities: 'Buka Kegiatanku',
  action_trainings: 'Buka daftar pelatihan',
  action_settings: 'Buka Pengaturan',
  action_help: 'Buka Bantuan',
  action_waves: 'Lihat gelombang',
  action_member: 'Lihat kepesertaanmu',
  action_test: 'Buka tes',
  action_registration: 'Buka Pendaftaran',
  action_profile: 'Lengkapi data diri',
  action_sync: 'Lihat yang belum terkirim',
} as const;
