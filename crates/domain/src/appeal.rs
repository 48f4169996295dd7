//! When a person may appeal against a block, and what he or she may say.

use crate::field::{FieldError, FieldErrorCode, is_unprintable};
use crate::registration::StepRefusal;

/// Most characters of an appeal.
pub const TEXT_CHARS: usize = 2_000;

/// What the office decided about an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// True when the block was lifted.
    pub granted: bool,
    /// When, Unix milliseconds.
    pub at: i64,
}

/// Whether an appeal is against the block that began then; without a decision it is open. Whatever lifts a block answers
/// what is open, so nothing that was decided before the block is about it, and everything else is.
pub fn is_against(blocked_at: i64, decision: Option<Decision>) -> bool {
    decision.is_none_or(|decision| decision.at >= blocked_at)
}

/// Whether a person may appeal now. `blocked_at` is when the present block began, `before` has the decision about each
/// earlier appeal that central took, or nothing while it is open.
///
/// # Errors
/// `too_early` without a block, `under_way` while an appeal is open, `done` once one against this block was denied: that is
/// final until the office blocks anew.
pub fn allows(blocked_at: Option<i64>, before: impl IntoIterator<Item = Option<Decision>>) -> Result<(), StepRefusal> {
    let blocked_at = blocked_at.ok_or(StepRefusal::TooEarly)?;
    let mut denied = false;
    for decision in before {
        let Some(known) = decision else { return Err(StepRefusal::UnderWay) };
        denied |= !known.granted && is_against(blocked_at, decision);
    }
    if denied { Err(StepRefusal::Done) } else { Ok(()) }
}

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
    fn a_denied_appeal_is_final_for_its_block() {
        use StepRefusal::{Done, TooEarly, UnderWay};
        let open = None;
        let decided = |granted: bool, at: i64| Some(Decision { granted, at });
        // Since when the account is blocked, the decisions about earlier appeals, and whether another may follow.
        let cases = [
            (None, vec![], Err(TooEarly)),
            (None, vec![decided(false, 5)], Err(TooEarly)),
            (None, vec![open], Err(TooEarly)),
            (Some(10), vec![], Ok(())),
            (Some(10), vec![open], Err(UnderWay)),
            (Some(10), vec![decided(false, 9)], Ok(())),
            (Some(10), vec![decided(false, 10)], Err(Done)),
            (Some(10), vec![decided(false, 20)], Err(Done)),
            (Some(10), vec![decided(true, 9)], Ok(())),
            (Some(10), vec![decided(false, 4), decided(true, 9)], Ok(())),
            (Some(10), vec![decided(false, 4), open], Err(UnderWay)),
            (Some(10), vec![decided(true, 4), decided(false, 20)], Err(Done)),
        ];
        for (blocked_at, before, expected) in cases {
            assert_eq!(allows(blocked_at, before.clone()), expected, "{blocked_at:?} {before:?}");
        }
    }

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
