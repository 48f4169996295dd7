// Words of a forgotten password and of its code, Indonesian. None of them says whether an address has an account.

export const reset = {
  link: 'Lupa kata sandi?',
  title: 'Lupa kata sandi',
  lead: 'Pilih kata sandi baru. Kode yang kamu terima membuktikan bahwa akun itu milikmu.',
  email_hint: 'Alamat e-mail akunmu.',
  password: 'Kata sandi baru',
  password_confirmation: 'Ulangi kata sandi baru',
  by: 'Kode dikirim lewat apa?',
  by_mail: 'Lewat e-mail',
  by_sms: 'Lewat SMS',
  by_sms_hint:
    'Ke nomor HP akun itu, kalau sudah diverifikasi sejak beberapa hari lalu. Kalau SMS tidak bisa dikirim, e-mail memberitahumu.',
  offline: 'Kamu sedang offline. Kode baru bisa diminta setelah tersambung; yang kamu ketik masih ada di layar ini.',
  submit: 'Minta kode',
  submitting: 'Meminta kode…',
  sign_in: 'Sudah ingat? Masuk',
  waiting_password: 'Kamu sudah meminta kode untuk {email}.',
  waiting_account:
    'Pendaftaran akun {email} masih menunggu kodenya. Kalau kamu meminta kode di sini, pendaftaran itu batal dan harus diulang.',
  waiting_action: 'Ketik kodenya',
  after_1: 'Kode 6 angka datang dengan cara yang kamu pilih. Kamu ketik di layar berikutnya.',
  after_2: 'Kata sandi baru berlaku setelah kodenya benar. Sebelum itu tidak ada yang berubah.',
  after_3: 'Semua komputer lain yang masuk dengan akun itu dikeluarkan.',
  after_4: 'Data di komputer ini tetap ada.',
  unreachable: 'E-mail dan nomor HP sudah tidak bisa dipakai?',
  unreachable_text:
    'Hubungi petugas bantuan dengan nomor kasus dan e-KTP di tangan. Petugas memeriksa siapa kamu, lalu bisa mencatat alamat e-mail lain. Jangan pernah memberi kata sandi atau kode.',
  unreachable_action: 'Siapa yang bisa dihubungi',

  code_title_sms: 'Ketik kode dari SMS',
  code_lead_mail: 'Kalau {email} punya akun, 6 angka dikirim ke sana. Kata sandi baru berlaku setelah kodenya benar.',
  code_lead_sms:
    'Kalau {email} punya akun dengan nomor HP yang sudah diverifikasi, 6 angka dikirim lewat SMS ke nomor itu. Kata sandi baru berlaku setelah kodenya benar.',
  code_submit: 'Ganti kata sandi dan masuk',
  code_resent: 'Kode baru diminta {time}. Kode lama tidak berlaku lagi.',
  code_used: 'Kode ini sudah terlalu sering salah, jadi tidak berlaku lagi. Tidak ada yang berubah. Minta kode baru.',
  code_locked:
    'Kode untuk alamat ini sudah terlalu sering salah, jadi dikunci demi keamanan. Sampai kuncinya terbuka, kode baru tidak dikirim. Tidak ada yang berubah.',
  not_there_other:
    'Mungkin akunmu memakai alamat lain. Kalau alamat ini tidak punya akun, e-mail yang datang mengatakannya.',
  not_there_mail: 'Buka juga e-mailmu. Kalau SMS tidak bisa dikirim, alasannya ada di sana.',
  change: 'Ganti alamat atau cara kirim',
  change_title: 'Minta kode dengan cara lain?',
  change_text:
    'Kode yang sekarang tidak dipakai lagi di sini dan tidak ada yang berubah. Kamu kembali ke formulirnya; kata sandi baru perlu diketik lagi.',
  change_confirm: 'Ya, kembali ke formulir',
  none_title: 'Tidak ada kode yang ditunggu',
  none_text: 'Mungkin kodenya sudah dipakai atau dibatalkan. Masuk dengan kata sandimu, atau minta kode baru.',
} as const;
