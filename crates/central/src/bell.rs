//! Wakes a task after the commit of what it shall work on.
//!
//! Whoever queues inside a transaction cannot know when, or whether, that is committed. So queueing marks the bell, and
//! whoever commits rings it when it is marked. A mark is never lost: the task takes it off before it looks, and its look
//! waits for the one writing connection, that is for the commit of whoever marked.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// One per task.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    marked: AtomicBool,
    rung: Notify,
}

impl Bell {
    /// Something was queued in the present transaction.
    pub(crate) fn mark(&self) {
        self.marked.store(true, Ordering::SeqCst);
    }

    /// A transaction was committed.
    pub(crate) fn committed(&self) {
        if self.marked.load(Ordering::SeqCst) {
            self.ring();
        }
    }

    /// Wakes the task in any case.
    pub(crate) fn ring(&self) {
        self.rung.notify_one();
    }

    /// The task is about to look.
    pub(crate) fn take_off(&self) {
        self.marked.store(false, Ordering::SeqCst);
    }

    /// Until somebody rings.
    pub(crate) async fn heard(&self) {
        self.rung.notified().await;
    }
}
