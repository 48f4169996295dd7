//! The audit log: append-only, each row's MAC covers the row before, so that a changed or missing row is seen.
//!
//! The end of a chain can be cut off without a trace in it; a small file beside the database, `audit-head`, remembers how
//! far it was. Whoever has the keys, the database and the file can rewrite all three: send the log elsewhere, too, where
//! that matters (`docs/operator.md`).

use std::path::Path;

use serde::Serialize;
use sqlx::FromRow;

use super::{Action, OfficeError};
use crate::db::Db;
use crate::secrets::{Secrets, write_durably};
use crate::state::{Central, StartError};

/// Who acts in the terminal: whoever can read the keys needs no name here.
pub const CLI: &str = "cli";
/// Name of the file in the data folder.
const HEAD: &str = "audit-head";
/// What the first row follows.
const BEGINNING: [u8; 32] = [0; 32];

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Entry {
    /// Its number, from 1.
    pub seq: i64,
    /// When, Unix milliseconds.
    pub at: i64,
    /// Name of the operator, or `cli`.
    pub who: String,
    /// Such as `case.block`.
    pub what: String,
    /// Such as `wave 73`.
    pub subject: String,
    /// `begun`, `done`, `seen`, or `refused: …`.
    pub outcome: String,
    #[serde(skip)]
    mac: Vec<u8>,
}

impl Entry {
    fn mac(&self, secrets: &Secrets, before: &[u8]) -> [u8; 32] {
        let numbers = [self.seq.to_be_bytes(), self.at.to_be_bytes()].concat();
        let texts = [&self.who, &self.what, &self.subject, &self.outcome].map(|text| text.as_bytes());
        let [who, what, subject, outcome] = texts;
        secrets.records.mac(&[b"audit/1", before, &numbers, who, what, subject, outcome])
    }
}

/// Why the log is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A row is missing.
    #[error("row {0} is missing")]
    Missing(i64),
    /// A row was changed, or is not ours.
    #[error("row {0} does not fit the one before it")]
    Changed(i64),
    /// The end was cut off.
    #[error("the log ends at row {found}, and it had {known}")]
    CutOff {
        /// Last row that is there.
        found: i64,
        /// Last row that the file remembers.
        known: i64,
    },
    /// The file cannot be read.
    #[error("the file {HEAD} is missing or damaged")]
    Head,
}

/// Appends a row.
///
/// # Errors
/// Any error of the database.
pub async fn append(central: &Central, action: &Action, outcome: &str) -> Result<(), OfficeError> {
    let mut tx = central.db.begin().await?;
    let last: Option<(i64, Vec<u8>)> =
        sqlx::query_as("select seq, mac from audit order by seq desc limit 1").fetch_optional(&mut *tx).await?;
    let (seq, before) = last.unwrap_or((0, BEGINNING.to_vec()));
    // A head that does not fit must not be written over: it is the trace of what is missing.
    let fits = match read_head(&central.config.data) {
        None => seq == 0,
        Some((0, mac)) => mac == BEGINNING,
        Some((known, mac)) => {
            let row: Option<(Vec<u8>,)> =
                sqlx::query_as("select mac from audit where seq = $1").bind(known).fetch_optional(&mut *tx).await?;
            row.is_some_and(|(kept,)| kept == mac)
        }
    };
    let mut entry = Entry {
        seq: seq + 1,
        at: central.clock.now_ms(),
        who: action.who.clone(),
        what: action.what.to_owned(),
        subject: action.subject.clone(),
        outcome: outcome.to_owned(),
        mac: Vec::new(),
    };
    entry.mac = entry.mac(&central.secrets, &before).to_vec();
    sqlx::query("insert into audit (seq, at, who, what, subject, outcome, mac) values ($1, $2, $3, $4, $5, $6, $7)")
        .bind(entry.seq)
        .bind(entry.at)
        .bind(&entry.who)
        .bind(&entry.what)
        .bind(&entry.subject)
        .bind(&entry.outcome)
        .bind(&entry.mac)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    if !fits {
        tracing::error!("the audit log is not what the file {HEAD} remembers: run `prakerja-central audit verify`");
        return Ok(());
    }
    let (data, seq, mac) = (central.config.data.clone(), entry.seq, entry.mac);
    let written = tokio::task::spawn_blocking(move || write_head(&data, seq, &mac)).await;
    // Being behind is harmless: only what it remembers is compared.
    if !matches!(written, Ok(Ok(()))) {
        tracing::warn!("the file {HEAD} could not be written");
    }
    Ok(())
}

/// Writes the head of an empty log, when central makes its database. From then on a head is always there, and a stop
/// between the first row and its head is a head that is behind, as any other.
pub(crate) async fn begin(db: &Db, data: &Path) -> Result<(), StartError> {
    let empty: i64 =
        sqlx::query_scalar("select count(*) from (select 1 from audit limit 1)").fetch_one(db.read()).await?;
    if empty == 0 && !data.join(HEAD).exists() {
        write_head(data, 0, &BEGINNING).map_err(StartError::Folder)?;
    }
    Ok(())
}

/// Takes the log as an accepted restore left it (`docs/restore.md`).
pub(crate) async fn accept_restore(tx: &mut sqlx::SqliteConnection, data: &Path) -> Result<(), StartError> {
    let last: Option<(i64, Vec<u8>)> =
        sqlx::query_as("select seq, mac from audit order by seq desc limit 1").fetch_optional(tx).await?;
    let taken = match last {
        Some((seq, mac)) => write_head(data, seq, &mac),
        None => write_head(data, 0, &BEGINNING),
    };
    taken.map_err(StartError::Folder)
}

fn write_head(data: &Path, seq: i64, mac: &[u8]) -> std::io::Result<()> {
    write_durably(&data.join(HEAD), format!("{seq} {}\n", hex::encode(mac)).as_bytes())
}

/// Rows after a number, oldest first.
///
/// # Errors
/// Any error of the database.
pub async fn list(central: &Central, after: i64, limit: u32) -> Result<Vec<Entry>, OfficeError> {
    Ok(sqlx::query_as("select * from audit where seq > $1 order by seq limit $2")
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(central.db.read())
        .await?)
}

/// Reads the whole log and compares. Gives the number of rows.
///
/// # Errors
/// [`Broken`], inside.
pub async fn verify(central: &Central) -> Result<Result<i64, Broken>, OfficeError> {
    let head = read_head(&central.config.data);
    let (mut seq, mut before) = (0, BEGINNING.to_vec());
    let mut remembered = head.as_ref().is_some_and(|(known, mac)| *known == 0 && *mac == BEGINNING);
    loop {
        let rows = list(central, seq, 1_000).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.seq != seq + 1 {
                return Ok(Err(Broken::Missing(seq + 1)));
            }
            if row.mac(&central.secrets, &before) != *row.mac {
                return Ok(Err(Broken::Changed(row.seq)));
            }
            remembered |= head.as_ref().is_some_and(|(known, mac)| *known == row.seq && *mac == row.mac);
            (seq, before) = (row.seq, row.mac);
        }
    }
    Ok(match head {
        _ if remembered => Ok(seq),
        None if seq == 0 => Ok(0),
        None => Err(Broken::Head),
        Some((known, _)) if known > seq => Err(Broken::CutOff { found: seq, known }),
        Some((known, _)) => Err(Broken::Changed(known)),
    })
}

fn read_head(data: &Path) -> Option<(i64, Vec<u8>)> {
    let text = std::fs::read_to_string(data.join(HEAD)).ok()?;
    let (seq, mac) = text.trim().split_once(' ')?;
    Some((seq.parse().ok()?, hex::decode(mac).ok()?))
}
