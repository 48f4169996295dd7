//! Which database this is, and whether somebody put back an older one.
//!
//! A restored backup forgets what clients believe to be received. Central cannot see that from the database alone, so a
//! small file beside it, `epoch`, repeats the epoch and how many groups of commands were committed. A database that is
//! behind its file, or of another epoch, is refused until the operator accepts the restore: that rotates the epoch, and
//! every client then replays its receipts and takes a snapshot (`docs/protocol.md`).

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::db::{Db, Id};
use crate::state::StartError;

/// Name of the file in the data folder.
const FILE: &str = "epoch";
/// The file is brought up to date at most so often; being behind the database is harmless.
const EVERY: Duration = Duration::from_secs(1);

/// Gives the epoch of the database in `data`, after making sure that it is the one that was here before.
///
/// # Errors
/// [`StartError::Other`] when the database and the file differ and `accept_restore` is not set.
pub(crate) async fn open(db: &Db, data: &Path, now_ms: i64, accept_restore: bool) -> Result<Uuid, StartError> {
    let path = data.join(FILE);
    let file = read(&path)?;
    let mut tx = db.begin().await?;
    let known: Option<(Id,)> =
        sqlx::query_as("select epoch from programme where one = 1").fetch_optional(&mut *tx).await?;
    let (commits,): (i64,) =
        sqlx::query_as("select commits from commit_count where one = 1").fetch_one(&mut *tx).await?;
    let epoch = match (known, file) {
        _ if accept_restore => {
            let epoch = Uuid::new_v4();
            rotate(&mut tx, epoch, now_ms).await?;
            tracing::warn!(%epoch, commits, "the restore is accepted: clients will replay what they know");
            epoch
        }
        (Some((Id(epoch),)), Some(file)) if file.epoch == epoch && file.commits <= commits => epoch,
        // A first start that ended between the two writes.
        (Some((Id(epoch),)), None) if commits == 0 => epoch,
        (None, file) if file.as_ref().is_none_or(|file| file.commits == 0) => {
            let epoch = file.map_or_else(Uuid::new_v4, |file| file.epoch);
            rotate(&mut tx, epoch, now_ms).await?;
            epoch
        }
        _ => {
            return Err(StartError::Other(format!(
                "the database does not fit the file {}: it was put back from a backup or belongs elsewhere; start once \
                 with --accept-restore to go on with it",
                path.display()
            )));
        }
    };
    tx.commit().await?;
    write(&path, &Mark { epoch, commits }).map_err(StartError::Folder)?;
    Ok(epoch)
}

/// Begins an epoch. Sequences and catalogue versions of the lost time must never be taken for those of the new one.
async fn rotate(tx: &mut super::Connection, epoch: Uuid, now_ms: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into programme (one, epoch, epoch_began_at) values (1, $1, $2)
         on conflict (one) do update set epoch = excluded.epoch, epoch_began_at = excluded.epoch_began_at",
    )
    .bind(Id(epoch))
    .bind(now_ms)
    .execute(&mut *tx)
    .await?;
    sqlx::query("update person set restored_seq = feed_seq").execute(&mut *tx).await?;
    sqlx::query(
        "update catalogue_head set version = version + 1000000, oldest_base = version + 1000000 where version > 1",
    )
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// When the present epoch began, Unix milliseconds.
pub(super) async fn began_at(tx: &mut super::Connection) -> Result<i64, sqlx::Error> {
    let (at,): (i64,) =
        sqlx::query_as("select epoch_began_at from programme where one = 1").fetch_one(&mut *tx).await?;
    Ok(at)
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
        Err(error) => return Err(StartError::Folder(error)),
    };
    let mark = text
        .trim()
        .split_once(' ')
        .and_then(|(epoch, commits)| Some(Mark { epoch: epoch.parse().ok()?, commits: commits.parse().ok()? }));
    mark.map(Some).ok_or_else(|| StartError::Other(format!("the file {} is damaged", path.display())))
}

fn write(path: &Path, mark: &Mark) -> std::io::Result<()> {
    let partial = path.with_extension("partial");
    std::fs::write(&partial, format!("{} {}\n", mark.epoch, mark.commits))?;
    std::fs::rename(partial, path)
}

/// Keeps the file near the database. A commit is durable before it is noted here, so the file is never ahead.
#[derive(Debug)]
pub(super) struct CommitFile {
    path: PathBuf,
    epoch: Uuid,
    written: Mutex<(Instant, i64)>,
}

impl CommitFile {
    pub(super) fn new(data: &Path, epoch: Uuid) -> Self {
        Self { path: data.join(FILE), epoch, written: Mutex::new((Instant::now(), 0)) }
    }

    /// Notes a durable commit.
    pub(super) fn note(&self, commits: i64) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if written.1 > 0 && written.0.elapsed() < EVERY {
            return;
        }
        *written = (Instant::now(), commits);
        // The file only helps to notice a restore; commands are not refused for it.
        if let Err(error) = write(&self.path, &Mark { epoch: self.epoch, commits }) {
            tracing::warn!(%error, "the epoch file could not be written");
        }
    }
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
        for text in ["", "7", "x 1", "00000000-0000-0000-0000-000000000007 many"] {
            std::fs::write(&path, text).unwrap();
            assert!(read(&path).is_err(), "{text:?}");
        }
    }
}
