//! Accounts that were closed, by their bare ids, in a file beside the database that is never put back with it: a backup
//! holds everything of whoever closed the account since, and an accepted restore closes it again (`docs/restore.md`).
//!
//! An id is kept in the transaction that closes the account and goes from there into the file. Written before, the file could
//! name an account that was not closed after all; written after, it could miss one. The database keeps it, too, for whoever
//! asked to close an account and got no answer: `GET /v1/accounts/{account}/closed`.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use axum::extract::{Path as UrlPath, State};
use prakerja_protocol::account::AccountClosed;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::close::{DRAWS, MEMBERSHIPS, erase};
use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::registration::case::Case;
use crate::registration::once;
use crate::request::Reply;
use crate::state::Central;
use crate::sync::Change;

/// Name of the file in the data folder.
pub(super) const FILE: &str = "closed-accounts";

/// Whether an account was closed, by its id, which nobody else knows: a session of it says nothing to whoever has none.
pub(crate) async fn is_closed(
    State(central): State<Central>,
    UrlPath(account): UrlPath<Uuid>,
) -> ApiResult<Reply<AccountClosed>> {
    // A backup may have brought one back that is on the list of a draw.
    let closed: i64 = sqlx::query_scalar(
        "select count(*) from closed_account
         where id = $1 and not exists (select 1 from person where person.id = closed_account.id)",
    )
    .bind(Id(account))
    .fetch_one(central.db.read())
    .await?;
    Ok(Reply::ok(AccountClosed { closed: closed > 0 }))
}

/// Keeps an account for [`note_all`], in the transaction that closes it.
pub(super) async fn remember(tx: &mut SqliteConnection, person: Uuid, noted: bool) -> Result<(), sqlx::Error> {
    sqlx::query("insert into closed_account (id, noted) values ($1, $2) on conflict (id) do nothing")
        .bind(Id(person))
        .bind(i64::from(noted))
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes in the file what is kept for it. One that comes twice does no harm.
pub(super) async fn note_all(central: &Central) -> ApiResult<()> {
    let kept: Vec<Id> =
        sqlx::query_scalar("select id from closed_account where noted = 0").fetch_all(central.db.read()).await?;
    if kept.is_empty() {
        return Ok(());
    }
    let (data, people) = (central.config.data.clone(), kept.clone());
    let note = move || people.iter().try_for_each(|person| note(&data, person.0));
    tokio::task::spawn_blocking(note).await.map_err(ApiError::internal)?.map_err(ApiError::internal)?;
    let mut tx = central.db.begin().await?;
    for person in kept {
        sqlx::query("update closed_account set noted = 1 where id = $1").bind(person).execute(&mut *tx).await?;
    }
    Ok(tx.commit().await?)
}

/// Does what an interruption or a restore has left: notes ids, and closes again whom a backup has brought back.
///
/// # Errors
/// The file or the database.
pub(crate) async fn catch_up(central: &Central) -> ApiResult<()> {
    note_all(central).await?;
    let data = central.config.data.clone();
    let noted = tokio::task::spawn_blocking(move || read(&data)).await.map_err(ApiError::internal)?;
    let noted = noted.map_err(ApiError::internal)?;
    let kept: Vec<(Id, i64)> = sqlx::query_as(
        "select id, exists (select 1 from person where person.id = closed_account.id) from closed_account",
    )
    .fetch_all(central.db.read())
    .await?;
    let back: HashMap<Uuid, bool> = kept.into_iter().map(|(id, back)| (id.0, back != 0)).collect();
    // One that only the file knows was closed after the backup.
    for person in noted.into_iter().filter(|person| back.get(person).copied().unwrap_or(true)) {
        // One that cannot be closed does not keep the others open.
        if let Err(error) = close_again(central, person).await {
            tracing::error!(account = %person, ?error, "a closed account that a backup brought back stays so far");
        }
    }
    Ok(())
}

async fn close_again(central: &Central, person: Uuid) -> ApiResult<()> {
    let mut change = Change::begin(central).await?;
    remember(change.tx(), person, true).await?;
    let back: i64 = sqlx::query_scalar("select count(*) from person where id = $1")
        .bind(Id(person))
        .fetch_one(&mut **change.tx())
        .await?;
    if back > 0 && !is_held(change.tx(), person).await? {
        let records = &mut change.records(person);
        let case = Case::load(records, person).await?;
        once::keep(records, &case).await?;
        // Its pictures are swept.
        if erase(change.tx(), person).await? {
            change.catalogue_changed();
        }
    }
    change.commit().await
}

/// A backup may be of the middle of a draw, whose list is published with this person in it; and who becomes a participant by
/// it stays.
async fn is_held(tx: &mut SqliteConnection, person: Uuid) -> Result<bool, sqlx::Error> {
    for rows in [DRAWS, MEMBERSHIPS] {
        let found: i64 = sqlx::query_scalar(rows).bind(Id(person)).fetch_one(&mut *tx).await?;
        if found > 0 {
            tracing::warn!(account = %person, "a closed account that a backup brought back is on a list, and stays so far");
            return Ok(true);
        }
    }
    Ok(false)
}

/// Adds an account. Durable when it returns. Blocks.
fn note(data: &Path, person: Uuid) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(data.join(FILE))?;
    // The break comes first: what a power cut left of the line before does not spoil this one.
    file.write_all(format!("\n{person}").as_bytes())?;
    file.sync_all()?;
    // The first time it is a new name, too.
    #[cfg(unix)]
    std::fs::File::open(data)?.sync_all()?;
    Ok(())
}

fn read(data: &Path) -> io::Result<Vec<Uuid>> {
    let bytes = match std::fs::read(data.join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    Ok(String::from_utf8_lossy(&bytes).lines().filter_map(|line| line.trim().parse().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_grows_and_what_a_power_cut_left_spoils_one_line_only() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).unwrap().is_empty());
        note(folder.path(), Uuid::from_u128(1)).unwrap();
        let mut cut = std::fs::read(folder.path().join(FILE)).unwrap();
        cut.extend_from_slice(b"\n00000000-00");
        std::fs::write(folder.path().join(FILE), cut).unwrap();
        note(folder.path(), Uuid::from_u128(2)).unwrap();
        assert_eq!(read(folder.path()).unwrap(), [Uuid::from_u128(1), Uuid::from_u128(2)]);
    }
}
