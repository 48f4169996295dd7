//! Messages to people, by mail and to phones. They are queued in the transaction that causes them and leave later: nobody waits for a mail
//! server, and a mail is never sent for something that was rolled back.

mod outbox;
pub(crate) mod sandbox;
mod sms;
mod smtp;
pub mod texts;

use chacha20poly1305::aead::{Aead, AeadCore, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::rngs::OsRng;
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::bell::Bell;
use crate::by_scheme::ByScheme;
use crate::config::{self, Config, section};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::outside::SettingsError;
use crate::state::Central;

/// Bytes of the nonce in front of a sealed message.
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

/// A text to a phone.
#[derive(Clone, Serialize, Deserialize)]
pub struct Sms {
    /// Version of the scheme of the person's case, whose service sends it. Empty in a message that waits since before
    /// schemes had services of their own: the shared one sends it, as it would have.
    #[serde(default)]
    pub scheme: String,
    /// Number in E.164 form.
    pub to: String,
    /// Text; best within 160 characters.
    pub text: String,
    /// The code in it, for the sandbox mailbox.
    pub code: Option<String>,
}

impl std::fmt::Debug for Sms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sms")
    }
}

/// A message that waits. A mail is told from a text by its subject.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Message {
    Mail(Mail),
    Sms(Sms),
}

/// The configuration of the mail server or of the message service is not usable.
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
    /// The message service.
    #[error(transparent)]
    Sms(#[from] SettingsError),
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

/// Where texts to phones go.
#[derive(Debug)]
enum PhoneOutlet {
    /// A gateway.
    Gateway(Box<sms::Gateway>),
    /// The sandbox mailbox.
    Sandbox,
    /// Nowhere: nothing was configured, and no text is queued.
    Nowhere,
    /// The central that serves knows: an operator's command queues, whatever its own configuration says.
    Elsewhere,
}

impl PhoneOutlet {
    /// The outlet of each scheme in this configuration. Demo never sends a real text.
    fn load(config: &Config) -> Result<ByScheme<Self>, SettingsError> {
        if config.demo {
            return Ok(ByScheme::same(Self::Sandbox));
        }
        let shared = config.sms.as_ref().map(|sms| Self::gateway("sms", sms)).transpose()?;
        ByScheme::new(shared.unwrap_or(Self::Nowhere), config, |version, own| {
            own.sms.as_ref().map(|sms| Self::gateway(&section(version, "sms"), sms)).transpose()
        })
    }

    fn gateway(section: &str, sms: &config::Sms) -> Result<Self, SettingsError> {
        Ok(Self::Gateway(Box::new(sms::Gateway::new(section, sms)?)))
    }

    fn is_nowhere(&self) -> bool {
        matches!(self, Self::Nowhere)
    }
}

/// Queues messages and sends them.
#[derive(Debug)]
pub struct Notifier {
    outlet: Outlet,
    phones: ByScheme<PhoneOutlet>,
    pub(crate) bell: Bell,
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
        Ok(Self { outlet, phones: PhoneOutlet::load(config)?, bell: Bell::default() })
    }

    /// For an operator's command beside the central that serves: it queues and sends nothing.
    pub(crate) fn beside() -> Self {
        Self { outlet: Outlet::Nowhere, phones: ByScheme::same(PhoneOutlet::Elsewhere), bell: Bell::default() }
    }

    /// Starts the task that sends.
    pub(crate) fn start(&self, central: &Central) {
        if matches!(self.outlet, Outlet::Nowhere) {
            tracing::warn!("no mail server is configured: nobody can sign up");
        }
        if let Some(schemes) = self.phones.versions(&central.schemes, PhoneOutlet::is_nowhere) {
            tracing::warn!(
                schemes,
                "no message service is configured ([sms]): no phone can be verified, results go by mail only"
            );
        }
        let reaches_phones = self.phones.versions(&central.schemes, |phones| !phones.is_nowhere()).is_some();
        if reaches_phones || !matches!(self.outlet, Outlet::Nowhere) {
            central.tasks.spawn(outbox::run(central.clone()));
        }
    }

    /// Whether texts to the phones of those who registered under a scheme are queued at all.
    pub(crate) fn reaches_phones(&self, scheme: &str) -> bool {
        !self.phones.of(scheme).is_nowhere()
    }

    /// Queues a mail; it leaves after the commit. Whoever commits by other means than [`crate::sync::Change`] or a
    /// command calls [`Notifier::wake`] then.
    ///
    /// # Errors
    /// Any error of the database.
    pub(crate) async fn queue(
        &self,
        tx: &mut SqliteConnection,
        central: &Central,
        mail: &Mail,
        expires_at: i64,
    ) -> ApiResult<()> {
        self.put(tx, central, &Message::Mail(mail.clone()), expires_at).await
    }

    /// Queues a text to a phone, like [`Notifier::queue`]. Without a message service nothing is queued: ask
    /// [`Notifier::reaches_phones`] where the person waits for it.
    ///
    /// # Errors
    /// Any error of the database.
    pub(crate) async fn queue_sms(
        &self,
        tx: &mut SqliteConnection,
        central: &Central,
        sms: &Sms,
        expires_at: i64,
    ) -> ApiResult<()> {
        if !self.reaches_phones(&sms.scheme) {
            return Ok(());
        }
        self.put(tx, central, &Message::Sms(sms.clone()), expires_at).await
    }

    async fn put(
        &self,
        tx: &mut SqliteConnection,
        central: &Central,
        message: &Message,
        expires_at: i64,
    ) -> ApiResult<()> {
        sqlx::query("insert into message_outbox (id, sealed, next_at, expires_at) values ($1, $2, $3, $4)")
            .bind(Id(Uuid::now_v7()))
            .bind(seal(&central.secrets.mails, message)?)
            .bind(central.clock.now_ms())
            .bind(expires_at)
            .execute(tx)
            .await?;
        self.bell.mark();
        Ok(())
    }

    /// Tells the sending task that there is something.
    pub(crate) fn wake(&self) {
        self.bell.ring();
    }
}

/// Nonce and ciphertext.
fn seal(key: &[u8; 32], message: &Message) -> ApiResult<Vec<u8>> {
    let plain = serde_json::to_vec(message).map_err(ApiError::internal)?;
    let nonce = XChaCha20Poly1305::generate_nonce(&mut OsRng);
    let sealed = XChaCha20Poly1305::new(key.into()).encrypt(&nonce, plain.as_slice());
    let sealed = sealed.map_err(|_| ApiError::defect("a message could not be sealed"))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

/// None when it was sealed with another key or is damaged.
fn open(key: &[u8; 32], sealed: &[u8]) -> Option<Message> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES)?;
    let plain = XChaCha20Poly1305::new(key.into()).decrypt(XNonce::from_slice(nonce), sealed).ok()?;
    serde_json::from_slice(&plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiting_message_is_sealed() {
        let (to, text) = ("sari@contoh.id".to_owned(), "123456".to_owned());
        let mail = Mail { to: to.clone(), subject: "Kode".to_owned(), text: text.clone(), code: None };
        let sealed = seal(&[7; 32], &Message::Mail(mail)).unwrap();
        assert!(!String::from_utf8_lossy(&sealed).contains("sari"));
        assert!(matches!(open(&[7; 32], &sealed), Some(Message::Mail(mail)) if mail.text == "123456"));
        let sms = Sms { scheme: "2020".to_owned(), to, text, code: None };
        let sms = seal(&[7; 32], &Message::Sms(sms)).unwrap();
        assert!(matches!(open(&[7; 32], &sms), Some(Message::Sms(sms)) if sms.scheme == "2020"));
        assert!(open(&[8; 32], &sealed).is_none());
        assert!(open(&[7; 32], &sealed[..20]).is_none());
    }

    #[test]
    fn a_message_that_waits_reads_as_before() {
        let before = serde_json::json!({ "to": "+6281234567890", "text": "123456", "code": null });
        let message: Message = serde_json::from_value(before).unwrap();
        let Message::Sms(sms) = message else { panic!("a mail") };
        assert_eq!((sms.scheme.as_str(), sms.text.as_str()), ("", "123456"));
        let now = serde_json::json!({ "scheme": "2020", "to": "+6281234567890", "text": "123456", "code": null });
        let message: Message = serde_json::from_value(now.clone()).unwrap();
        assert_eq!(serde_json::to_value(message).unwrap(), now);
    }
}
