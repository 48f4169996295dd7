// The six words for how a thing stands on its way to central, Indonesian. The same everywhere.

export const status = {
  saved: 'Tersimpan di komputer ini',
  waiting: 'Menunggu koneksi',
  put_off: 'Dikirim lagi nanti',
  sending: 'Sedang dikirim',
  received: 'Diterima pusat',
  needs_you: 'Perlu tindakanmu',
} as const;
