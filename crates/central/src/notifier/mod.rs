//! Messages to people. They are queued in the transaction that causes them and leave later: nobody waits for a mail
//! server, and a mail is never sent for something that was rolled back.

mod outbox;
pub(crate) mod sandbox;
mod smtp;
pub mod texts;

use chacha20poly1305::aead::{Aead, AeadCore, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::rngs::OsRng;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::config::Config;
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::state::Central;

/// Bytes of the nonce in front of a sealed mail.
const NONCE_BYTES: usize = 24;

/// A plain-text mail.
#[derive(Clone, Serialize, Deserialize)]
pub struct Mail {
    /// Address of the person.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
    /// The code in it, for the sandbox mailbox.
    pub code: Option<String>,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mail")
    }
}

/// The configuration of the mail server is not usable.
#[derive(Debug, thiserror::Error)]
pub enum NotifierError {
    /// The sender is no address.
    #[error("mail.from is no e-mail address")]
    From(#[source] lettre::address::AddressError),
    /// The connection's settings are not usable.
    #[error("the mail server's settings are not usable")]
    Smtp(#[source] lettre::transport::smtp::Error),
    /// Without TLS only on this machine.
    #[error("mail.security = \"none\" is for a mail server on this machine only")]
    Unprotected,
    /// One without the other would send without a login.
    #[error(
        "mail.user and the password (mail.password or PRAKERJA_CENTRAL_SMTP_PASSWORD) belong together: one is missing"
    )]
    HalfLogin,
}

/// Where mails go.
#[derive(Debug)]
enum Outlet {
    /// A mail server.
    Smtp(Box<smtp::Smtp>),
    /// The mailbox of `serve --demo`: a table, a page, and the terminal.
    Sandbox,
    /// Nowhere: nothing was configured (the program refuses to start so). They wait until a start with an outlet drops those
    /// that are over.
    Nowhere,
}

/// Queues mails and sends them.
#[derive(Debug)]
pub struct Notifier {
    outlet: Outlet,
    wake: Notify,
}

impl Notifier {
    /// The outlet of this configuration. Demo never sends a real mail.
    ///
    /// # Errors
    /// [`NotifierError`].
    pub fn new(config: &Config) -> Result<Self, NotifierError> {
        let outlet = match &config.mail {
            _ if config.demo => Outlet::Sandbox,
            Some(mail) => Outlet::Smtp(Box::new(smtp::Smtp::new(mail)?)),
            None => Outlet::Nowhere,
        };
        Ok(Self { outlet, wake: Notify::new() })
    }

    /// Queues only; another process sends.
    pub(crate) fn waiting() -> Self {
        Self { outlet: Outlet::Nowhere, wake: Notify::new() }
    }

    /// Starts the task that sends.
    pub(crate) fn start(&self, central: &Central) {
        if matches!(self.outlet, Outlet::Nowhere) {
            tracing::warn!("no mail server is configured: nobody can sign up");
        } else {
            central.tasks.spawn(outbox::run(central.clone()));
        }
    }

    /// Queues a mail; call [`Notifier::wake`] after the commit.
    ///
    /// # Errors
    /// Any error of the database.
    pub(crate) async fn queue(
        &self,
        tx: &mut sqlx::SqliteConnection,
        central: &Central,
        mail: &Mail,
        expires_at: i64,
    ) -> ApiResult<()> {
        sqlx::query("insert into mail_outbox (id, sealed, next_at, expires_at) values ($1, $2, $3, $4)")
            .bind(Id(Uuid::now_v7()))
            .bind(seal(&central.secrets.mails, mail)?)
            .bind(central.clock.now_ms())
            .bind(expires_at)
            .execute(&mut *tx)
            .await?;
        Ok(())
    }

    /// Tells the sending task that there is something.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }
}

/// Nonce and ciphertext.
fn seal(key: &[u8; 32], mail: &Mail) -> ApiResult<Vec<u8>> {
    let plain = serde_json::to_vec(mail).map_err(ApiError::internal)?;
    let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
    let sealed = XChaCha20Poly1305::new(key.into()).encrypt(&nonce, plain.as_slice());
    let sealed = sealed.map_err(|_| ApiError::defect("a mail could not be sealed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// None when it was sealed with another key or is damaged.
fn open(key: &[u8; 32], sealed: &[u8]) -> Option<Mail> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES)?;
    let plain = XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(nonce), sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_mail_is_sealed() {
        let mail =
            Mail { to: "sari@contoh.id".to_owned(), subject: "Kode".to_owned(), text: "123456".to_owned(), code: None };
        let sealed = seal(&[7; 32], &mail).unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("sari"));
        assert_eq!(open(&[7; 32], &sealed).unwrap().text, "123456");
        assert!(open(&[8; 32], &sealed).is_none());
        assert!(open(&[7; 32], &sealed[..20]).is_none());
    }
}
