//! What can go wrong below the protocol. None of it is the client's fault: a command that meets it is asked to come
//! again.

use super::seal::Unopenable;

/// A failure of the database or of what it holds. Texts carry no personal data.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncError {
    /// The database refused.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A sealed row does not open.
    #[error(transparent)]
    Sealed(#[from] Unopenable),
    /// A column holds what it cannot hold.
    #[error("a row is damaged")]
    Damaged,
}
