//! The clipboard, written, and read only to see whether the card number is still in it.
//!
//! `arboard` directly: the clipboard plugin wraps the same crate and adds commands for the page, which has none to use.

use std::sync::{Arc, Mutex, PoisonError};

use prakerja_app::ipc::{ErrorCode, IpcError};

/// Longest text that the window may copy.
const LIMIT: usize = 16 * 1024;

/// Cheap to clone; all clones are one.
#[derive(Default, Clone)]
pub(crate) struct Clipboard(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    /// On Linux the text is gone when its owner is, so the handle lives as long as the app.
    board: Option<arboard::Clipboard>,
    /// What must not stay there.
    secret: Option<String>,
}

impl Held {
    fn write(&mut self, text: &str) -> Result<(), IpcError> {
        let write = |held: &mut Self| {
            let board = match held.board.take() {
                Some(board) => board,
                None => arboard::Clipboard::new()?,
            };
            held.board.insert(board).set_text(text)
        };
        write(self).map_err(|error| {
            self.board = None;
            IpcError::defect("clipboard", &error)
        })
    }
}

impl Clipboard {
    /// Replaces what is in the clipboard.
    ///
    /// # Errors
    /// `internal` when the text is too long or this computer has no clipboard.
    pub(crate) fn write(&self, text: &str) -> Result<(), IpcError> {
        if text.len() > LIMIT {
            return Err(IpcError::new(ErrorCode::Internal));
        }
        let held = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.secret = None;
        held.write(text)
    }
}

impl prakerja_app::Clipboard for Clipboard {
    fn put(&self, secret: &str) -> Result<(), IpcError> {
        let held = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.write(secret)?;
        held.secret = Some(secret.to_owned());
        Ok(())
    }

    fn forget(&self) {
        let held = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(secret), Some(board)) = (held.secret.take(), held.board.as_mut()) else { return };
        // What somebody copied since is not ours.
        if board.get_text().is_ok_and(|text| text == secret)
            && let Err(error) = board.clear()
        {
            tracing::warn!(%error, "the card number is still in the clipboard");
        }
    }
}
