//! Which database this is, and whether somebody put back an older one.
//!
//! A restored backup forgets what clients believe to be received. Central cannot see that from the database alone, so a
//! small file beside it, `epoch`, repeats the epoch and how many changes were committed. The file itself is never put
//! back. A database that is behind its file, or of another epoch, is refused until the operator accepts the restore
//! ([`accept`]): that rotates the epoch, and every client then replays its receipts and takes a snapshot
//! (`docs/restore.md`).

use std::path::Path;
use std::time::Duration;

use uuid::Uuid;

use super::Connection;
use crate::data_lock::DataLock;
use crate::db::{Db, Id};
use crate::secrets::write_durably;
use crate::state::{Central, StartError};

/// Name of the file in the data folder.
const FILE: &str = "epoch";
/// The file is brought up to date so often; being behind the database is harmless.
const EVERY: Duration = Duration::from_secs(1);

/// Gives the epoch of the database in `data`, after making sure that it is the one that was here before.
///
/// # Errors
/// [`StartError::Other`] when the database and the file differ, or the file is damaged.
pub(crate) async fn open(db: &Db, data: &Path, now_ms: i64) -> Result<Uuid, StartError> {
    let path = data.join(FILE);
    let file = read(&path)?;
    let mut tx = db.begin().await?;
    let known: Option<(Id,)> =
        sqlx::query_as("select epoch from programme where one = 1").fetch_optional(&mut *tx).await?;
    let commits = commits(&mut tx).await?;
    let epoch = match (known, file) {
        (Some((Id(epoch),)), Some(file)) if file.epoch == epoch && file.commits <= commits => epoch,
        // A first start that ended between the two writes.
        (Some((Id(epoch),)), None) if commits == 0 => epoch,
        (None, file) if file.as_ref().is_none_or(|file| file.commits == 0) => {
            let epoch = file.map_or_else(Uuid::new_v4, |file| file.epoch);
            begin(&mut tx, epoch, now_ms).await?;
            epoch
        }
        _ => {
            return Err(StartError::Other(format!(
                "the database does not fit the file {}: it was put back from a backup or belongs elsewhere; {ACCEPT}",
                path.display()
            )));
        }
    };
    tx.commit().await?;
    write(&path, &Mark { epoch, commits }).map_err(StartError::Folder)?;
    Ok(epoch)
}

/// The epoch of a database that is in use.
pub(crate) async fn known(db: &Db) -> Result<Uuid, StartError> {
    let (Id(epoch),): (Id,) = sqlx::query_as("select epoch from programme where one = 1").fetch_one(db.read()).await?;
    Ok(epoch)
}

/// What the operator does about a database that does not fit.
const ACCEPT: &str =
    "to go on with it, run `prakerja-central accept-restore` once, with the same --data or --config (docs/restore.md)";

/// Accepts the database in `data` as it is: a new epoch begins, and clients will replay what they know. Whatever the file
/// says is overwritten.
///
/// # Errors
/// [`StartError`]; [`StartError::InUse`] while central runs, [`StartError::Other`] when there is no database.
pub async fn accept(data: &Path, now_ms: i64) -> Result<Uuid, StartError> {
    let file = data.join("central.db");
    if !file.exists() {
        return Err(StartError::Other(format!("there is no database in {}", data.display())));
    }
    let _folder = DataLock::take(data)?;
    let db = Db::open(&file).await?;
    let mut tx = db.begin().await?;
    let epoch = Uuid::new_v4();
    begin(&mut tx, epoch, now_ms).await?;
    forget_lost_time(&mut tx, now_ms).await?;
    crate::office::audit::accept_restore(&mut tx, data).await?;
    let commits = commits(&mut tx).await?;
    tx.commit().await?;
    db.close().await;
    write(&data.join(FILE), &Mark { epoch, commits }).map_err(StartError::Folder)?;
    Ok(epoch)
}

/// Begins an epoch.
async fn begin(tx: &mut Connection, epoch: Uuid, now_ms: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into programme (one, epoch, epoch_began_at) values (1, $1, $2)
         on conflict (one) do update set epoch = excluded.epoch, epoch_began_at = excluded.epoch_began_at",
    )
    .bind(Id(epoch))
    .bind(now_ms)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Sequences and catalogue versions of the lost time must never be taken for those of the new one.
async fn forget_lost_time(tx: &mut Connection, now_ms: i64) -> Result<(), sqlx::Error> {
    // A client that was away since an earlier restore still has to send again what that one lost.
    sqlx::query(
        "update person set restored_seq = case when restored_seq < feed_seq then restored_seq else feed_seq end",
    )
    .execute(&mut *tx)
    .await?;
    // By the time of day: the same backup put back twice gives two different versions.
    let (version,): (i64,) =
        sqlx::query_as("select version from catalogue_head where one = 1").fetch_one(&mut *tx).await?;
    sqlx::query("update catalogue_head set version = $1, oldest_base = $1 where one = 1")
        .bind(now_ms.max(version + 1))
        .execute(&mut *tx)
        .await?;
    Ok(())
}

/// Counts a change of what people or clients rely on, in its transaction.
pub(crate) async fn count(tx: &mut Connection) -> Result<(), sqlx::Error> {
    sqlx::query("update commit_count set commits = commits + 1 where one = 1").execute(&mut *tx).await?;
    Ok(())
}

async fn commits(tx: &mut Connection) -> Result<i64, sqlx::Error> {
    let (commits,): (i64,) =
        sqlx::query_as("select commits from commit_count where one = 1").fetch_one(&mut *tx).await?;
    Ok(commits)
}

/// When the present epoch began, Unix milliseconds.
pub(crate) async fn began_at(tx: &mut Connection) -> Result<i64, sqlx::Error> {
    let (at,): (i64,) =
        sqlx::query_as("select epoch_began_at from programme where one = 1").fetch_one(&mut *tx).await?;
    Ok(at)
}

/// Keeps the file near the database until central stops; [`note`] follows when the last work is done.
pub(super) async fn keep(central: Central) {
    let mut noted = 0;
    loop {
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = central.stopping.cancelled() => return,
        }
        noted = note(&central, noted).await;
    }
}

/// Brings the file up to date, when there is more than `noted`. A commit is durable before it can be read here, so the file is never ahead.
/// Gives what is noted now.
pub(crate) async fn note(central: &Central, noted: i64) -> i64 {
    match try_note(central, noted).await {
        Ok(commits) => commits,
        // The file only helps to notice a restore; nothing is refused for it.
        Err(error) => {
            tracing::warn!(error, "the epoch file could not be written");
            noted
        }
    }
}

async fn try_note(central: &Central, noted: i64) -> Result<i64, String> {
    let mut connection = central.db.read().acquire().await.map_err(|error| error.to_string())?;
    let commits = commits(&mut connection).await.map_err(|error| error.to_string())?;
    drop(connection);
    if commits > noted {
        let (path, mark) = (central.config.data.join(FILE), Mark { epoch: central.epoch, commits });
        let written = tokio::task::spawn_blocking(move || write(&path, &mark)).await;
        written.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    }
    Ok(commits)
}

/// Content of the file.
#[derive(Debug, PartialEq, Eq)]
struct Mark {
    epoch: Uuid,
    commits: i64,
}

fn read(path: &Path) -> Result<Option<Mark>, StartError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => String::new(),
        Err(error) => return Err(StartError::Folder(error)),
    };
    let mark = text
        .trim()
        .split_once(' ')
        .and_then(|(epoch, commits)| Some(Mark { epoch: epoch.parse().ok()?, commits: commits.parse().ok()? }));
    mark.map(Some).ok_or_else(|| StartError::Other(format!("the file {} is damaged; {ACCEPT}", path.display())))
}

fn write(path: &Path, mark: &Mark) -> std::io::Result<()> {
    write_durably(path, format!("{} {}\n", mark.epoch, mark.commits).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads_back_and_a_damaged_one_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(read(&path).unwrap(), None);
        let mark = Mark { epoch: Uuid::from_u128(7), commits: 412 };
        write(&path, &mark).unwrap();
        assert_eq!(read(&path).unwrap(), Some(mark));
        for text in [&b""[..], b"7", b"x 1", b"00000000-0000-0000-0000-000000000007 many", b"\xff\xfe 7"] {
            std::fs::write(&path, text).unwrap();
            assert!(read(&path).unwrap_err().to_string().contains("accept-restore"), "{text:?}");
        }
    }
}
