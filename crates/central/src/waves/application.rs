//! An application as it is kept, and the record that its person sees.

use prakerja_domain::application::{ApplicationState, LeftOff};
use prakerja_domain::scheme::PriorityClass;
use prakerja_domain::wave::{Counted, WaveState};
use prakerja_protocol::application::{ApplicationRecord, Drawn};
use prakerja_selection::Blind;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Id;
use crate::registration::Saved;
use crate::sync::{Records, SyncError};
use crate::word::read_word;

/// The record's kind in the feed.
pub(super) const KIND: &str = "application";

/// A row of `application`.
#[derive(Debug, FromRow)]
pub(super) struct Application {
    person_id: Id,
    id: Id,
    wave: i64,
    pub(super) rev: i64,
    blind: Vec<u8>,
    class: String,
    pub(super) region: String,
    counted: String,
    received_at: i64,
    pub(super) nik_index: Vec<u8>,
    pub(super) kk_index: Vec<u8>,
    state: String,
    left_off: Option<String>,
}

impl Application {
    pub(super) fn person(&self) -> Uuid {
        self.person_id.0
    }

    pub(super) fn wave(&self) -> Result<u32, SyncError> {
        u32::try_from(self.wave).map_err(|_| SyncError::Damaged)
    }

    pub(super) fn blind(&self) -> Result<Blind, SyncError> {
        let bytes: [u8; 16] = self.blind.as_slice().try_into().map_err(|_| SyncError::Damaged)?;
        Ok(Blind::from_bytes(bytes))
    }

    pub(super) fn class(&self) -> Result<PriorityClass, SyncError> {
        read_word(&self.class)
    }

    /// True until the draw has settled it.
    pub(super) fn is_open(&self) -> bool {
        self.state == "joined"
    }

    /// Settles it and tells the person. Returns nothing: nobody waits for the sequence.
    pub(super) async fn settle(
        &self,
        records: &mut Records<'_>,
        accepted: bool,
        drawn: Option<Drawn>,
    ) -> Result<(), SyncError> {
        let state = if accepted { ApplicationState::Accepted } else { ApplicationState::NotAccepted };
        // Nothing settles twice, and nothing but what the draw has.
        let now =
            if self.is_open() { ApplicationState::waiting(WaveState::Selecting) } else { read_word(&self.state)? };
        if !now.may_become(state) {
            return Err(SyncError::Damaged);
        }
        let rev = self.rev + 1;
        sqlx::query("update application set state = $1, rev = $2 where person_id = $3 and id = $4")
            .bind(if accepted { "accepted" } else { "not_accepted" })
            .bind(rev)
            .bind(self.person_id)
            .bind(self.id)
            .execute(&mut *records.tx)
            .await?;
        self.put(records, rev, (state, self.class()?, drawn), self.left_off()?).await
    }

    /// Why it is not on the list of its wave; `None` for one that is, and while there is no list.
    pub(super) fn left_off(&self) -> Result<Option<LeftOff>, SyncError> {
        self.left_off.as_deref().map(read_word).transpose()
    }

    /// Notes why it is not on the list, or that it is after all. It stays open until the draw settles the whole wave.
    pub(super) async fn leave_off(&self, records: &mut Records<'_>, why: Option<LeftOff>) -> Result<(), SyncError> {
        let rev = self.rev + 1;
        sqlx::query("update application set left_off = $1, rev = $2 where person_id = $3 and id = $4")
            .bind(why.map(|why| match why {
                LeftOff::Blocked => "blocked",
                LeftOff::Excluded => "excluded",
                LeftOff::Recipient => "recipient",
            }))
            .bind(rev)
            .bind(self.person_id)
            .bind(self.id)
            .execute(&mut *records.tx)
            .await?;
        self.put(records, rev, (ApplicationState::JoinedWaitingClose, self.class()?, None), why).await
    }

    /// Draws it in another class from now on, and tells the person. For one that is open.
    pub(super) async fn reclass(&self, records: &mut Records<'_>, class: PriorityClass) -> Result<(), SyncError> {
        let rev = self.rev + 1;
        sqlx::query("update application set class = $1, rev = $2 where person_id = $3 and id = $4")
            .bind(class.as_str())
            .bind(rev)
            .bind(self.person_id)
            .bind(self.id)
            .execute(&mut *records.tx)
            .await?;
        self.put(records, rev, (ApplicationState::JoinedWaitingClose, class, None), self.left_off()?).await
    }

    async fn put(
        &self,
        records: &mut Records<'_>,
        rev: i64,
        (state, class, drawn): (ApplicationState, PriorityClass, Option<Drawn>),
        left_off: Option<LeftOff>,
    ) -> Result<(), SyncError> {
        let record = ApplicationRecord {
            wave: self.wave()?,
            state,
            counted: read_word::<Counted>(&self.counted)?,
            received_at: self.received_at,
            blind: self.blind()?.to_string(),
            class,
            region: self.region.clone(),
            drawn,
            left_off,
        };
        records.put(self.person(), (KIND, self.id.0, rev), &record).await?;
        Ok(())
    }
}

/// The application of a person to a wave, as the feed has it.
pub(super) async fn of_wave(records: &mut Records<'_>, person: Uuid, wave: u32) -> Result<Option<Saved>, SyncError> {
    let row: Option<(i64, i64)> = sqlx::query_as(
        "select application.rev, record.changed_seq from application
         join record on record.person_id = application.person_id and record.kind = $1 and record.id = application.id
         where application.wave = $2 and application.person_id = $3",
    )
    .bind(KIND)
    .bind(i64::from(wave))
    .bind(Id(person))
    .fetch_optional(&mut *records.tx)
    .await?;
    Ok(row.map(Saved::from))
}
