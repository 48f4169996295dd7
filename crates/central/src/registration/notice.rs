//! Tells a person that something happened: a `notice` record in the feed. Words, inbox and desktop notification are the
//! app's; messages to phone and mailbox are the notifier's.

use std::collections::BTreeMap;

use prakerja_protocol::application::{NoticeKind, NoticeRecord};
use uuid::Uuid;

use crate::sync::{Records, SyncError};

/// Writes a notice. `numbers` are for the sentence (`wave`, `position`, ...). Returns its sequence.
pub(crate) async fn tell(
    records: &mut Records<'_>,
    person: Uuid,
    what: NoticeKind,
    numbers: &[(&str, i64)],
    note: Option<String>,
) -> Result<i64, SyncError> {
    let numbers: BTreeMap<String, i64> = numbers.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    let notice = NoticeRecord { what, at: records.at, numbers, note };
    records.put(person, ("notice", Uuid::now_v7(), 1), &notice).await
}
