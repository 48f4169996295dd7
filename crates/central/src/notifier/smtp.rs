//! Mails through an SMTP server.

use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::outbox::Sent;
use super::{Mail, NotifierError};
use crate::config::{self, MailSecurity};

/// Longest silence of the server.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The connection pool and the sender.
#[derive(Debug)]
pub(super) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    pub(super) fn new(mail: &config::Mail) -> Result<Self, NotifierError> {
        let builder = match mail.security {
            MailSecurity::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&mail.host),
            MailSecurity::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&mail.host),
            MailSecurity::None if is_local(&mail.host) => {
                Ok(AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&mail.host))
            }
            MailSecurity::None => return Err(NotifierError::Unprotected),
        };
        let mut builder = builder.map_err(NotifierError::Smtp)?.port(mail.port).timeout(Some(TIMEOUT));
        match (&mail.user, &mail.password) {
            (Some(user), Some(password)) => {
                builder = builder.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
            }
            (None, None) => {}
            _ => return Err(NotifierError::HalfLogin),
        }
        Ok(Self { transport: builder.build(), from: mail.from.parse().map_err(NotifierError::From)? })
    }

    /// Sends one mail. `id` is the same for every try, so that a mailbox can tell a repeat. What the server says may repeat the
    /// address, so only its code is logged.
    pub(super) async fn send(&self, id: Uuid, mail: &Mail) -> Sent {
        let Some(message) = self.message(id, mail) else {
            tracing::error!("a mail could not be written");
            return Sent::Never;
        };
        match self.transport.send(message).await {
            Ok(_) => Sent::Yes,
            Err(error) => {
                let code = error.status().map(u16::from);
                if is_refusal_of_us(code, &error.to_string()) {
                    tracing::error!(code, "the mail server refuses this central: check [mail] in the configuration");
                    return Sent::Later;
                }
                let permanent = error.is_permanent();
                tracing::warn!(code, permanent, timeout = error.is_timeout(), "a mail was not taken");
                if permanent { Sent::Never } else { Sent::Later }
            }
        }
    }

    fn message(&self, id: Uuid, mail: &Mail) -> Option<Message> {
        // So that no absence notice answers (RFC 3834).
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, mail.to.parse().ok()?))
            .subject(mail.subject.clone())
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .raw_header(HeaderValue::new(auto, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .ok()
    }
}

/// A permanent refusal that is about the operator's settings and not about the mail: login and TLS (RFC 4954, RFC 3207),
/// or the enhanced code X.7 "security or policy", such as a refused relay (RFC 3463). Once they are right, it leaves.
fn is_refusal_of_us(code: Option<u16>, words: &str) -> bool {
    matches!(code, Some(530..=538)) || (matches!(code, Some(500..=599)) && words.contains("5.7."))
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_refusal_of_us;

    #[test]
    fn a_refused_login_is_no_verdict_on_the_mail() {
        let cases = [
            (Some(530), "5.7.0 authentication required", true),
            (Some(535), "no", true),
            (Some(538), "", true),
            (Some(554), "5.7.1 relay access denied", true),
            (Some(550), "5.1.1 no such mailbox", false),
            (Some(552), "5.2.2 mailbox full", false),
            (Some(451), "4.7.1 greylisted, see 5.7.1", false),
            (None, "5.7.1", false),
        ];
        for (code, words, expected) in cases {
            assert_eq!(is_refusal_of_us(code, words), expected, "{code:?} {words}");
        }
    }
}
