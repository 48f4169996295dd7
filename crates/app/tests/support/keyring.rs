//! A keyring in memory that can be locked, absent, forgetful or stuck.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex};

use prakerja_app::keys::{KeyStore, KeyStoreError, Secret};

/// How the keyring behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    Working,
    /// There is none.
    Absent,
    /// Locked in the way of a Secret Service that cannot ask: it says that there is nothing.
    LockedAndSilent,
    /// Locked, and it says so.
    Locked,
    /// It takes secrets and has nothing afterwards.
    Forgetful,
    /// It does not answer until its mood changes.
    Stuck,
}

/// A keyring in memory.
pub struct FakeKeyring {
    secrets: Mutex<BTreeMap<String, Vec<u8>>>,
    mood: Mutex<Mood>,
    freed: Condvar,
}

impl FakeKeyring {
    pub fn new(mood: Mood) -> Arc<Self> {
        Arc::new(Self { secrets: Mutex::default(), mood: Mutex::new(mood), freed: Condvar::new() })
    }

    pub fn set_mood(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
        self.freed.notify_all();
    }

    pub fn is_stuck(&self) -> bool {
        *self.mood.lock().unwrap() == Mood::Stuck
    }

    /// Database keys that were ever kept and not removed.
    pub fn keys(&self) -> BTreeMap<String, Vec<u8>> {
        self.secrets.lock().unwrap().clone()
    }

    pub fn replace(&self, secrets: BTreeMap<String, Vec<u8>>) {
        *self.secrets.lock().unwrap() = secrets;
    }

    fn mood(&self) -> Mood {
        let mood = self.mood.lock().unwrap();
        *self.freed.wait_while(mood, |mood| *mood == Mood::Stuck).unwrap()
    }
}

impl KeyStore for FakeKeyring {
    fn get(&self, name: &str) -> Result<Option<Secret>, KeyStoreError> {
        match self.mood() {
            Mood::Absent => Err(KeyStoreError::Absent),
            Mood::Locked => Err(KeyStoreError::Locked),
            Mood::LockedAndSilent | Mood::Forgetful => Ok(None),
            Mood::Working | Mood::Stuck => Ok(self.secrets.lock().unwrap().get(name).cloned().map(Secret::new)),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        match self.mood() {
            Mood::Absent => Err(KeyStoreError::Absent),
            Mood::Locked | Mood::LockedAndSilent => Err(KeyStoreError::Locked),
            Mood::Forgetful => Ok(()),
            Mood::Working | Mood::Stuck => {
                self.secrets.lock().unwrap().insert(name.to_owned(), secret.to_vec());
                Ok(())
            }
        }
    }

    fn delete(&self, name: &str) -> Result<(), KeyStoreError> {
        self.mood();
        self.secrets.lock().unwrap().remove(name);
        Ok(())
    }
}
