//! E-mail addresses: a practical subset of RFC 5321, lower-cased, because they are also the account's name.

use crate::field::{FieldError, FieldErrorCode};

/// Longest address (RFC 5321 §4.5.3.1.3 leaves 254 characters).
pub const MAX_CHARS: usize = 254;

/// A normalised address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// Reads a typed address.
    ///
    /// # Errors
    /// `required`, `too_long` or `invalid_email` on the field `email`.
    pub fn parse(raw: &str) -> Result<Self, FieldError> {
        let text = raw.trim().to_ascii_lowercase();
        if text.is_empty() {
            return Err(FieldError::new("email", FieldErrorCode::Required));
        }
        if text.len() > MAX_CHARS {
            return Err(FieldError::new("email", FieldErrorCode::TooLong).with("max", MAX_CHARS));
        }
        if is_address(&text) { Ok(Self(text)) } else { Err(FieldError::new("email", FieldErrorCode::InvalidEmail)) }
    }

    /// The normalised address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A likelier address when the domain looks like a slip of the finger (`gmial.com`).
    pub fn suggestion(&self) -> Option<String> {
        let (local, domain) = self.0.split_once('@')?;
        let better = KNOWN_DOMAINS.iter().find(|known| **known != domain && is_one_slip(domain, known))?;
        let exact = KNOWN_DOMAINS.contains(&domain);
        (!exact).then(|| format!("{local}@{better}"))
    }
}

/// Providers that most Indonesian addresses have.
const KNOWN_DOMAINS: [&str; 7] =
    ["gmail.com", "yahoo.com", "yahoo.co.id", "outlook.com", "hotmail.com", "icloud.com", "ymail.com"];

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_ok = (1..=64).contains(&local.len())
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let labels: Vec<&str> = domain.split('.').collect();
    let label_ok = |label: &&str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top_ok = labels.last().is_some_and(|top| top.len() >= 2 && top.bytes().any(|b| b.is_ascii_alphabetic()));
    local_ok && labels.len() >= 2 && labels.iter().all(label_ok) && top_ok
}

/// One letter wrong, missing, too many, or two neighbours swapped.
fn is_one_slip(typed: &str, known: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (typed.chars().collect(), known.chars().collect());
    let same_start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same_start..], &b[same_start..]);
    match a.len().cmp(&b.len()) {
        std::cmp::Ordering::Equal => {
            a.get(1..) == b.get(1..) || (a.len() >= 2 && a[0] == b[1] && a[1] == b[0] && a[2..] == b[2..])
        }
        std::cmp::Ordering::Less => b.get(1..) == Some(a),
        std::cmp::Ordering::Greater => a.get(1..) == Some(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_or_refused() {
        let long = format!("{}@contoh.id", "a".repeat(250));
        let cases = [
            (" Sari.W@Contoh.ID ", Ok("sari.w@contoh.id")),
            ("a+b@mail.contoh.co.id", Ok("a+b@mail.contoh.co.id")),
            ("o'neil@contoh.id", Ok("o'neil@contoh.id")),
            ("", Err(FieldErrorCode::Required)),
            ("   ", Err(FieldErrorCode::Required)),
            ("sari", Err(FieldErrorCode::InvalidEmail)),
            ("sari@contoh", Err(FieldErrorCode::InvalidEmail)),
            ("sari@@contoh.id", Err(FieldErrorCode::InvalidEmail)),
            ("sari w@contoh.id", Err(FieldErrorCode::InvalidEmail)),
            (".sari@contoh.id", Err(FieldErrorCode::InvalidEmail)),
            ("sa..ri@contoh.id", Err(FieldErrorCode::InvalidEmail)),
            ("sari@-contoh.id", Err(FieldErrorCode::InvalidEmail)),
            ("sari@contoh.1", Err(FieldErrorCode::InvalidEmail)),
            ("sari@contoh.id'; drop table account;--", Err(FieldErrorCode::InvalidEmail)),
            ("<b>@contoh.id", Err(FieldErrorCode::InvalidEmail)),
            ("sari@cönt.id", Err(FieldErrorCode::InvalidEmail)),
            (long.as_str(), Err(FieldErrorCode::TooLong)),
        ];
        for (typed, expected) in cases {
            let read = Email::parse(typed);
            assert_eq!(read.as_ref().map(Email::as_str).map_err(|e| e.code), expected, "{typed}");
        }
    }

    #[test]
    fn slips_in_well_known_domains_get_a_hint() {
        let cases = [
            ("a@gmial.com", Some("a@gmail.com")),
            ("a@gmai.com", Some("a@gmail.com")),
            ("a@gmaill.com", Some("a@gmail.com")),
            ("a@gnail.com", Some("a@gmail.com")),
            ("a@yaho.co.id", Some("a@yahoo.co.id")),
            ("a@gmail.com", None),
            ("a@ymail.com", None),
            ("a@contoh.id", None),
        ];
        for (typed, expected) in cases {
            let email = Email::parse(typed).unwrap();
            assert_eq!(email.suggestion().as_deref(), expected, "{typed}");
        }
    }
}
