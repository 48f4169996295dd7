//! Mails through an SMTP server.

use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::ExposeSecret;

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
        if let (Some(user), Some(password)) = (&mail.user, &mail.password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
        }
        Ok(Self { transport: builder.build(), from: mail.from.parse().map_err(NotifierError::From)? })
    }

    /// Sends one mail. What the server says may repeat the address, so only its code is logged.
    pub(super) async fn send(&self, mail: &Mail) -> Sent {
        let Some(message) = self.message(mail) else {
            tracing::error!("a mail could not be written");
            return Sent::Never;
        };
        match self.transport.send(message).await {
            Ok(_) => Sent::Yes,
            Err(error) => {
                let code = error.status().map(u16::from);
                let permanent = error.is_permanent();
                tracing::warn!(code, permanent, timeout = error.is_timeout(), "a mail was not taken");
                if permanent { Sent::Never } else { Sent::Later }
            }
        }
    }

    fn message(&self, mail: &Mail) -> Option<Message> {
        // So that no absence notice answers (RFC 3834).
        let auto = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, mail.to.parse().ok()?))
            .subject(mail.subject.clone())
            .message_id(None)
            .raw_header(HeaderValue::new(auto, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())
            .ok()
    }
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}
