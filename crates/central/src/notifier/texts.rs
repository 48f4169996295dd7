//! The words of mails and of texts to phones, Indonesian and English, plain text. Subject and body.

mod account;
mod wave;

use prakerja_protocol::account::Language;

pub(crate) use self::account::*;
pub(crate) use self::wave::*;

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
