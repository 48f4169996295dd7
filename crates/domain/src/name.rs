//! The full name as on the identity card.

use crate::field::{FieldError, FieldErrorCode, line};

/// Longest name on a card.
pub const MAX_CHARS: usize = 100;

/// Reads a full name: letters A to Z, spaces, and `' . , -`. Names of one word are valid: many Indonesians have one.
///
/// # Errors
/// `required`, `too_long` or `invalid_characters` on the field `full_name`.
pub fn parse(raw: &str) -> Result<String, FieldError> {
    let text = line("full_name", raw, MAX_CHARS)?.replace(['\u{2019}', '\u{2018}', '`'], "'");
    let allowed = |c: char| c.is_ascii_alphabetic() || " '.,-".contains(c);
    if text.chars().all(allowed) && text.chars().any(|c| c.is_ascii_alphabetic()) {
        Ok(text)
    } else {
        Err(FieldError::new("full_name", FieldErrorCode::InvalidCharacters))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_or_refused() {
        let longest = "A".repeat(100);
        let too_long = "A".repeat(101);
        let cases = [
            ("Sari Wulandari", Ok("Sari Wulandari")),
            ("Suharto", Ok("Suharto")),
            ("  Nur   Aini ", Ok("Nur Aini")),
            ("Ma\u{2019}ruf, S.Pd.", Ok("Ma'ruf, S.Pd.")),
            ("Siti-Nur", Ok("Siti-Nur")),
            (longest.as_str(), Ok(longest.as_str())),
            (too_long.as_str(), Err(FieldErrorCode::TooLong)),
            ("", Err(FieldErrorCode::Required)),
            (" \t ", Err(FieldErrorCode::Required)),
            ("...", Err(FieldErrorCode::InvalidCharacters)),
            ("Budi123", Err(FieldErrorCode::InvalidCharacters)),
            ("<script>alert(1)</script>", Err(FieldErrorCode::InvalidCharacters)),
            ("Budi'; drop table person;--", Err(FieldErrorCode::InvalidCharacters)),
            ("Budi\u{202e}idub", Err(FieldErrorCode::InvalidCharacters)),
            ("Budi\0", Err(FieldErrorCode::InvalidCharacters)),
            ("布迪", Err(FieldErrorCode::InvalidCharacters)),
        ];
        for (typed, expected) in cases {
            assert_eq!(parse(typed).as_deref().map_err(|e| e.code), expected, "{typed:?}");
        }
    }
}
