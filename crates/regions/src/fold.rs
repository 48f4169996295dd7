//! Text as it is compared: small letters without accents, words between single spaces.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Appends `text`'s words, each with a space before it. Apostrophes vanish ("Ra'as" is typed "raas"), everything
/// else that is neither letter nor digit parts words ("Kab.Bandung", "Wamesa I/Idoor").
pub(crate) fn push(folded: &mut String, text: &str) {
    let mut in_word = false;
    let mut put = |letter: Option<char>| match letter {
        Some(letter) => {
            if !in_word {
                folded.push(' ');
            }
            folded.push(letter);
            in_word = true;
        }
        None => in_word = false,
    };
    if text.is_ascii() {
        for byte in text.bytes().filter(|byte| *byte != b'\'') {
            put(byte.is_ascii_alphanumeric().then(|| char::from(byte.to_ascii_lowercase())));
        }
        return;
    }
    let letters = text.nfkd().filter(|letter| !is_combining_mark(*letter) && !is_apostrophe(*letter));
    for letter in letters.flat_map(char::to_lowercase) {
        put(letter.is_alphanumeric().then_some(letter));
    }
}

/// The words of `text`.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut folded = String::new();
    push(&mut folded, text);
    folded.split_ascii_whitespace().map(str::to_owned).collect()
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_folded() {
        let cases: &[(&str, &[&str])] = &[
            ("Kota Batam", &["kota", "batam"]),
            ("  KAB.Bandung ", &["kab", "bandung"]),
            ("Ra'as", &["raas"]),
            ("Ra\u{2019}as", &["raas"]),
            ("Jógjakartá", &["jogjakarta"]),
            ("Wamesa I/Idoor", &["wamesa", "i", "idoor"]),
            ("2 x 11 Kayu-Tanam", &["2", "x", "11", "kayu", "tanam"]),
            (" . / ", &[]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), *expected, "{text}");
        }
    }
}
