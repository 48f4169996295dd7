//! What a person may say in an appeal.

use crate::field::{FieldError, FieldErrorCode, is_unprintable};

/// Most characters of an appeal.
pub const TEXT_CHARS: usize = 2_000;

/// Trims and refuses nothing and too much. Several lines are fine. What nobody sees is no reason to refuse a text: a word
/// processor's breaks become line breaks, other control characters are left out.
///
/// # Errors
/// `required` or `too_long` on the field `text`.
pub fn text(typed: &str) -> Result<String, FieldError> {
    let typed = typed.replace("\r\n", "\n");
    let seen = typed.chars().filter_map(|c| match c {
        '\n' | '\t' => Some(c),
        '\r' | '\u{b}' | '\u{c}' | '\u{85}' => Some('\n'),
        c if c.is_control() => None,
        c => Some(c),
    });
    let text: String = seen.collect();
    let text = text.trim();
    if text.chars().all(|c| c.is_whitespace() || is_unprintable(c)) {
        return Err(FieldError::new("text", FieldErrorCode::Required));
    }
    if text.chars().count() > TEXT_CHARS {
        return Err(FieldError::new("text", FieldErrorCode::TooLong).with("max", TEXT_CHARS));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_lines_and_nothing_that_nobody_sees() {
        let most = "𝒜".repeat(TEXT_CHARS);
        let cases = [
            (" Data saya benar. \n", Ok("Data saya benar.")),
            ("Satu.\r\nDua.\tTiga.", Ok("Satu.\nDua.\tTiga.")),
            ("Satu.\u{b}Dua.\u{c}Tiga.\u{85}", Ok("Satu.\nDua.\nTiga.")),
            ("Satu.\rDua.", Ok("Satu.\nDua.")),
            ("Sa\u{7f}ya\0", Ok("Saya")),
            (&most, Ok(&*most)),
            (&format!("{most}x"), Err(FieldErrorCode::TooLong)),
            (" \n\u{7f}", Err(FieldErrorCode::Required)),
            ("\u{200b}\u{2060}\u{feff}", Err(FieldErrorCode::Required)),
        ];
        for (typed, expected) in cases {
            assert_eq!(text(typed).map_err(|error| error.code), expected.map(str::to_owned), "{typed:?}");
        }
    }
}
