//! The clipboard, written and never read.
//!
//! `arboard` directly: the clipboard plugin wraps the same crate and adds commands for the page, which has none to use.

use std::sync::{Mutex, PoisonError};

use prakerja_app::ipc::{ErrorCode, IpcError};

/// Longest text that the window may copy.
const LIMIT: usize = 16 * 1024;

/// On Linux the text is gone when its owner is, so the handle lives as long as the app.
#[derive(Default)]
pub(crate) struct Clipboard(Mutex<Option<arboard::Clipboard>>);

impl Clipboard {
    /// Replaces what is in the clipboard.
    ///
    /// # Errors
    /// `internal` when the text is too long or this computer has no clipboard.
    pub(crate) fn write(&self, text: String) -> Result<(), IpcError> {
        let mut clipboard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if text.len() > LIMIT {
            return Err(IpcError::new(ErrorCode::Internal));
        }
        let write = |clipboard: &mut Option<arboard::Clipboard>| {
            let open = match clipboard.take() {
                Some(open) => open,
                None => arboard::Clipboard::new()?,
            };
            clipboard.insert(open).set_text(text)
        };
        write(&mut clipboard).map_err(|error| {
            *clipboard = None;
            IpcError::defect("clipboard", &error)
        })
    }
}
