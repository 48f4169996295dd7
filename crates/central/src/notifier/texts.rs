//! The words of mails and of texts to phones, Indonesian and English, plain text. Subject and body.

use prakerja_protocol::account::Language;

/// The language as the database keeps it.
pub(crate) fn language(language: Language) -> &'static str {
    match language {
        Language::Id => "id",
        Language::En => "en",
    }
}

/// And back; what is unknown is Indonesian.
pub(crate) fn read_language(text: &str) -> Language {
    if text == "en" { Language::En } else { Language::Id }
}

/// The code for an address without account.
pub(crate) fn code(language: Language, code: &str, minutes: u64) -> (String, String) {
    match language {
        Language::Id => (
            format!("{code} adalah kode pendaftaran Anda"),
            format!(
                "Halo,\n\nKode pendaftaran Anda: {code}\n\nKetik kode ini di aplikasi Prakerja Desktop. Kode berlaku \
                 {minutes} menit.\n\nJangan berikan kode ini kepada siapa pun. Petugas tidak pernah memintanya.\n\nJika \
                 Anda tidak mendaftar, abaikan surel ini: tanpa kode, tidak ada akun yang dibuat.\n"
            ),
        ),
        Language::En => (
            format!("{code} is your sign-up code"),
            format!(
                "Hello,\n\nYour sign-up code: {code}\n\nType this code in the Prakerja Desktop app. It is valid for \
                 {minutes} minutes.\n\nDo not give this code to anyone. Staff never ask for it.\n\nIf you did not sign \
                 up, ignore this e-mail: without the code no account is made.\n"
            ),
        ),
    }
}

/// The code for a phone, one message of 160 characters.
pub(crate) fn phone_code(language: Language, code: &str, minutes: u64) -> String {
    match language {
        Language::Id => format!(
            "{code} adalah kode verifikasi Prakerja Desktop kamu. Berlaku {minutes} menit. Jangan berikan ke siapa pun."
        ),
        Language::En => {
            format!(
                "{code} is your Prakerja Desktop code. It is valid for {minutes} minutes. Do not give it to anyone."
            )
        }
    }
}

/// The hint for an address that has an account.
pub(crate) fn has_account(language: Language) -> (String, String) {
    match language {
        Language::Id => (
            "Anda sudah memiliki akun".to_owned(),
            "Halo,\n\nSeseorang, mungkin Anda, mencoba mendaftar dengan alamat surel ini di Prakerja Desktop. Alamat ini \
             sudah memiliki akun.\n\nJika itu Anda, pilih \"Masuk\" di aplikasi dan gunakan kata sandi Anda.\n\nJika \
             bukan Anda, abaikan surel ini: tidak ada yang berubah.\n"
                .to_owned(),
        ),
        Language::En => (
            "You already have an account".to_owned(),
            "Hello,\n\nSomebody, maybe you, tried to sign up with this e-mail address in Prakerja Desktop. This address \
             has an account already.\n\nIf it was you, choose \"Sign in\" in the app and use your password.\n\nIf it was \
             not you, ignore this e-mail: nothing has changed.\n"
                .to_owned(),
        ),
    }
}
