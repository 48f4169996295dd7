//! The applicant's encrypted database: drafts, records, outbox, receipts, catalogue.
//!
//! It keeps and answers; it decides nothing and knows no network. Three rules hold everywhere:
//! - Every operation is one transaction. After a crash it happened or it did not.
//! - `record` holds what central said and nothing else; what the person did is in `outbox`, and what the window shows is
//!   computed from both ([`overlay`]). "Pending" is always a query, never a stored flag.
//! - Nothing is dropped by a count of tries: a command leaves the queue by a result that names it, or by the person.
//!
//! Times are Unix milliseconds and are given by the caller. Private rows belong to an account; [`NOBODY`] stands for what
//! was typed before there was one.

mod account;
mod anchor;
mod catalogue;
mod check;
mod command;
mod device;
mod draft;
mod ending;
mod enqueue;
mod error;
mod fact;
mod feed;
mod forget;
#[cfg(test)]
mod forget_tests;
mod ids;
mod key;
mod keyfile;
mod keyinfo;
mod open;
#[cfg(test)]
mod open_tests;
mod outbox;
pub mod overlay;
mod photo_draft;
mod record;
mod reserve;
mod result;
mod search;
mod sending;
mod sign_up;
mod snapshot;
mod transaction;
mod upload;
mod view;

pub use account::{Account, Session, Tokens};
pub use anchor::Anchor;
pub use catalogue::{CatalogueApplied, CatalogueInfo, CatalogueUpdate, Schedule, Training};
pub use check::CheckResult;
pub use command::{NewCommand, kind};
pub use device::Device;
pub use draft::{Draft, DraftChange};
pub use enqueue::{AskAgain, Enqueued, Withdrawn};
pub use error::{OpenError, StoreError, damage};
pub use feed::{Applied, Feed, FeedChange, FeedPage};
pub use ids::NOBODY;
pub use key::DatabaseKey;
pub use keyfile::{KeyFile, KeyFileError, PASSPHRASE_MAX_BYTES, PASSPHRASE_MIN, PassphraseError, check_passphrase};
pub use keyinfo::{KeyInfo, Protection};
pub use open::Store;
pub use outbox::{OutboxCounts, OutboxRow, OutboxState, Receipt};
pub use photo_draft::PhotoDraft;
pub use record::Record;
pub use result::CommandOutcome;
pub use search::{TrainingPage, TrainingQuery};
pub use sign_up::{CodePurpose, CodeState, PendingSignUp};
pub use snapshot::{SnapshotPage, SnapshotProgress, SnapshotStep};
pub use upload::{NewUpload, SealedFile, Upload, UploadState};
pub use view::{Activity, ActivityState, Matter, Profile, Refusal, Run};
