//! The table: what nobody may type or leave unticked, and what both sides name.

use prakerja_domain::field::FieldErrorCode;

/// Where something is typed or ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Signing up, signing in, a forgotten password.
    Email,
    SignUp,
    EmailCode,
    Identity,
    Face,
    PhoneCode,
    Join,
}

/// What nobody may send: what was typed, or which boxes were ticked, and what both sides name.
pub(crate) struct Bad {
    pub(crate) asked: Asked,
    pub(crate) given: Vec<String>,
    pub(crate) fields: Vec<(&'static str, FieldErrorCode)>,
}

impl Bad {
    fn new(asked: Asked, given: &[&str], fields: &[(&'static str, FieldErrorCode)]) -> Self {
        Self { asked, given: given.iter().map(|it| (*it).to_owned()).collect(), fields: fields.to_vec() }
    }

    pub(crate) fn typed(&self) -> String {
        self.given[0].clone()
    }
}

/// Every bad value of every place.
fn table() -> Vec<Bad> {
    use FieldErrorCode::*;
    let (long, long_name) = (format!("{}@contoh.id", "a".repeat(250)), format!("{}@contoh.id", "a".repeat(65)));
    let emails: Vec<(&str, FieldErrorCode)> = vec![
        ("", Required),
        (" \t\n", Required),
        ("budi", InvalidEmail),
        ("@", InvalidEmail),
        ("budi@contoh", InvalidEmail),
        ("budi@contoh.1", InvalidEmail),
        ("budi@@contoh.id", InvalidEmail),
        ("budi s@contoh.id", InvalidEmail),
        (".budi@contoh.id", InvalidEmail),
        ("bu..di@contoh.id", InvalidEmail),
        ("budi@-contoh.id", InvalidEmail),
        ("budi@contoh..id", InvalidEmail),
        ("budi@cönt.id", InvalidEmail),
        ("budi@contoh.id,rina@contoh.id", InvalidEmail),
        ("budi@contoh.id\r\nBcc: rina@contoh.id", InvalidEmail),
        ("budi@contoh.id\u{0}", InvalidEmail),
        ("bu\u{200b}di@contoh.id", InvalidEmail),
        ("\u{202e}budi@contoh.id", InvalidEmail),
        ("budi@contoh.id'; drop table person;--", InvalidEmail),
        ("<script>alert(1)</script>@contoh.id", InvalidEmail),
        (&long_name, InvalidEmail),
        (&long, TooLong),
    ];
    let many = "1".repeat(1_000);
    let codes: Vec<(&str, FieldErrorCode)> = vec![
        ("", Required),
        (" - ", Required),
        ("12345", WrongLength),
        ("-12345", WrongLength),
        ("1234567", WrongLength),
        (&many, WrongLength),
        ("12 34 5x", NotDigits),
        ("12345.6", NotDigits),
        ("+123456", NotDigits),
        ("1e5", NotDigits),
        ("١٢٣٤٥٦", NotDigits),
        ("123456\u{0}", NotDigits),
        ("\u{200b}123456", NotDigits),
        ("' or 1=1;--", NotDigits),
        ("<b>", NotDigits),
    ];
    let boxes: [(Asked, &[&str], &[&'static str]); 13] = [
        (Asked::SignUp, &[], &["accept_terms", "accept_privacy"]),
        (Asked::SignUp, &["terms"], &["accept_privacy"]),
        (Asked::SignUp, &["privacy"], &["accept_terms"]),
        (Asked::Identity, &[], &["consent.data_matching"]),
        (Asked::Identity, &["truthful", "face_check"], &["consent.data_matching"]),
        (Asked::Identity, &["DATA_MATCHING", " data_matching"], &["consent.data_matching"]),
        (Asked::Face, &[], &["consent.face_check"]),
        (Asked::Face, &["data_matching"], &["consent.face_check"]),
        (Asked::Face, &["face_check'; drop table consent;--"], &["consent.face_check"]),
        (Asked::Join, &[], &["consent.card_agreement", "consent.return_if_wrong"]),
        (Asked::Join, &["card_agreement"], &["consent.return_if_wrong"]),
        (Asked::Join, &["return_if_wrong", "truthful"], &["consent.card_agreement"]),
        (Asked::Join, &["data_matching", ""], &["consent.card_agreement", "consent.return_if_wrong"]),
    ];
    let mut table = Vec::new();
    table.extend(emails.iter().map(|(typed, why)| Bad::new(Asked::Email, &[*typed], &[("email", *why)])));
    for asked in [Asked::EmailCode, Asked::PhoneCode] {
        table.extend(codes.iter().map(|(typed, why)| Bad::new(asked, &[*typed], &[("code", *why)])));
    }
    for (asked, ticked, missing) in boxes {
        let fields: Vec<_> = missing.iter().map(|field| (*field, NotAccepted)).collect();
        table.push(Bad::new(asked, ticked, &fields));
    }
    table
}

/// The rows of one place.
pub(crate) fn rows(asked: Asked) -> Vec<Bad> {
    let rows: Vec<_> = table().into_iter().filter(|bad| bad.asked == asked).collect();
    assert!(!rows.is_empty(), "{asked:?}");
    rows
}
