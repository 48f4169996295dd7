//! Places at which a test can kill the program, or make its store or a task of it fail, to show that nothing is lost and
//! nothing is repeated then. Present in builds for development and tests only; in a release every call is nothing.

/// Kills the process when this is the place and the pass that [`abort_at`] named.
#[cfg(debug_assertions)]
pub(crate) fn hit(place: &str) {
    armed::hit(place);
}

/// Nothing, in a release.
#[cfg(not(debug_assertions))]
pub(crate) fn hit(_place: &str) {}

/// True when the store is to fail at this place and pass, as [`fail_at`] named them.
#[cfg(debug_assertions)]
pub(crate) fn fails(place: &str) -> bool {
    armed::fails(place)
}

/// Never, in a release.
#[cfg(not(debug_assertions))]
pub(crate) fn fails(_place: &str) -> bool {
    false
}

/// Every place of an exchange that goes well or fails on the way, in the order in which it passes them.
pub const PLACES: [&str; 14] = [
    "push.planned",
    "push.frozen",
    "push.failed",
    "push.put-back",
    "push.answered",
    "push.kept-open",
    "push.named",
    "push.committed",
    "pull.answered",
    "pull.committed",
    "snapshot.answered",
    "snapshot.committed",
    "refresh.answered",
    "refresh.committed",
];

/// Places of an upload, in the order in which it passes them.
pub const UPLOAD_PLACES: [&str; 5] =
    ["upload.begun", "part.ready", "part.answered", "upload.completed", "upload.stored"];

/// Places of what ends with a word of central: a command that is parked, a session that is over.
pub const LAST_WORDS: [&str; 4] = ["park.named", "park.committed", "session.ending", "session.ended"];

#[cfg(debug_assertions)]
pub use armed::{abort_at, fail_at, panic_at};

#[cfg(debug_assertions)]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static ARMED: OnceLock<Armed> = OnceLock::new();

    struct Armed {
        place: String,
        left: AtomicU32,
        then: Then,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Then {
        Abort,
        Fail,
        Panic,
    }

    /// Kills the process, as a power cut would, at the `pass`-th time (from 1) that `place` is passed. Once per process.
    pub fn abort_at(place: &str, pass: u32) {
        arm(place, pass, Then::Abort);
    }

    /// Makes what the store does at `place` fail the `pass`-th time, as a full disk would. Once per process.
    pub fn fail_at(place: &str, pass: u32) {
        arm(place, pass, Then::Fail);
    }

    /// Ends the task that passes `place` the `pass`-th time by a panic, as a defect would. Once per process.
    pub fn panic_at(place: &str, pass: u32) {
        arm(place, pass, Then::Panic);
    }

    fn arm(place: &str, pass: u32, then: Then) {
        let _ = ARMED.set(Armed { place: place.to_owned(), left: AtomicU32::new(pass), then });
    }

    fn reached(place: &str) -> Option<Then> {
        let armed = ARMED.get().filter(|armed| armed.place == place)?;
        (armed.left.fetch_sub(1, Ordering::SeqCst) == 1).then_some(armed.then)
    }

    pub(super) fn hit(place: &str) {
        if reached(place) == Some(Then::Abort) {
            std::process::abort();
        }
    }

    #[expect(clippy::panic, reason = "a defect on purpose, in tests")]
    pub(super) fn fails(place: &str) -> bool {
        match reached(place) {
            Some(Then::Abort) => std::process::abort(),
            Some(Then::Panic) => panic!("a failpoint"),
            reached => reached.is_some(),
        }
    }
}
