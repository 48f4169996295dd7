//! Places at which a test can kill central, to show that a crash there loses nothing and repeats nothing. Present in
//! builds for development and tests only; in a release every call is nothing.

/// Kills the process when this is the place and the pass that [`abort_at`] named.
#[cfg(debug_assertions)]
pub(crate) fn hit(place: &str) {
    armed::hit(place);
}

/// Nothing, in a release.
#[cfg(not(debug_assertions))]
pub(crate) fn hit(_place: &str) {}

/// Every place, in the order in which a group of commands passes them.
pub const PLACES: [&str; 2] = ["group.written", "group.committed"];

/// Every place, in the order in which a selection passes them.
pub const SELECTION_PLACES: [&str; 9] = [
    "selection.begun",
    "selection.files_written",
    "selection.committed",
    "selection.told",
    "selection.revealed",
    "selection.result_written",
    "selection.published",
    "selection.page_written",
    "selection.page_committed",
];
/// Every place, in the order in which a void passes them.
pub const VOID_PLACES: [&str; 3] = ["void.files_written", "void.committed", "void.told"];
/// Every place, in the order in which withdrawing unused balances passes them.
pub const BALANCE_PLACES: [&str; 2] = ["balance.page_written", "balance.page_committed"];
/// Every place of an upload, in the order in which it passes them.
pub const UPLOAD_PLACES: [&str; 5] = ["part.synced", "part.stored", "photo.kept", "photo.committed", "photo.tidied"];

#[cfg(debug_assertions)]
pub use armed::abort_at;

#[cfg(debug_assertions)]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static ARMED: OnceLock<(String, AtomicU32)> = OnceLock::new();

    /// Kills the process, as a power cut would, at the `pass`-th time (from 1) that `place` is passed. Once per process.
    pub fn abort_at(place: &str, pass: u32) {
        let _ = ARMED.set((place.to_owned(), AtomicU32::new(pass)));
    }

    pub(super) fn hit(place: &str) {
        if let Some((armed, left)) = ARMED.get()
            && armed == place
            && left.fetch_sub(1, Ordering::SeqCst) == 1
        {
            std::process::abort();
        }
    }
}
