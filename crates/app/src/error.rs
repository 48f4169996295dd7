//! How a command fails: one code that the window has words for, and a reference that is in the log too.

use std::collections::BTreeMap;

use prakerja_domain::field::FieldError;
use prakerja_store::StoreError;
use rand::Rng;

use crate::ipc::{ErrorCode, IpcError};

/// Result of every command.
pub type Answer<T> = Result<T, IpcError>;

impl IpcError {
    /// A failure with a code. It is noted in the log under its reference.
    pub fn new(code: ErrorCode) -> Self {
        let reference = reference();
        tracing::info!(?code, reference, "a command was refused");
        Self { code, fields: Vec::new(), retry_after_ms: None, numbers: BTreeMap::new(), reference }
    }

    /// Wrong fields.
    pub fn validation(fields: Vec<FieldError>) -> Self {
        Self { fields, ..Self::new(ErrorCode::Validation) }
    }

    /// A defect. `what` says for the log where it happened; neither may hold personal data.
    pub fn defect(what: &'static str, cause: &dyn std::error::Error) -> Self {
        let error = Self::new(ErrorCode::Internal);
        tracing::error!(reference = error.reference, what, cause = %Chain(cause), "a defect");
        error
    }

    /// Adds a number for the sentence.
    #[must_use]
    pub fn with_number(mut self, name: &str, value: i64) -> Self {
        self.numbers.insert(name.to_owned(), value);
        self
    }

    /// Adds the least wait, in milliseconds.
    #[must_use]
    pub fn with_retry_after_ms(mut self, wait: Option<u64>) -> Self {
        self.retry_after_ms = wait;
        self
    }
}

impl From<StoreError> for IpcError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DiskFull => Self::new(ErrorCode::DiskFull),
            StoreError::Damaged | StoreError::NoAccess(_) => {
                let broken = Self::new(ErrorCode::VaultBroken);
                tracing::error!(reference = broken.reference, cause = %error, "the database fails");
                broken
            }
            StoreError::Closed => Self::new(ErrorCode::VaultLocked),
            StoreError::Busy => Self::new(ErrorCode::VaultBusy),
            other => Self::defect("store", &other),
        }
    }
}

/// Six letters without look-alikes: enough to find a line in the logs of one computer.
fn reference() -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut random = rand::thread_rng();
    (0..6).map(|_| char::from(LETTERS[random.gen_range(0..LETTERS.len())])).collect()
}

/// An error with its causes. The errors of this house carry no personal data; see `StoreError`.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(next) = cause {
            write!(f, ": {next}")?;
            cause = next.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_short_and_differ() {
        let (one, other) = (reference(), reference());
        assert_eq!(one.len(), 6);
        assert_ne!(one, other);
    }
}
