//! Photos wait where bytes cost money: a photo is as large as a thousand commands, and a quota of a phone is soon used up.
//! Everything else is small and is sent. The person has the last word, for good (settings) or for the photo that waits.

use std::sync::PoisonError;

use crate::App;
use crate::error::Answer;
use crate::ipc::Changed;
use crate::ipc::photo::PhotoView;

/// Values of the setting: as the operating system says, always send, hold until the person says.
pub(crate) const PHOTO_SENDING: [&str; 3] = ["automatic", "always", "hold"];

/// Whether photos wait. A system that does not know is taken for a connection without a quota.
fn holds(setting: &str, metered: Option<bool>) -> bool {
    match setting {
        "always" => false,
        "hold" => true,
        _ => metered == Some(true),
    }
}

impl App {
    /// What the operating system says of the connection: true where bytes cost money, `None` when it does not know.
    pub async fn set_metered(&self, metered: Option<bool>) {
        let before =
            std::mem::replace(&mut *self.inner.metered.lock().unwrap_or_else(PoisonError::into_inner), metered);
        if before != metered {
            tracing::info!(?metered, "the kind of connection changed");
            self.hold_photos();
            // A database that fails is told by the next command of the person.
            let _ = self.changed_state().await;
        }
    }

    /// Sends the photo that waits for another connection: this one, also after a restart, and no later one.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn send_photo_now(&self) -> Answer<PhotoView> {
        let opened = self.opened()?;
        opened.store.send_uploads_now(opened.person().await?).await?;
        opened.exchange().outbox_changed();
        self.tell(Changed::Photo);
        self.get_photo().await
    }

    pub(crate) fn metered(&self) -> Option<bool> {
        *self.inner.metered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn holds_photos(&self) -> bool {
        holds(&self.stored_settings().shown.photo_sending, self.metered())
    }

    /// Setting or connection may have changed.
    pub(crate) fn hold_photos(&self) {
        if let Some(opened) = self.if_open() {
            opened.exchange().hold_photos(self.holds_photos());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_decides_and_else_the_connection() {
        let cases = [
            ("automatic", Some(true), true),
            ("automatic", Some(false), false),
            ("automatic", None, false),
            ("always", Some(true), false),
            ("hold", Some(false), true),
            ("hold", None, true),
        ];
        for (setting, metered, expected) in cases {
            assert_eq!(holds(setting, metered), expected, "{setting} {metered:?}");
            assert!(PHOTO_SENDING.contains(&setting));
        }
    }
}
