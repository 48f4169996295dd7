//! Accounts and sessions. The password never leaves the applicant's computer: OPAQUE (RFC 9807), see [`crate::password`].
//!
//! | Request | Answer |
//! |---|---|
//! | `POST /v1/accounts/start` [`SignUpStart`] | 200 [`SignUpStarted`] |
//! | `POST /v1/accounts` [`SignUp`], `Idempotency-Key` | 202 [`CodeSent`] (the same whether or not the address has an account) |
//! | `POST /v1/passwords` [`PasswordReset`], `Idempotency-Key` | 202 [`CodeSent`] (the same whether or not the address has an account) |
//! | `POST /v1/accounts/{sign_up}/code` [`ConfirmCode`], `Idempotency-Key` | 200 [`Session`]; of a sign-up or of another password |
//! | `POST /v1/accounts/{sign_up}/resend` | 202 [`CodeSent`] |
//! | `DELETE /v1/accounts/current` | 204: the caller's account is closed. The session must have been opened within ten minutes |
//! | `GET /v1/accounts/{account}/closed` | 200 [`AccountClosed`]; for whoever got no answer to that: nobody else knows the id |
//! | `POST /v1/sessions/start` [`SignInStart`] | 200 [`SignInStarted`] |
//! | `POST /v1/sessions` [`SignIn`], `Idempotency-Key` | 200 [`Session`] |
//! | `POST /v1/sessions/refresh` [`Refresh`] | 200 [`Session`]; the previous token answers the same for 10 minutes, and longer until the new access token was used |
//! | `GET /v1/sessions` | 200 [`SessionList`] |
//! | `DELETE /v1/sessions/{session}` | 204; `current` names the caller's own |

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::password::StretchParams;

/// First step of sign-up: central evaluates the blinded password.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignUpStart {
    /// Normalised e-mail address.
    pub email: String,
    /// OPAQUE registration request, base64.
    pub request: String,
}

/// Answer to [`SignUpStart`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignUpStarted {
    /// OPAQUE registration response, base64.
    pub response: String,
    /// How the client stretches the password.
    pub stretch: StretchParams,
}

/// Second step of sign-up. Makes a pending account and sends a code by e-mail.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignUp {
    /// Id of this sign-up, made by the client (UUIDv7); a repeat with the same id is the same sign-up.
    pub sign_up: Uuid,
    /// Normalised e-mail address.
    pub email: String,
    /// OPAQUE registration upload, base64.
    pub upload: String,
    /// The parameters of [`SignUpStarted`] with which the password was stretched for `upload`. Central may have been given
    /// others since; any that it ever offered are accepted.
    pub stretch: StretchParams,
    /// Language of the mails.
    pub language: Language,
    /// Terms and privacy notice that the person ticked.
    pub consents: Vec<Consent>,
}

/// Another password for the account of an address, when the old one is forgotten. Its first step is that of a sign-up
/// ([`SignUpStart`]). Nothing changes until the code was right; then the old password and all other sessions are over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PasswordReset {
    /// Id of this request, made by the client (UUIDv7); a repeat with the same id is the same request.
    pub reset: Uuid,
    /// Normalised e-mail address.
    pub email: String,
    /// OPAQUE registration upload, base64.
    pub upload: String,
    /// As in [`SignUp`].
    pub stretch: StretchParams,
    /// Language of the messages.
    pub language: Language,
    /// The way of the code.
    pub by: CodeChannel,
}

/// What became of a request to close an account whose answer did not come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountClosed {
    /// True when central closed it. Whatever else has become of it, and of an id that central does not know: false.
    pub closed: bool,
}

/// The way of a code to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeChannel {
    /// To the e-mail address.
    #[default]
    Mail,
    /// To the phone that the person verified. Where there is none a mail says so.
    Sms,
}

/// Language of messages to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Indonesian.
    #[default]
    Id,
    /// English.
    En,
}

/// One consent, given by ticking a box that was not ticked before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// `terms` or `privacy`.
    pub id: String,
    /// Version of the text that was shown.
    pub version: String,
    /// When it was ticked, by the device's clock, Unix milliseconds.
    pub accepted_at: i64,
}

/// A code is on its way, as far as a stranger may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSent {
    /// The sign-up, or the request for another password, that it belongs to.
    pub sign_up: Uuid,
    /// How long the code is valid, in seconds.
    pub expires_in_s: u64,
    /// How many times another code may be asked for.
    pub resends_left: u32,
    /// Wait so long before asking for another, in seconds.
    pub resend_after_s: u64,
}

/// The code that the person typed.
#[derive(Clone, Serialize, Deserialize)]
pub struct ConfirmCode {
    /// Six digits.
    pub code: String,
    /// Name of the computer for the session list.
    pub device_name: String,
}

/// First step of sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignInStart {
    /// Normalised e-mail address.
    pub email: String,
    /// OPAQUE credential request, base64.
    pub request: String,
}

/// Answer to [`SignInStart`]; the same shape for an address without account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignInStarted {
    /// Names this attempt in the second step; valid for two minutes and one use.
    pub attempt: Uuid,
    /// OPAQUE credential response, base64.
    pub response: String,
    /// How the client stretches the password.
    pub stretch: StretchParams,
}

/// Second step of sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// From [`SignInStarted`].
    pub attempt: Uuid,
    /// OPAQUE credential finalization, base64.
    pub finalization: String,
    /// Name of the computer for the session list.
    pub device_name: String,
}

/// Asks for the next pair of tokens.
#[derive(Clone, Serialize, Deserialize)]
pub struct Refresh {
    /// The newest refresh token that the client has.
    pub refresh_token: String,
}

/// An open session. Tokens are opaque base64url; central keeps none of them: of the access token it has the hash, and the
/// refresh token it knows by its MAC.
#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    /// The account (and person).
    pub person: Uuid,
    /// The session, for the list.
    pub session: Uuid,
    /// E-mail address of the account.
    pub email: String,
    /// Bearer token for requests.
    pub access_token: String,
    /// How long it lives, in seconds.
    pub access_expires_in_s: u64,
    /// Token for [`Refresh`].
    pub refresh_token: String,
    /// Epoch of central's database.
    pub epoch: Uuid,
    /// Central's receipt key (Ed25519, base64), to be pinned by the client.
    pub receipt_key: String,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("session", &self.session).finish_non_exhaustive()
    }
}

/// The person's open sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionList {
    /// Newest first.
    pub sessions: Vec<SessionInfo>,
}

/// One open session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionInfo {
    /// Its id.
    pub session: Uuid,
    /// Name of the computer.
    pub device_name: String,
    /// When it was opened, Unix milliseconds.
    pub created_at: i64,
    /// When it was last used, Unix milliseconds.
    pub used_at: i64,
    /// True for the caller's own.
    pub current: bool,
}
