//! Codes, and what became of an account or its password.

use prakerja_protocol::account::Language;

/// The code for an address without account.
pub(crate) fn code(language: Language, code: &str, minutes: u64) -> (String, String) {
    match language {
        Language::Id => (
            format!("{code} adalah kode pendaftaran kamu"),
            format!(
                "Halo,\n\nKode pendaftaran kamu: {code}\n\nKetik kode ini di aplikasi Prakerja Desktop. Kode berlaku \
                 {minutes} menit.\n\nJangan berikan kode ini kepada siapa pun. Petugas tidak pernah memintanya.\n\nJika \
                 kamu tidak mendaftar, abaikan surel ini: tanpa kode, tidak ada akun yang dibuat.\n"
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
            "Kamu sudah memiliki akun".to_owned(),
            "Halo,\n\nSeseorang, mungkin kamu, mencoba mendaftar dengan alamat surel ini di Prakerja Desktop. Alamat ini \
             sudah memiliki akun.\n\nJika itu kamu, pilih \"Masuk\" di aplikasi dan gunakan kata sandi kamu.\n\nJika \
             bukan kamu, abaikan surel ini: tidak ada yang berubah.\n"
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

/// The code for another password.
pub(crate) fn password_code(language: Language, code: &str, minutes: u64) -> (String, String) {
    match language {
        Language::Id => (
            format!("{code} adalah kode kata sandi baru kamu"),
            format!(
                "Halo,\n\nKode untuk mengganti kata sandi: {code}\n\nKetik kode ini di aplikasi Prakerja Desktop. Kode \
                 berlaku {minutes} menit. Setelah itu kata sandi baru berlaku, dan kamu keluar dari semua komputer \
                 lain.\n\nJangan berikan kode ini kepada siapa pun. Petugas tidak pernah memintanya.\n\nJika kamu tidak \
                 memintanya, abaikan surel ini: tanpa kode, kata sandi kamu tidak berubah.\n"
            ),
        ),
        Language::En => (
            format!("{code} is the code for your new password"),
            format!(
                "Hello,\n\nYour code to set another password: {code}\n\nType this code in the Prakerja Desktop app. It is \
                 valid for {minutes} minutes. After that the new password holds, and all other computers are signed \
                 out.\n\nDo not give this code to anyone. Staff never ask for it.\n\nIf you did not ask for it, ignore \
                 this e-mail: without the code your password does not change.\n"
            ),
        ),
    }
}

/// The same to a phone, one message of 160 characters.
pub(crate) fn password_code_sms(language: Language, code: &str, minutes: u64) -> String {
    match language {
        Language::Id => format!(
            "{code} adalah kode kata sandi baru Prakerja Desktop. Berlaku {minutes} menit. Jangan berikan ke siapa pun."
        ),
        Language::En => format!(
            "{code} is the code for your new Prakerja Desktop password. Valid for {minutes} minutes. Give it to nobody."
        ),
    }
}

/// For an address without account of which somebody wants to set the password.
pub(crate) fn no_account(language: Language) -> (String, String) {
    match language {
        Language::Id => (
            "Alamat ini belum memiliki akun".to_owned(),
            "Halo,\n\nSeseorang, mungkin kamu, ingin mengganti kata sandi di Prakerja Desktop dengan alamat surel ini. \
             Alamat ini belum memiliki akun.\n\nJika itu kamu, mungkin kamu mendaftar dengan alamat lain. Coba alamat \
             itu, atau buat akun baru di aplikasi.\n\nJika bukan kamu, abaikan surel ini: tidak ada yang berubah.\n"
                .to_owned(),
        ),
        Language::En => (
            "This address has no account".to_owned(),
            "Hello,\n\nSomebody, maybe you, wants to set another password in Prakerja Desktop with this e-mail address. \
             This address has no account.\n\nIf it was you, you may have signed up with another address. Try that one, or \
             make a new account in the app.\n\nIf it was not you, ignore this e-mail: nothing has changed.\n"
                .to_owned(),
        ),
    }
}

/// Instead of a code to a phone: nobody verified one, or only a moment ago, it has had too many, or no service reaches it.
pub(crate) fn no_phone(language: Language, days: u64) -> (String, String) {
    let fresh = match language {
        _ if days == 0 => String::new(),
        Language::Id => format!("nomornya baru diverifikasi kurang dari {days} hari yang lalu, "),
        Language::En => format!("or less than {days} days ago, "),
    };
    match language {
        Language::Id => (
            "Kode tidak bisa dikirim lewat SMS".to_owned(),
            format!(
                "Halo,\n\nSeseorang, mungkin kamu, ingin mengganti kata sandi di Prakerja Desktop dan memilih kode lewat \
                 SMS. Kode tidak bisa dikirim lewat SMS untuk alamat surel ini: belum ada nomor HP yang diverifikasi, \
                 {fresh}SMS sudah terlalu banyak, atau tidak ada akun.\n\nJika itu kamu, pilih kode lewat surel di aplikasi.\n\nJika bukan kamu, abaikan surel ini: tidak \
                 ada yang berubah.\n"
            ),
        ),
        Language::En => (
            "The code cannot be sent by SMS".to_owned(),
            format!(
                "Hello,\n\nSomebody, maybe you, wants to set another password in Prakerja Desktop and chose a code by \
                 SMS. A code cannot be sent by SMS for this e-mail address: no phone number was verified, \
                 {fresh}there were too many messages, or there is no account.\n\nIf it was you, choose the code \
                 by e-mail in the app.\n\nIf it was not you, ignore this e-mail: nothing has changed.\n"
            ),
        ),
    }
}

/// A phone was verified, by which another password can be set after so many days; whoever did not do it must hear of it.
pub(crate) fn phone_verified(language: Language, days: u64) -> (String, String) {
    let from = match language {
        Language::Id if days == 0 => "Mulai sekarang".to_owned(),
        Language::Id => format!("Setelah {days} hari"),
        Language::En if days == 0 => "From now on".to_owned(),
        Language::En => format!("After {days} days"),
    };
    match language {
        Language::Id => (
            "Nomor HP untuk akun kamu sudah diverifikasi".to_owned(),
            format!(
                "Halo,\n\nSebuah nomor HP baru saja diverifikasi untuk akun Prakerja Desktop kamu. {from}, kata \
                 sandi bisa diganti dengan kode lewat SMS ke nomor itu.\n\nJika bukan kamu: ganti nomornya di Data diri, ganti \
                 kata sandi lewat \"Lupa kata sandi?\" dengan kode lewat surel (semua komputer lain lalu keluar), dan hubungi \
                 petugas bantuan.\n"
            ),
        ),
        Language::En => (
            "A phone number of your account was verified".to_owned(),
            format!(
                "Hello,\n\nA phone number has just been verified for your Prakerja Desktop account. {from} the \
                 password can be changed with a code by SMS to that number.\n\nIf it was not you: change the number in your \
                 personal data, set another password by \"Forgot the password?\" with a code by e-mail (all other computers \
                 are signed out then), and contact the help desk.\n"
            ),
        ),
    }
}

/// The password is another one; whoever did not do it must hear of it.
pub(crate) fn password_changed(language: Language) -> (String, String) {
    match language {
        Language::Id => (
            "Kata sandi kamu sudah diganti".to_owned(),
            "Halo,\n\nKata sandi akun Prakerja Desktop kamu baru saja diganti dengan kode. Semua komputer lain sudah \
             keluar dari akun ini.\n\nJika bukan kamu, ganti kata sandinya sekarang: pilih \"Lupa kata sandi\" di \
             aplikasi, dengan kode lewat surel. Lalu hubungi petugas bantuan dan sebutkan nomor kasus kamu.\n"
                .to_owned(),
        ),
        Language::En => (
            "Your password was changed".to_owned(),
            "Hello,\n\nThe password of your Prakerja Desktop account has just been changed with a code. All other \
             computers are signed out of this account.\n\nIf it was not you, change the password now: choose \"Forgotten \
             password\" in the app, with a code by e-mail. Then contact the help desk and give your case number.\n"
                .to_owned(),
        ),
    }
}

/// To the address that an account had before the office entered another one.
pub(crate) fn address_left(language: Language) -> (String, String) {
    match language {
        Language::Id => (
            "Alamat surel akun kamu sudah diganti".to_owned(),
            "Halo,\n\nPetugas baru saja memasang alamat surel lain untuk akun Prakerja Desktop kamu, setelah memeriksa \
             identitas pemiliknya. Alamat ini tidak bisa dipakai lagi untuk masuk, dan semua komputer sudah keluar dari akun \
             itu.\n\nJika bukan kamu yang memintanya, segera hubungi petugas bantuan dan sebutkan nomor kasus kamu.\n"
                .to_owned(),
        ),
        Language::En => (
            "The e-mail address of your account was changed".to_owned(),
            "Hello,\n\nStaff have just entered another e-mail address for your Prakerja Desktop account, after they checked \
             who its owner is. This address cannot be used to sign in any more, and all computers are signed out of that \
             account.\n\nIf you did not ask for it, contact the help desk at once and give your case number.\n"
                .to_owned(),
        ),
    }
}

/// To the new one. Which account it is stays unsaid: the address may be mistyped and somebody else's.
pub(crate) fn address_entered(language: Language) -> (String, String) {
    match language {
        Language::Id => (
            "Alamat ini sekarang alamat akun kamu".to_owned(),
            "Halo,\n\nPetugas baru saja memasang alamat surel ini untuk akun Prakerja Desktop kamu. Kata sandi yang lama \
             tidak berlaku lagi, dan semua komputer sudah keluar dari akun itu.\n\nBuat kata sandi baru: buka aplikasi, \
             pilih \"Masuk\", lalu \"Lupa kata sandi?\", ketik alamat ini, dan pilih kode lewat surel. Nomor HP yang \
             sudah diverifikasi harus diverifikasi lagi.\n\nPetugas tidak pernah meminta kata sandi atau kode kamu.\n\nJika kamu tidak memintanya, hubungi \
             petugas bantuan.\n"
                .to_owned(),
        ),
        Language::En => (
            "This is now the address of your account".to_owned(),
            "Hello,\n\nStaff have just entered this e-mail address for your Prakerja Desktop account. The old password does \
             not hold any more, and all computers are signed out of that account.\n\nSet a new password: open the app, \
             choose \"Sign in\", then \"Forgot the password?\", type this address, and choose the code by e-mail. A phone \
             number that was verified has to be verified again.\n\nStaff never ask for your password or codes.\n\nIf you \
             did not ask for it, contact the help desk.\n"
                .to_owned(),
        ),
    }
}

/// The account is closed; whoever did not do it must hear of it.
pub(crate) fn account_closed(language: Language) -> (String, String) {
    match language {
        Language::Id => (
            "Akun kamu sudah ditutup".to_owned(),
            "Halo,\n\nAkun Prakerja Desktop dengan alamat surel ini sudah ditutup, seperti diminta di aplikasi. Data pribadi kamu di sini sudah dihapus, dan kamu tidak ikut lagi dalam gelombang atau pelatihan.\n\nKamu \
             boleh mendaftar lagi kapan saja dengan alamat yang sama.\n\nJika bukan kamu yang memintanya, ada orang yang \
             tahu kata sandi kamu atau membaca surel atau SMS kamu: amankan surel dan HP kamu, dan ganti kata sandi itu \
             di semua tempat yang memakainya.\n"
                .to_owned(),
        ),
        Language::En => (
            "Your account is closed".to_owned(),
            "Hello,\n\nThe Prakerja Desktop account of this e-mail address is closed, as it was asked for in the app. \
             Your personal data here is deleted, and you take part in no wave and no training any \
             more.\n\nYou may sign up again with the same address whenever you like.\n\nIf it was not you, somebody knows \
             your password, or reads your mail or your phone: secure both, and change the password wherever you use it.\n"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_phone_names_its_days_where_there_are_any() {
        let mut words = String::new();
        for language in [Language::Id, Language::En] {
            for days in [0, 3] {
                for (subject, text) in [phone_verified(language, days), no_phone(language, days)] {
                    words += &format!("{subject}\n\n{text}\n---\n");
                }
            }
        }
        insta::assert_snapshot!(words);
    }
}
