//! Wakes long-polls: one signal per person who is waiting, none for the others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use uuid::Uuid;

/// Who waits.
#[derive(Debug, Default)]
pub(super) struct Wakes {
    waiting: Mutex<HashMap<Uuid, watch::Sender<u64>>>,
}

/// One waiting long-poll. It hears every wake after it was made.
pub(super) struct Waiter {
    wakes: Arc<Wakes>,
    person: Uuid,
    signal: watch::Receiver<u64>,
}

impl Wakes {
    /// Begins to listen. To miss nothing, listen first and read the feed then.
    pub(super) fn listen(self: &Arc<Self>, person: Uuid) -> Waiter {
        let mut waiting = self.lock();
        let signal = waiting.entry(person).or_insert_with(|| watch::Sender::new(0)).subscribe();
        Waiter { wakes: Arc::clone(self), person, signal }
    }

    /// Tells everybody who waits for a person's feed.
    pub(super) fn wake(&self, person: Uuid) {
        if let Some(sender) = self.lock().get(&person) {
            sender.send_modify(|count| *count += 1);
        }
    }

    /// How many listen.
    pub(super) fn count(&self) -> usize {
        self.lock().values().map(watch::Sender::receiver_count).sum()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, watch::Sender<u64>>> {
        // The map is whole after every statement, so a panic elsewhere did not break it.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiter {
    /// Waits for the next wake.
    pub(super) async fn woken(&mut self) {
        // The sender lives in the map as long as this waiter does.
        let _ = self.signal.changed().await;
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        let mut waiting = self.wakes.lock();
        // This waiter still counts as one.
        if waiting.get(&self.person).is_some_and(|sender| sender.receiver_count() <= 1) {
            waiting.remove(&self.person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everybody_who_waits_for_the_person_wakes_and_nobody_is_left_behind() {
        let wakes = Arc::new(Wakes::default());
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let (mut first, mut second, mut other) = (wakes.listen(one), wakes.listen(one), wakes.listen(two));
        wakes.wake(one);
        first.woken().await;
        second.woken().await;
        assert!(!other.signal.has_changed().unwrap());
        other.signal.mark_unchanged();
        drop((first, second));
        assert_eq!(wakes.lock().len(), 1);
        drop(other);
        assert_eq!(wakes.lock().len(), 0);
        wakes.wake(one);
    }

    #[tokio::test]
    async fn a_wake_between_listening_and_waiting_is_heard() {
        let wakes = Arc::new(Wakes::default());
        let mut waiter = wakes.listen(Uuid::nil());
        wakes.wake(Uuid::nil());
        waiter.woken().await;
    }
}
