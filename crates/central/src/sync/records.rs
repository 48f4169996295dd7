//! Writing a person's records, whoever causes the change: a command, an outside party's answer, the operator, the clock.
//!
//! A command's effect writes inside its savepoint ([`Records::of_command`]). Everything else opens a [`Change`], which
//! counts the commit and wakes the long-polls as the writer does.

use std::collections::BTreeSet;

use prakerja_domain::profile::Fields;
use serde::Serialize;
use sqlx::{Sqlite, Transaction};
use uuid::Uuid;

use super::carry::Context;
use super::error::SyncError;
use super::feed::{self, NewChange};
use super::seal::{Place, Sealer};
use super::{Connection, epoch, profile};
use crate::error::{ApiError, ApiResult};
use crate::state::Central;

/// What a change of records needs.
pub(crate) struct Records<'a> {
    pub(crate) central: &'a Central,
    pub(crate) tx: &'a mut Connection,
    sealer: &'a Sealer,
    /// The command that causes it, if one does.
    by: Option<Uuid>,
    /// When it happens, Unix milliseconds.
    pub(crate) at: i64,
}

impl<'a> Records<'a> {
    /// Inside a command's savepoint.
    pub(super) fn of_command<'b>(cx: &'b mut Context<'a>) -> Records<'b> {
        let (central, by, at) = (cx.central, Some(cx.command), cx.received_at);
        Records { central, tx: &mut *cx.tx, sealer: cx.sealer, by, at }
    }

    /// Beside a command that was rolled back: what is written is no effect of it.
    pub(super) fn beside_command(central: &'a Central, tx: &'a mut Connection, sealer: &'a Sealer, at: i64) -> Self {
        Records { central, tx, sealer, by: None, at }
    }

    /// Puts a record into its person's feed. `rev` grows with every change of the record. Returns the sequence.
    pub(crate) async fn put<T: Serialize>(
        &mut self,
        person: Uuid,
        (kind, id, rev): (&'static str, Uuid, i64),
        data: &T,
    ) -> Result<i64, SyncError> {
        let change = NewChange { person, kind, id, rev, data, by: self.by, at: self.at };
        feed::put(self.tx, self.sealer, change).await
    }

    /// The person's personal data as central has it.
    pub(crate) async fn profile(&mut self, person: Uuid) -> Result<Fields, SyncError> {
        profile::fields(self.tx, self.sealer, person).await
    }

    /// Takes a record back: it leaves its person's feed. Returns the sequence.
    pub(crate) async fn delete(
        &mut self,
        person: Uuid,
        (kind, id, rev): (&'static str, Uuid, i64),
    ) -> Result<i64, SyncError> {
        let change = NewChange { person, kind, id, rev, data: &(), by: self.by, at: self.at };
        feed::delete(self.tx, change).await
    }

    /// Seals content for a column of a table; `kind` names table and column.
    pub(crate) fn seal<T: Serialize>(&self, place: Place<'_>, content: &T) -> Result<Vec<u8>, SyncError> {
        Ok(self.sealer.seal(place, content)?)
    }

    /// Opens what [`Records::seal`] sealed for the same place.
    pub(crate) fn open<T: serde::de::DeserializeOwned>(&self, place: Place<'_>, sealed: &[u8]) -> Result<T, SyncError> {
        Ok(self.sealer.open(place, sealed)?)
    }
}

/// A transaction on persons' records that no command causes.
pub(crate) struct Change {
    central: Central,
    sealer: Sealer,
    tx: Transaction<'static, Sqlite>,
    persons: BTreeSet<Uuid>,
    catalogue: bool,
    at: i64,
}

impl Change {
    /// Begins one. It holds central's one writing connection: no waiting for others inside.
    pub(crate) async fn begin(central: &Central) -> ApiResult<Self> {
        let engine = central.sync.get().ok_or_else(|| ApiError::defect("no sync engine"))?;
        Ok(Self {
            central: central.clone(),
            sealer: engine.keys.sealer.clone(),
            tx: central.db.begin().await?,
            persons: BTreeSet::new(),
            catalogue: false,
            at: central.clock.now_ms(),
        })
    }

    /// The records of a person; he or she hears of the change once it is committed.
    pub(crate) fn records(&mut self, person: Uuid) -> Records<'_> {
        self.persons.insert(person);
        Records { central: &self.central, tx: &mut self.tx, sealer: &self.sealer, by: None, at: self.at }
    }

    /// The transaction, for tables that are no records.
    pub(crate) fn tx(&mut self) -> &mut Transaction<'static, Sqlite> {
        &mut self.tx
    }

    /// When it happens, Unix milliseconds.
    pub(crate) fn at(&self) -> i64 {
        self.at
    }

    /// Seals what belongs to no person.
    pub(crate) fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// Everybody's catalogue must be made anew once this is committed.
    pub(crate) fn catalogue_changed(&mut self) {
        self.catalogue = true;
    }

    /// Makes it durable and tells whoever waits.
    pub(crate) async fn commit(mut self) -> ApiResult<()> {
        epoch::count(&mut self.tx).await?;
        self.tx.commit().await?;
        self.central.committed();
        if self.catalogue
            && let Some(shelf) = self.central.catalogue.get()
        {
            shelf.note_change();
        }
        if let Some(engine) = self.central.sync.get() {
            self.persons.into_iter().for_each(|person| engine.wakes.wake(person));
        }
        Ok(())
    }
}
