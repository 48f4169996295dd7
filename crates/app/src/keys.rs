//! Where the database key is kept: a keyring, behind a trait because every system has another one and tests have none.
//!
//! Keyrings block, ask the person, and hang; every call runs on a thread of its own and is given up after
//! [`PATIENCE`]. A locked Secret Service answers like an empty one (measured; `ux.md` §5.1), so "there is no key" is only
//! believed after the keyring has shown that it can keep one: [`Keyring::is_usable`].

use std::sync::Arc;
use std::time::Duration;

use prakerja_store::DatabaseKey;
use uuid::Uuid;
use zeroize::Zeroizing;

/// How long a keyring may take. A person may be asked for a password meanwhile; trying again is one click.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Why a keyring did not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyStoreError {
    /// This computer has no keyring.
    #[error("there is no keyring")]
    Absent,
    /// There is one and it is locked, or the person said no.
    #[error("the keyring is locked")]
    Locked,
    /// It failed, or did not answer in time.
    #[error("the keyring failed")]
    Failed,
}

/// Bytes from a keyring, erased from memory when dropped.
pub type Secret = Zeroizing<Vec<u8>>;

/// A keyring. Calls may block.
pub trait KeyStore: Send + Sync + 'static {
    /// The secret under a name; `None` when there is none, or when the keyring hides that it is locked.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn get(&self, name: &str) -> Result<Option<Secret>, KeyStoreError>;

    /// Keeps a secret under a name.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError>;

    /// Forgets a name; no error when it is not there.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    fn delete(&self, name: &str) -> Result<(), KeyStoreError>;
}

/// The keyring as the vault uses it.
#[derive(Clone)]
pub(crate) struct Keyring {
    store: Arc<dyn KeyStore>,
    patience: Duration,
}

impl Keyring {
    pub(crate) fn new(store: Arc<dyn KeyStore>, patience: Duration) -> Self {
        Self { store, patience }
    }

    /// The key of that name; `None` also for something that is no key.
    pub(crate) async fn key(&self, id: Uuid) -> Result<Option<DatabaseKey>, KeyStoreError> {
        let found = self.call(move |store| store.get(&name(id))).await?;
        Ok(found.and_then(|bytes| DatabaseKey::from_bytes(&bytes)))
    }

    /// Keeps a new key and reads it back: a keyring that forgets would cost the person everything.
    pub(crate) async fn keep(&self, id: Uuid, key: &DatabaseKey) -> Result<(), KeyStoreError> {
        let secret = Zeroizing::new(key.expose().to_vec());
        let kept = secret.clone();
        self.call(move |store| store.set(&name(id), &kept)).await?;
        let back = self.call(move |store| store.get(&name(id))).await?;
        if back.as_ref() == Some(&secret) { Ok(()) } else { Err(KeyStoreError::Failed) }
    }

    /// True when the keyring keeps and returns something at this moment: it is there and unlocked.
    pub(crate) async fn is_usable(&self) -> bool {
        let probe = format!("probe-{}", Uuid::now_v7());
        let tried = self.call(move |store| {
            store.set(&probe, b"probe")?;
            let back = store.get(&probe)?;
            store.delete(&probe)?;
            Ok(back.is_some())
        });
        matches!(tried.await, Ok(true))
    }

    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn KeyStore) -> Result<T, KeyStoreError> + Send + 'static,
    ) -> Result<T, KeyStoreError> {
        let store = Arc::clone(&self.store);
        // The thread of a call that hangs stays until the keyring answers; its late answer goes nowhere.
        let task = tokio::task::spawn_blocking(move || work(store.as_ref()));
        match tokio::time::timeout(self.patience, task).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) | Err(_) => Err(KeyStoreError::Failed),
        }
    }
}

/// Name of a key's entry. The id is new for every database, so data folders never share one.
fn name(id: Uuid) -> String {
    format!("database-key-{id}")
}
