//! Indonesian mobile numbers, stored as E.164.

use crate::field::{FieldError, FieldErrorCode};

/// Reads `08…`, `62…` or `+62…` and gives `+628…` (9 to 12 digits after +62; domain.md §2.3).
///
/// # Errors
/// `required` or `invalid_phone` on the field `phone`.
pub fn parse(raw: &str) -> Result<String, FieldError> {
    let text: String = raw.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '-' | '.' | '(' | ')')).collect();
    if text.is_empty() {
        return Err(FieldError::new("phone", FieldErrorCode::Required));
    }
    let national = text.strip_prefix("+62").or_else(|| text.strip_prefix("62")).or_else(|| text.strip_prefix('0'));
    let valid = national.filter(|n| {
        let bytes = n.as_bytes();
        (9..=12).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit) && bytes[0] == b'8' && bytes[1] != b'0'
    });
    match valid {
        Some(national) => Ok(format!("+62{national}")),
        None => Err(FieldError::new("phone", FieldErrorCode::InvalidPhone)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_or_refused() {
        let cases = [
            ("0812 3456 7890", Ok("+6281234567890")),
            ("62812-3456-7890", Ok("+6281234567890")),
            ("+62 812 3456 7890", Ok("+6281234567890")),
            ("(0812) 345.678", Ok("+62812345678")),
            ("081234567", Err(FieldErrorCode::InvalidPhone)),
            ("08123456789012", Err(FieldErrorCode::InvalidPhone)),
            ("021 555 1234", Err(FieldErrorCode::InvalidPhone)),
            ("0802345678", Err(FieldErrorCode::InvalidPhone)),
            ("+1 812 3456 7890", Err(FieldErrorCode::InvalidPhone)),
            ("0812abc45678", Err(FieldErrorCode::InvalidPhone)),
            ("0812345678; drop", Err(FieldErrorCode::InvalidPhone)),
            ("", Err(FieldErrorCode::Required)),
        ];
        for (typed, expected) in cases {
            assert_eq!(parse(typed).as_deref().map_err(|e| e.code), expected, "{typed}");
        }
    }
}
