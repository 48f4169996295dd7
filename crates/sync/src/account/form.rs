//! The form that asks for a code, and how it is known again.

use std::sync::{Arc, Mutex};

use prakerja_protocol::account::{CodeChannel, Consent, Language, PasswordReset, SignUp};
use prakerja_protocol::password::StretchParams;
use prakerja_store::CodePurpose;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroize;

use super::AccountError;

/// What the person filled in. The values are normalised and checked by the caller.
#[derive(Debug)]
pub struct CodeForm {
    /// Normalised e-mail address.
    pub email: String,
    /// The password.
    pub password: SecretString,
    /// Language of the messages.
    pub language: Language,
    /// What for.
    pub wish: Wish,
}

/// What the right code does.
#[derive(Debug)]
pub enum Wish {
    /// Makes an account.
    Account {
        /// Boxes that were ticked.
        consents: Vec<Consent>,
    },
    /// Sets another password. The code comes this way.
    Password(CodeChannel),
}

impl Wish {
    pub(super) fn purpose(&self) -> CodePurpose {
        match self {
            Self::Account { .. } => CodePurpose::Account,
            Self::Password(CodeChannel::Mail) => CodePurpose::PasswordByMail,
            Self::Password(CodeChannel::Sms) => CodePurpose::PasswordBySms,
        }
    }
}

impl CodeForm {
    /// The request as it travels.
    pub(super) fn body(&self, id: Uuid, upload: String, stretch: StretchParams) -> Result<SecretString, AccountError> {
        let (email, language) = (self.email.clone(), self.language);
        let text = match &self.wish {
            Wish::Account { consents } => {
                let consents = consents.clone();
                serde_json::to_string(&SignUp { sign_up: id, email, upload, stretch, language, consents })
            }
            Wish::Password(by) => {
                serde_json::to_string(&PasswordReset { reset: id, email, upload, stretch, language, by: *by })
            }
        };
        Ok(text.map_err(|_| AccountError::Incompatible)?.into())
    }
}

/// Where the request goes.
pub(super) fn path(purpose: CodePurpose) -> &'static str {
    match purpose {
        CodePurpose::Account => "/v1/accounts",
        CodePurpose::PasswordByMail | CodePurpose::PasswordBySms => "/v1/passwords",
    }
}

/// The form that was sent last, shared by everything that may send it again.
pub(crate) type FormMemory = Arc<Mutex<Option<Remembered>>>;

/// Tells whether the same form is sent again, without keeping the password: a digest with a salt that dies with the
/// program.
pub(crate) struct Remembered {
    pub(super) salt: [u8; 32],
    pub(super) digest: [u8; 32],
    pub(super) sign_up: Uuid,
}

impl Remembered {
    pub(super) fn of(form: &CodeForm, salt: [u8; 32], sign_up: Uuid) -> Self {
        Self { salt, digest: digest(form, &salt), sign_up }
    }
}

impl Drop for Remembered {
    fn drop(&mut self) {
        self.salt.zeroize();
        self.digest.zeroize();
    }
}

pub(super) fn digest(form: &CodeForm, salt: &[u8; 32]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(salt);
    digest.update(form.email.as_bytes());
    digest.update([0, u8::from(form.language == Language::En)]);
    match &form.wish {
        Wish::Account { consents } => {
            for consent in consents {
                digest.update(consent.id.as_bytes());
                digest.update([0]);
                digest.update(consent.version.as_bytes());
                digest.update([0]);
            }
        }
        Wish::Password(by) => digest.update([1, u8::from(*by == CodeChannel::Sms)]),
    }
    digest.update(form.password.expose_secret().as_bytes());
    digest.finalize().into()
}
