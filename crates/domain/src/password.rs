//! Rules for a new password.

use crate::field::{FieldError, FieldErrorCode};

/// "More than 8 characters" is read as 9, which satisfies both readings of the programme's rule (domain.md §2.3, S38).
pub const MIN_CHARS: usize = 9;
/// Longer input is surely a mistake and would only cost time.
pub const MAX_CHARS: usize = 200;

/// Checks a new password: 9 to 200 characters with a small letter, a capital letter and a digit, not the e-mail address.
///
/// # Errors
/// The first broken rule, on the field `password`.
pub fn check(password: &str, email: &str) -> Result<(), FieldError> {
    let error = |code| FieldError::new("password", code);
    let count = password.chars().count();
    if count == 0 {
        return Err(error(FieldErrorCode::Required));
    }
    if count < MIN_CHARS {
        return Err(error(FieldErrorCode::TooShort).with("min", MIN_CHARS).with("actual", count));
    }
    if count > MAX_CHARS {
        return Err(error(FieldErrorCode::TooLong).with("max", MAX_CHARS));
    }
    if !password.chars().any(char::is_lowercase) {
        return Err(error(FieldErrorCode::NeedsLower));
    }
    if !password.chars().any(char::is_uppercase) {
        return Err(error(FieldErrorCode::NeedsUpper));
    }
    if !password.chars().any(|c| c.is_ascii_digit()) {
        return Err(error(FieldErrorCode::NeedsDigit));
    }
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    if local.len() >= 4 && password.to_lowercase().contains(&local) {
        return Err(error(FieldErrorCode::ContainsEmail));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_accepted_or_refused() {
        let long = "aB1".repeat(67);
        let cases = [
            ("Rahasia2026", Ok(())),
            ("Sandi dengan spasi 1", Ok(())),
            ("", Err(FieldErrorCode::Required)),
            ("Abcdef12", Err(FieldErrorCode::TooShort)),
            ("RAHASIA2026", Err(FieldErrorCode::NeedsLower)),
            ("rahasia2026", Err(FieldErrorCode::NeedsUpper)),
            ("RahasiaBesar", Err(FieldErrorCode::NeedsDigit)),
            ("SariW2026x", Err(FieldErrorCode::ContainsEmail)),
            (long.as_str(), Err(FieldErrorCode::TooLong)),
        ];
        for (typed, expected) in cases {
            assert_eq!(check(typed, "sariw@contoh.id").map_err(|e| e.code), expected, "{typed}");
        }
    }
}
