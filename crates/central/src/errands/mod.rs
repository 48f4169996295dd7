//! Errands: calls to outside parties (civil registry, face check) that take their time.
//!
//! ```text
//! errands::queue(records, person, Kind::X, &content)     inside the transaction that wants it
//!        commit   ->  the task leases the row, opens the content, calls the kind's handler
//!        handler  ->  Fate::Done, Fate::Again(wait) or Fate::Failed { code }
//! ```
//!
//! A handler asks the party without holding the database, then writes the answer in a [`crate::sync::Change`] of its own.
//! The row goes only afterwards, so after a crash the handler runs once more: it must notice an answer that was written
//! already, or take the row away in that same change ([`finish`]). An errand is never given up by count: people wait for it. It is tried again with growing pauses, and the
//! operator sees what fails (`prakerja-central errands`).

pub mod operator;
mod run;

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::bell::Bell;
use crate::db::Id;
use crate::state::Central;
use crate::sync::{Place, Records, SyncError};

/// What there is to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The civil registry about a person.
    Identity,
    /// The provider about a face check.
    Face,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Identity, Self::Face];

    /// The word in the database.
    fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Face => "face",
        }
    }

    fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    async fn handle(self, central: &Central, errand: &Errand) -> Fate {
        match self {
            Self::Identity => crate::registration::identity::ask(central, errand).await,
            Self::Face => crate::face::ask(central, errand).await,
        }
    }
}

/// One call as its handler sees it.
#[derive(Debug)]
pub(crate) struct Errand {
    /// Stays the same over all tries: outside parties get it to notice repeats.
    pub(crate) id: Uuid,
    pub(crate) person: Uuid,
    kind: Kind,
    sealed: Vec<u8>,
}

impl Errand {
    /// What was queued. `None` when the row is damaged or of another version: the errand cannot be run.
    pub(crate) fn content<T: DeserializeOwned>(&self, central: &Central) -> Option<T> {
        central.sync.get()?.open(place(self.person, self.id), &self.sealed).ok()
    }
}

/// How a try ended.
#[derive(Debug)]
pub(crate) enum Fate {
    /// The answer is written, or nobody needs it any more.
    Done,
    /// The party works on it: ask again after so many milliseconds.
    Again(i64),
    /// The party did not answer, or we could not write: `code` is for log and operator, without personal data.
    Failed { code: String },
}

impl Fate {
    /// A failure with a code.
    pub(crate) fn failed(code: impl Into<String>) -> Self {
        Self::Failed { code: code.into() }
    }
}

/// The task's bell, shared by all kinds.
#[derive(Debug, Default)]
pub(crate) struct Errands {
    pub(crate) bell: Bell,
}

/// Queues an errand in the transaction of `records`; the content is sealed. It runs after the commit.
pub(crate) async fn queue<T: Serialize>(
    records: &mut Records<'_>,
    person: Uuid,
    kind: Kind,
    content: &T,
) -> Result<Uuid, SyncError> {
    let id = Uuid::now_v7();
    let sealed = records.seal(place(person, id), content)?;
    let now = records.central.clock.now_ms();
    sqlx::query("insert into errand (person_id, id, kind, content, made_at, next_at) values ($1, $2, $3, $4, $5, $5)")
        .bind(Id(person))
        .bind(Id(id))
        .bind(kind.as_str())
        .bind(sealed)
        .bind(now)
        .execute(&mut *records.tx)
        .await?;
    records.central.errands.bell.mark();
    Ok(id)
}

/// Makes the person's errands of a kind due at once: something happened that they wait for.
pub(crate) async fn hurry(records: &mut Records<'_>, person: Uuid, kind: Kind) -> Result<(), SyncError> {
    sqlx::query("update errand set next_at = $1 where person_id = $2 and kind = $3")
        .bind(records.central.clock.now_ms())
        .bind(Id(person))
        .bind(kind.as_str())
        .execute(&mut *records.tx)
        .await?;
    records.central.errands.bell.mark();
    Ok(())
}

/// The person's errands of a kind that wait or are under way, oldest first.
pub(crate) async fn open_of(records: &mut Records<'_>, person: Uuid, kind: Kind) -> Result<Vec<Errand>, SyncError> {
    let rows: Vec<(Id, Vec<u8>)> =
        sqlx::query_as("select id, content from errand where person_id = $1 and kind = $2 order by id")
            .bind(Id(person))
            .bind(kind.as_str())
            .fetch_all(&mut *records.tx)
            .await?;
    Ok(rows.into_iter().map(|(Id(id), sealed)| Errand { id, person, kind, sealed }).collect())
}

/// Ends an errand inside the change that writes its answer, so that whoever hears the answer twice writes it once. False
/// when it was ended before.
pub(crate) async fn finish(records: &mut Records<'_>, errand: Uuid) -> Result<bool, SyncError> {
    let gone = sqlx::query("delete from errand where id = $1").bind(Id(errand)).execute(&mut *records.tx).await?;
    Ok(gone.rows_affected() == 1)
}

/// Starts the task that runs them.
pub(crate) fn start(central: &Central) {
    central.tasks.spawn(run::run(central.clone()));
}

fn place(person: Uuid, id: Uuid) -> Place<'static> {
    Place { person, kind: "table/errand", id }
}
