//! `prakerja-central catalogue import FILE` and `catalogue list`.

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use sha2::{Digest as _, Sha256};

use super::apply::ApplyError;
use super::rows::{CatalogueFile, RowError};
use super::{frozen, waves};
use crate::clock::Clock;
use crate::config::{ConfigError, Folder};
use crate::db::Db;
use crate::office::{Action, CLI, OfficeError, audit};
use crate::state::{Central, StartError};

/// Arguments of `prakerja-central catalogue`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    folder: Folder,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Adds and changes trainings, waves and provinces from a JSON file. Nothing is written while one row is wrong.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Lists the trainings.
    List,
}

/// The command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// There is no database yet.
    #[error("there is no database in {0}; start central once")]
    NoDatabase(PathBuf),
    /// The configuration file could not be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The folder.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The audit log: what cannot be noted is not done.
    #[error(transparent)]
    Audit(#[from] OfficeError),
    /// The file could not be read.
    #[error("{0} could not be read")]
    File(PathBuf, #[source] std::io::Error),
    /// Rows are wrong; each was written out.
    #[error("nothing was imported: {0} wrong rows")]
    Rows(usize),
    /// The database refused.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A row could not be written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The output could not be written.
    #[error("the output could not be written")]
    Output(#[from] std::io::Error),
}

/// Carries out a command; tables and wrong rows go to `out`.
///
/// # Errors
/// [`OperatorError`]; whoever calls ends with a failing exit code.
pub async fn run(arguments: Arguments, out: &mut impl Write) -> Result<(), OperatorError> {
    let config = arguments.folder.config()?;
    if !config.data.join("central.db").exists() {
        return Err(OperatorError::NoDatabase(config.data));
    }
    let central = Central::beside(config, Clock::System).await?;
    let result = match arguments.command {
        Command::Import { file } => noted(&central, file, out).await,
        Command::List => list(&central.db, out).await,
    };
    central.close_beside().await;
    result
}

/// Imports, with a row in the audit log before and after.
async fn noted(central: &Central, file: PathBuf, out: &mut impl Write) -> Result<(), OperatorError> {
    let text = std::fs::read_to_string(&file).map_err(|error| OperatorError::File(file, error));
    let subject = match &text {
        Ok(text) => subject(central, text).await?,
        Err(_) => "no file".to_owned(),
    };
    let action = Action { who: CLI.to_owned(), what: "catalogue.import", subject };
    audit::append(central, &action, "begun").await?;
    let result = match text {
        Ok(text) => import(central, &text, out).await,
        Err(error) => Err(error),
    };
    let outcome = match &result {
        Ok(()) => "done",
        Err(OperatorError::Rows(_)) => "refused: rows",
        Err(OperatorError::File(..)) => "refused: file",
        Err(_) => "refused: internal",
    };
    audit::append(central, &action, outcome).await?;
    result
}

/// A file, as the audit log names it: how much is in it, and which waves it would change.
async fn subject(central: &Central, text: &str) -> Result<String, OperatorError> {
    let digest = hex::encode(Sha256::digest(text));
    let Ok(file) = CatalogueFile::read(text) else { return Ok(format!("file sha256={digest}")) };
    let mut tx = central.db.read().begin().await?;
    let mut changed = Vec::new();
    for row in &file.waves {
        if !waves::one(&mut tx, row.number).await?.is_some_and(|known| frozen::is_same(&known, row)) {
            changed.push(row.number.to_string());
        }
    }
    let mut words = format!("file trainings={} retired={}", file.trainings.len(), file.retire.len());
    if !changed.is_empty() {
        let _ = write!(words, " waves={}", changed.join("+"));
    }
    if let Some(provinces) = &file.rollout_provinces {
        let _ = write!(words, " rollout_provinces={}", provinces.join("+"));
    }
    Ok(format!("{words} sha256={digest}"))
}

async fn import(central: &Central, text: &str, out: &mut impl Write) -> Result<(), OperatorError> {
    let file = match CatalogueFile::read(text) {
        Ok(file) => file,
        Err(rows) => return Err(report(&rows, out)?),
    };
    match super::apply::import(&central.db, &central.schemes, &file, central.clock.now_ms()).await {
        Ok(done) => {
            writeln!(
                out,
                "{} added, {} changed, {} retired, {} waves and provinces changed; the catalogue is version {}",
                done.added, done.changed, done.retired, done.others, done.version
            )?;
            Ok(())
        }
        Err(ApplyError::Rows(rows)) => Err(report(&rows, out)?),
        Err(ApplyError::Database(error)) => Err(error.into()),
        Err(ApplyError::Json(error)) => Err(error.into()),
    }
}

fn report(rows: &[RowError], out: &mut impl Write) -> Result<OperatorError, std::io::Error> {
    for row in rows {
        writeln!(out, "{row}")?;
    }
    Ok(OperatorError::Rows(rows.len()))
}

async fn list(db: &Db, out: &mut impl Write) -> Result<(), OperatorError> {
    type Row = (String, String, i64, i64, Option<i64>, Option<i64>, String);
    let rows: Vec<Row> = sqlx::query_as(
        "select training.slug, training.method, training.free, training.gone,
                cast(sum(schedule.taken) as bigint), cast(sum(schedule.capacity) as bigint), training.title
         from training left join schedule on schedule.training_id = training.id and schedule.gone = 0
         group by training.id order by training.slug",
    )
    .fetch_all(db.read())
    .await?;
    for (slug, method, free, gone, taken, capacity, title) in rows {
        let kind = if free == 1 { "free" } else { "paid" };
        let state = if gone == 1 { " (retired)" } else { "" };
        let seats = capacity.map_or_else(|| "-".to_owned(), |all| format!("{}/{all}", taken.unwrap_or(0)));
        writeln!(out, "{slug:<60} {method:<10} {kind} {seats:>9}  {title}{state}")?;
    }
    Ok(())
}
