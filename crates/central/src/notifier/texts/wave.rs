//! What a wave came to.

use prakerja_domain::application::LeftOff;
use prakerja_protocol::account::Language;

/// The result of a wave for whom it took. The number of the card is shown in the app only.
pub(crate) fn accepted(language: Language, wave: u32) -> (String, String) {
    match language {
        Language::Id => (
            format!("Selamat, kamu lolos gelombang {wave}"),
            format!(
                "Halo,\n\nSelamat, kamu lolos seleksi Kartu Prakerja gelombang {wave}.\n\nBuka aplikasi Prakerja Desktop \
                 untuk melihat nomor Kartu Prakerja, saldo pelatihan, dan batas waktu pembelian pelatihan pertama.\n\nUndian \
                 gelombang ini dapat kamu periksa sendiri di aplikasi.\n\nPetugas tidak pernah meminta nomor kartu atau kode \
                 kamu.\n"
            ),
        ),
        Language::En => (
            format!("Congratulations, you are accepted in wave {wave}"),
            format!(
                "Hello,\n\nCongratulations, you are accepted in wave {wave} of the Kartu Prakerja.\n\nOpen the Prakerja \
                 Desktop app to see your card number, your training balance and the deadline of your first purchase.\n\nYou \
                 can check the draw of this wave yourself in the app.\n\nStaff never ask for your card number or codes.\n"
            ),
        ),
    }
}

/// The result of a wave for everybody else.
pub(crate) fn not_accepted(language: Language, wave: u32) -> (String, String) {
    match language {
        Language::Id => (
            format!("Hasil seleksi gelombang {wave}"),
            format!(
                "Halo,\n\nKamu belum berhasil pada seleksi Kartu Prakerja gelombang {wave}.\n\nData kamu tetap tersimpan. \
                 Ketika gelombang berikutnya dibuka, cukup tekan \"Gabung gelombang\" di aplikasi Prakerja Desktop.\n\nUndian \
                 gelombang ini dapat kamu periksa sendiri di aplikasi.\n"
            ),
        ),
        Language::En => (
            format!("Result of wave {wave}"),
            format!(
                "Hello,\n\nYou were not accepted in wave {wave} of the Kartu Prakerja this time.\n\nYour data is kept. When \
                 the next wave opens, just choose \"Join wave\" in the Prakerja Desktop app.\n\nYou can check the draw of this \
                 wave yourself in the app.\n"
            ),
        ),
    }
}

/// The result of a wave, for a phone: at most 160 characters.
pub(crate) fn result_sms(language: Language, wave: u32, accepted: bool) -> String {
    match (language, accepted) {
        (Language::Id, true) => {
            format!(
                "Selamat, kamu lolos Kartu Prakerja gelombang {wave}. Lihat saldo dan batas waktunya di aplikasi Prakerja Desktop."
            )
        }
        (Language::Id, false) => {
            format!(
                "Kamu belum berhasil di Kartu Prakerja gelombang {wave}. Gelombang berikutnya cukup gabung di aplikasi Prakerja Desktop."
            )
        }
        (Language::En, true) => {
            format!(
                "Congratulations, you are accepted in Kartu Prakerja wave {wave}. See your balance and deadline in the Prakerja Desktop app."
            )
        }
        (Language::En, false) => {
            format!(
                "You were not accepted in Kartu Prakerja wave {wave} this time. Just join the next wave in the Prakerja Desktop app."
            )
        }
    }
}

/// For whoever applied and is not on the list that is drawn from: the draw is not what decided.
pub(crate) fn left_off(language: Language, wave: u32, why: LeftOff) -> (String, String) {
    match language {
        Language::Id => {
            let why = match why {
                LeftOff::Blocked => {
                    "Akun kamu diblokir ketika daftar ditutup. Alasannya, dan apakah kamu masih bisa keberatan, ada di aplikasi."
                }
                LeftOff::Excluded => "Pendaftaran kamu tidak lagi memenuhi syarat gelombang ini ketika daftar ditutup.",
                LeftOff::Recipient => "Kamu sudah menjadi penerima. Kartu Prakerja hanya sekali seumur hidup.",
            };
            (
                format!("Kamu tidak ikut undian gelombang {wave}"),
                format!(
                    "Halo,\n\nDaftar peserta undian Kartu Prakerja gelombang {wave} sudah dikunci, dan kamu tidak ada di \
                     dalamnya. Undian tidak menilai lamaran kamu.\n\n{why}\n\nKalau menurut kamu ini keliru, hubungi petugas \
                     sekarang juga; keterangannya ada di aplikasi Prakerja Desktop.\n"
                ),
            )
        }
        Language::En => {
            let why = match why {
                LeftOff::Blocked => {
                    "Your account was blocked when the list was closed. The app says why, and whether you can still appeal."
                }
                LeftOff::Excluded => "Your registration did not fit this wave any more when the list was closed.",
                LeftOff::Recipient => "You are a participant already. The Kartu Prakerja is once in a lifetime.",
            };
            (
                format!("You are not in the draw of wave {wave}"),
                format!(
                    "Hello,\n\nThe list for the draw of wave {wave} of the Kartu Prakerja is sealed, and you are not on it. \
                     The draw does not judge your application.\n\n{why}\n\nIf you think that this is wrong, ask the office \
                     at once; the Prakerja Desktop app says how.\n"
                ),
            )
        }
    }
}

/// The same for a phone, at most 160 characters. The reason is nobody else's matter.
pub(crate) fn left_off_sms(language: Language, wave: u32) -> String {
    match language {
        Language::Id => format!(
            "Kamu tidak ada di daftar undian Kartu Prakerja gelombang {wave}. Alasannya ada di aplikasi Prakerja Desktop."
        ),
        Language::En => format!(
            "You are not on the list for the draw of Kartu Prakerja wave {wave}. The Prakerja Desktop app says why."
        ),
    }
}
