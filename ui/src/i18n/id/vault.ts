// Words of the screens about the encrypted data on this computer, Indonesian.

export const vault = {
  passphrase_title: 'Pilih frasa sandi untuk datamu',
  passphrase_lead: 'Sekali saja. Setelah itu diminta setiap kali aplikasi dibuka.',
  why_title: 'Kenapa perlu frasa sandi?',
  why_1: 'NIK dan data dirimu disimpan terenkripsi di komputer ini.',
  why_2:
    'Biasanya kunci enkripsi disimpan oleh penyimpan sandi komputer. Di komputer ini penyimpan itu tidak ada atau tidak bisa dipakai.',
  why_3: 'Jadi kuncinya dikunci dengan frasa yang hanya kamu yang tahu.',
  trouble_locked: 'Penyimpan sandi komputer masih terkunci',
  trouble_locked_text:
    'Kalau kamu membukanya dulu (GNOME: “Kata Sandi dan Kunci”; KDE: “KWallet”), kamu tidak perlu frasa sandi.',
  trouble_failed: 'Penyimpan sandi komputer tidak menjawab',
  trouble_failed_text: 'Kamu bisa mencobanya sekali lagi, atau memilih frasa sandi.',
  trouble_retry: 'Coba penyimpan sandi lagi',
  trouble_retrying: 'Mencoba…',
  forget_title: 'Kami tidak bisa membukakannya',
  forget_text:
    'Frasa ini tidak dikirim ke mana pun. Kalau lupa, data yang belum terkirim di komputer ini tidak bisa dibuka siapa pun. Catat dan simpan di tempat aman.',
  passphrase: 'Frasa sandi',
  passphrase_hint:
    'Paling sedikit 12 huruf. Empat kata acak mudah diingat dan sulit ditebak, misalnya nama benda di sekitarmu.',
  passphrase_confirmation: 'Ulangi frasa sandi',
  create: 'Kunci dan lanjutkan',
  creating: 'Mengunci data…',
  locked_title: 'Buka data di komputer ini',
  locked_lead: 'Datamu terenkripsi dan masih lengkap. Ini bukan kata sandi akunmu, dan tidak butuh internet.',
  locked_passphrase_hint: 'Frasa yang kamu pilih saat pertama kali memakai aplikasi ini.',
  unlock: 'Buka',
  unlocking: 'Membuka…',
  keyring_title: 'Penyimpan sandi komputer masih terkunci',
  keyring_lead: 'Kunci datamu ada di sana. Tidak ada yang hilang.',
  keyring_step_1:
    'Masuk ke komputer dengan kata sandi komputermu, atau buka penyimpan sandinya (GNOME: “Kata Sandi dan Kunci”; KDE: “KWallet”).',
  keyring_step_2: 'Kembali ke sini dan tekan “Coba buka lagi”.',
  retry: 'Coba buka lagi',
  lost_title: 'Tidak bisa dibuka sama sekali?',
  lost_text: 'Kamu bisa mulai dengan data kosong. Data lama disisihkan, tidak dihapus.',
  set_aside: 'Mulai dengan data kosong…',
  set_aside_title: 'Mulai dengan data kosong?',
  set_aside_text:
    'Data lama tidak dihapus: berkasnya diberi nama lain di folder yang sama, tetap terenkripsi. Yang sudah diterima pusat kembali setelah kamu masuk. Yang belum terkirim tetap tinggal di berkas lama.',
  set_aside_confirm: 'Ya, sisihkan data lama',
  set_aside_busy: 'Menyisihkan…',
  help: 'Baca bantuan tentang ini',
  path: 'Tempat berkas, untuk petugas bantuan:',
  key_missing: 'Kunci data tidak ditemukan',
  key_missing_text:
    'Data terenkripsi ada, tapi kuncinya tidak ada di penyimpan sandi komputer ini. Tidak ada yang dihapus dan tidak ada kunci baru yang dibuat.',
  key_missing_do:
    'Kalau kamu baru mengganti penyimpan sandi, profil, atau memasang ulang sistem, kembalikan yang lama lalu coba lagi.',
  wrong_key: 'Kunci yang ditemukan bukan kunci data ini',
  wrong_key_text:
    'Mungkin berkas data ini dipindahkan dari komputer lain, atau kuncinya pernah diganti. Datanya tidak diubah.',
  wrong_key_do: 'Kembalikan berkas atau penyimpan sandi yang semula, lalu coba lagi.',
  damaged: 'Berkas data rusak',
  damaged_text:
    'Berkas data di komputer ini tidak bisa dibaca lagi, misalnya karena komputer mati mendadak atau cakram bermasalah. Berkasnya tidak disentuh.',
  damaged_do: 'Kalau kamu punya cadangan, kembalikan berkasnya lalu coba lagi. Yang sudah diterima pusat tidak hilang.',
  newer_schema: 'Data ini milik versi yang lebih baru',
  newer_schema_text:
    'Aplikasi di komputer ini lebih lama daripada yang terakhir menyimpan data. Demi keamanan, datanya tidak dibuka.',
  newer_schema_do: 'Pasang versi terbaru aplikasi ini, lalu buka lagi. Tidak perlu memulai dari kosong.',
  disk_full: 'Penyimpanan komputer penuh',
  disk_full_text: 'Data tidak bisa dibuka dengan aman karena tidak ada ruang tersisa.',
  disk_full_do: 'Kosongkan beberapa ratus megabita, misalnya dari folder Unduhan atau tempat sampah, lalu coba lagi.',
  in_use: 'Data sedang dipakai jendela lain',
  in_use_text: 'Aplikasi ini sudah terbuka di jendela atau sesi lain. Dua jendela tidak boleh menulis data yang sama.',
  in_use_do: 'Pindah ke jendela itu, atau tutup lalu coba lagi di sini.',
  no_encryption: 'Aplikasi ini dibuat tanpa enkripsi',
  no_encryption_text:
    'Salinan aplikasi ini tidak bisa mengenkripsi data, jadi tidak boleh menyimpan apa pun. Tidak ada yang ditulis.',
  no_encryption_do: 'Pasang ulang aplikasi dari sumber yang benar. Datamu tidak berubah.',
  failed: 'Data belum bisa dibuka',
  failed_text: 'Ada kesalahan di aplikasi ini. Tidak ada tanda bahwa datamu rusak, dan berkasnya tidak diubah.',
  failed_do: 'Coba buka lagi, atau tutup aplikasi ini lalu buka lagi. Kalau tetap begini, hubungi petugas bantuan.',
  no_access: 'Folder data tidak bisa dibuka',
  no_access_text: 'Komputer ini tidak mengizinkan aplikasi membaca atau menulis di folder datanya.',
  no_access_do: 'Periksa izin folder di bawah, atau minta pemilik komputer melakukannya, lalu coba lagi.',
} as const;
