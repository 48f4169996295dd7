//! Why a typed value is refused: a code with numbers, never a sentence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What is wrong with a value. The UI has one sentence for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum FieldErrorCode {
    /// Nothing was typed.
    Required,
    /// More than `max` characters.
    TooLong,
    /// Fewer than `min` characters.
    TooShort,
    /// Characters that this field cannot have.
    InvalidCharacters,
    /// Something else than digits.
    NotDigits,
    /// `actual` digits instead of `expected`.
    WrongLength,
    /// Day, month or year do not make a date.
    InvalidDate,
    /// A date after today.
    InFuture,
    /// Younger than `min` years.
    TooYoung,
    /// Older than `max` years.
    TooOld,
    /// No e-mail address.
    InvalidEmail,
    /// No Indonesian mobile number.
    InvalidPhone,
    /// Not one of the choices.
    UnknownOption,
    /// A number that is not between `min` and `max`.
    OutOfRange,
    /// More than `max` choices.
    TooMany,
    /// A file of more than `max` bytes.
    FileTooLarge,
    /// A file of another kind than what can be read here.
    FileType,
    /// A HEIC file, as some phones make by default.
    HeicFile,
    /// A file that is damaged or incomplete.
    FileDamaged,
    /// A picture of more than `max` pixels.
    TooManyPixels,
    /// A photo on which nobody could read the card.
    NotLegible,
    /// The serial part is 0000.
    ZeroSerial,
    /// A password without a small letter.
    NeedsLower,
    /// A password without a capital letter.
    NeedsUpper,
    /// A password without a digit.
    NeedsDigit,
    /// A password that repeats the e-mail address.
    ContainsEmail,
    /// The repetition differs.
    Mismatch,
    /// A box that must be ticked is not.
    NotAccepted,
    /// Confirmed by the civil registry, or being asked about there: it cannot be changed.
    Frozen,
    /// A passphrase of fewer than `min` different characters.
    TooEasy,
}

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FieldError {
    /// Name of the field as in the form and on the wire (`nik`, `email`, ...).
    pub field: String,
    /// What is wrong.
    pub code: FieldErrorCode,
    /// Numbers for the sentence (`expected`, `actual`, `min`, `max`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, number>", optional))]
    pub params: BTreeMap<String, i64>,
}

impl FieldError {
    /// An error of a field.
    pub fn new(field: &str, code: FieldErrorCode) -> Self {
        Self { field: field.to_owned(), code, params: BTreeMap::new() }
    }

    /// Adds a number for the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: usize) -> Self {
        self.params.insert(name.to_owned(), i64::try_from(value).unwrap_or(i64::MAX));
        self
    }
}

/// Trims, folds runs of white space to one space and refuses control characters and what is too long.
pub(crate) fn line(field: &str, raw: &str, max: usize) -> Result<String, FieldError> {
    let text = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(FieldError::new(field, FieldErrorCode::Required));
    }
    if text.chars().count() > max {
        return Err(FieldError::new(field, FieldErrorCode::TooLong).with("max", max));
    }
    if text.chars().any(is_unprintable) {
        return Err(FieldError::new(field, FieldErrorCode::InvalidCharacters));
    }
    Ok(text)
}

/// Digits of a number in which people put spaces, dots and dashes.
pub(crate) fn digits(field: &str, raw: &str, expected: usize) -> Result<String, FieldError> {
    let text: String = raw.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '-' | '.' | '\t')).collect();
    if text.is_empty() {
        return Err(FieldError::new(field, FieldErrorCode::Required));
    }
    if !text.chars().all(|c| c.is_ascii_digit()) {
        return Err(FieldError::new(field, FieldErrorCode::NotDigits));
    }
    if text.len() != expected {
        return Err(FieldError::new(field, FieldErrorCode::WrongLength)
            .with("expected", expected)
            .with("actual", text.len()));
    }
    Ok(text)
}

/// Control characters, and the invisible ones that reorder or hide text.
pub(crate) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}')
}
