//! What happened and the person should hear of: the inbox. Seen is what was there when the person looked, row by row: news of
//! central may be older than what this computer noted offline, and arrive later.

use std::collections::BTreeSet;

use prakerja_protocol::application::NoticeRecord;
use prakerja_store::{NOBODY, Store};
use serde::Deserialize as _;
use uuid::Uuid;

use crate::App;
use crate::alarm::told;
use crate::error::Answer;
use crate::facts;
use crate::ipc::Changed;
use crate::ipc::registration::NoticeRow;

/// Name of the fact that keeps the ids of the notices that were seen.
const SEEN: &str = "notices seen";

/// Everything of which a person should hear, newest first: central's notices, and what this computer noted by itself.
pub(crate) async fn notices(store: &Store, person: Uuid) -> Answer<Vec<(Uuid, NoticeRecord)>> {
    let mut notices = from_central(store, person).await?;
    if person != NOBODY {
        notices.extend(told(store, person).await?.inbox());
    }
    notices.sort_by_key(|(id, notice)| std::cmp::Reverse((notice.at, *id)));
    Ok(notices)
}

/// What central told a person, newest first.
pub(crate) async fn from_central(store: &Store, person: Uuid) -> Answer<Vec<(Uuid, NoticeRecord)>> {
    if person == NOBODY {
        return Ok(Vec::new());
    }
    let records = store.records(person, "notice").await?;
    let mut notices: Vec<_> = records
        .into_iter()
        .filter_map(|record| Some((record.id, NoticeRecord::deserialize(&record.data).ok()?)))
        .collect();
    notices.sort_by_key(|(id, notice)| std::cmp::Reverse((notice.at, *id)));
    Ok(notices)
}

/// How many the person has not seen.
pub(crate) async fn unread(store: &Store, person: Uuid) -> Answer<u32> {
    let seen = seen(store, person).await?;
    let unread = notices(store, person).await?.into_iter().filter(|(id, _)| !seen.contains(id));
    Ok(u32::try_from(unread.count()).unwrap_or(u32::MAX))
}

async fn seen(store: &Store, person: Uuid) -> Answer<BTreeSet<Uuid>> {
    Ok(facts::read(store, person, SEEN).await?.unwrap_or_default())
}

impl App {
    /// Everything that happened, newest first.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn list_notices(&self) -> Answer<Vec<NoticeRow>> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        let seen = seen(&opened.store, person).await?;
        let row = |(id, notice): (Uuid, NoticeRecord)| NoticeRow {
            id,
            what: notice.what,
            at: notice.at,
            unread: !seen.contains(&id),
            numbers: notice.numbers,
            note: notice.note,
        };
        Ok(notices(&opened.store, person).await?.into_iter().map(row).collect())
    }

    /// The person has seen what is there.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn read_notices(&self) -> Answer<()> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        let all: BTreeSet<Uuid> = notices(&opened.store, person).await?.into_iter().map(|(id, _)| id).collect();
        if all.is_empty() {
            return Ok(());
        }
        facts::keep(&opened.store, person, SEEN, &all).await?;
        self.told(&[Changed::Notices]).await
    }
}
