//! Messages to phones through an HTTP gateway (`docs/adapters.md`).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Sms;
use super::outbox::Sent;
use crate::config;
use crate::outside::{Outside, OutsideError, SettingsError};

/// The gateway and the sender.
#[derive(Debug)]
pub(super) struct Gateway {
    party: Outside,
    sender: String,
    /// Where its settings are.
    section: String,
}

#[derive(Serialize)]
struct Order<'a> {
    message: Uuid,
    sender: &'a str,
    to: &'a str,
    text: &'a str,
}

#[derive(Deserialize)]
struct Receipt {
    accepted: bool,
}

impl Gateway {
    /// `section` names the settings.
    pub(super) fn new(section: &str, sms: &config::Sms) -> Result<Self, SettingsError> {
        let party = Outside::new(section, &sms.url, sms.token.as_ref(), sms.timeout_s)?;
        Ok(Self { party, sender: sms.sender.clone(), section: section.to_owned() })
    }

    /// Sends one message. `id` is the same for every try, so that the gateway can drop a repeat.
    pub(super) async fn send(&self, id: Uuid, sms: &Sms) -> Sent {
        let order = Order { message: id, sender: &self.sender, to: &sms.to, text: &sms.text };
        match self.party.post(&[], id, &order).await {
            Ok(Receipt { accepted: true }) => Sent::Yes,
            Ok(Receipt { accepted: false }) => {
                tracing::warn!(message = %id, "the message service refused a message");
                Sent::Never
            }
            Err(error) => {
                if matches!(error, OutsideError::Status(401 | 403 | 404)) {
                    let section = self.section.as_str();
                    tracing::error!(%error, section, "the message service refuses this central: check the section");
                } else {
                    tracing::warn!(%error, "a message was not taken");
                }
                Sent::Later
            }
        }
    }
}
