//! Hears what would be told outside of the window.

use std::sync::Mutex;

use prakerja_app::{Notifier, Reminder};

/// Everything that was told, in order.
#[derive(Debug, Default)]
pub struct Heard(Mutex<Vec<(Reminder, String)>>);

impl Heard {
    pub fn all(&self) -> Vec<Reminder> {
        self.0.lock().unwrap().iter().map(|(reminder, _)| *reminder).collect()
    }
}

impl Notifier for Heard {
    fn tell(&self, reminder: Reminder, language: &str) {
        self.0.lock().unwrap().push((reminder, language.to_owned()));
    }
}
