//! The questions behind the window's screens: activities and personal data, computed at the moment of asking.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use prakerja_domain::enrolment::EnrolmentState;
use prakerja_domain::profile::ProfileField;
use serde::Deserialize;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::ids::blob;
use crate::outbox::{COLUMNS, FROM, read};
use crate::{OutboxRow, Record, Store, StoreError, kind, overlay, record};

/// Something that the person takes part in or asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Id of the enrolment.
    pub enrolment: Uuid,
    /// The training.
    pub training: Uuid,
    /// The schedule.
    pub schedule: Option<Uuid>,
    /// Title: central's, or the label of the request.
    pub title: Option<String>,
    /// When and where, as central said when it took the person in; the schedule may have left the catalogue since.
    pub run: Option<Run>,
    /// What it is.
    pub state: ActivityState,
    /// When central received the request.
    pub received_at: Option<i64>,
    /// When it was asked for (central's time once known): the order of the list.
    pub at: i64,
    /// The newest command about it, on its way or finished: how it stands.
    pub command: Option<OutboxRow>,
}

/// Dates, time and place.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Run {
    /// First day.
    pub starts_on: String,
    /// Last day.
    pub ends_on: String,
    /// Time of day in words.
    pub time: String,
    /// City or regency; absent for webinars.
    #[serde(default)]
    pub city: Option<String>,
    /// Street address; absent for webinars.
    #[serde(default)]
    pub address: Option<String>,
}

/// State of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivityState {
    /// Asked for; central has not said yes.
    Requested,
    /// Central said so.
    Enrolled(EnrolmentState),
    /// Asked to give it back; central has not answered.
    Cancelling,
    /// Central refused the request, and the person has not taken note.
    Refused,
}

/// Personal data.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    /// What central has.
    pub base: BTreeMap<ProfileField, String>,
    /// What central has, with what the person confirmed on top (drafts are not in it).
    pub values: BTreeMap<ProfileField, String>,
    /// Revision of what central has: the `base_rev` of the next patch.
    pub base_rev: Option<i64>,
    /// Patches that central refused and the person has not taken note of, oldest first.
    pub refusals: Vec<Refusal>,
    /// The newest patch, on its way or finished: how it stands. One that is being taken back is none.
    pub command: Option<OutboxRow>,
}

/// A patch that central refused.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The patch.
    pub command: OutboxRow,
    /// What it carried, as far as no later patch carries the same field; `None` for a field that was emptied.
    pub fields: BTreeMap<ProfileField, Option<String>>,
}

/// An `o` whose effect the records do not show yet.
const LIVE: &str = "(o.seen = 0 and (o.state <> 'done' or (o.status in ('applied', 'waitlisted')
     and r.seq > coalesce((select f.seen_seq from feed f where f.account = o.account), 0))))";

/// An `o` that the person takes back: a void of it is on its way.
const TAKEN_BACK: &str =
    "exists (select 1 from outbox v where v.account = o.account and v.target = o.id and v.state <> 'done')";

impl Store {
    /// What the person takes part in or asked for, newest first.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn activities(&self, account: Uuid) -> Result<Vec<Activity>, StoreError> {
        let view = self.view(account, "enrolment", &[kind::ENROLMENT_REQUEST, kind::ENROLMENT_CANCEL]).await?;
        Ok(overlay::activities(&view.records, &view.commands, |command| view.live.contains(&command.id)))
    }

    /// The person's data. Central keeps one `profile` record a person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn profile(&self, account: Uuid) -> Result<Profile, StoreError> {
        let view = self.view(account, "profile", &[kind::PROFILE_PATCH]).await?;
        Ok(overlay::profile(
            view.records.first(),
            &view.commands,
            |command| view.live.contains(&command.id),
            |command| view.taken_back.contains(&command.id),
        ))
    }

    /// What central said of a kind and what the person did about it, in the order in which it was done.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn matter(&self, account: Uuid, records: &str, kinds: &[&str]) -> Result<Matter, StoreError> {
        self.view(account, records, kinds).await
    }

    /// Records and commands of one moment: one read transaction, so that nothing is shown twice or not at all.
    async fn view(&self, account: Uuid, records: &str, kinds: &[&str]) -> Result<Matter, StoreError> {
        let mut read_at = self.read().await?;
        let found = sqlx::query(
            "select kind, id, rev, data from record where account = $1 and kind = $2 and data is not null order by id",
        )
        .bind(blob(&account))
        .bind(records)
        .fetch_all(&mut *read_at)
        .await?;
        let sql = format!(
            "select {COLUMNS}, {LIVE} as live, {TAKEN_BACK} as taken_back {FROM}
             where o.account = $1 and o.kind in (select value from json_each($2)) order by o.position"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(blob(&account))
            .bind(serde_json::Value::from(kinds).to_string())
            .fetch_all(&mut *read_at)
            .await?;
        read_at.commit().await?;
        let mut view = Matter {
            records: found.iter().map(record::read).collect::<Result<_, _>>()?,
            commands: Vec::with_capacity(rows.len()),
            live: BTreeSet::new(),
            taken_back: BTreeSet::new(),
        };
        for row in &rows {
            let command = read(row)?;
            if row.try_get::<Option<bool>, _>("live")?.unwrap_or(false) {
                view.live.insert(command.id);
            }
            if row.try_get("taken_back")? {
                view.taken_back.insert(command.id);
            }
            view.commands.push(command);
        }
        Ok(view)
    }
}

/// Records of a kind and the commands about them, of one moment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matter {
    /// What central said.
    pub records: Vec<Record>,
    /// What the person did, oldest first, on its way or finished.
    pub commands: Vec<OutboxRow>,
    live: BTreeSet<Uuid>,
    taken_back: BTreeSet<Uuid>,
}

impl Matter {
    /// True for a command whose effect the records do not show yet.
    pub fn is_live(&self, command: &OutboxRow) -> bool {
        self.live.contains(&command.id)
    }

    /// True for a command that the person takes back: a void of it is on its way.
    pub fn is_taken_back(&self, command: &OutboxRow) -> bool {
        self.taken_back.contains(&command.id)
    }
}
