//! Documents on their way: sealed bytes in files beside the database, rows about them inside.
//!
//! The bytes are sealed to the programme's key before they come here, so a file gives nothing away; large content stays
//! out of the database, which is synced with every save. A file is durable under its name before a row names it, and the
//! row is made in the transaction of the command that announces the document. What nobody names is swept at start. Nothing
//! is dropped by a count of tries: an upload ends by central's word on its document, or by the person.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{fs, io};

use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::enqueue::{insert, is_known};
use crate::ids::{blob, id};
use crate::keyinfo::{private_file, sync_folder_of};
use crate::transaction::Guard;
use crate::{NewCommand, Store, StoreError, kind, photo_draft};

/// Name of the folder, beside the database.
const FOLDER: &str = "uploads";
/// A file without a row that is younger belongs to a transaction that may still come (fault 63).
const ORPHAN_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// Sealed bytes that are durable on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedFile {
    /// Name of the file.
    pub name: String,
    /// SHA-256 of the bytes, lower-case hexadecimal.
    pub sha256: String,
    /// How many.
    pub bytes: u64,
}

/// An upload to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// Its id.
    pub id: Uuid,
    /// The document that it carries.
    pub document: Uuid,
    /// Kind of the document: one of a kind is on its way at a time.
    pub kind: String,
    /// The bytes.
    pub file: SealedFile,
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UploadState {
    /// On its way, or waiting for it.
    Open,
    /// Central has every byte.
    Complete,
    /// It needs the person: the document must be attached again.
    Parked,
}

/// An upload with all that became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: Uuid,
    /// The document that it carries.
    pub document: Uuid,
    /// The command that announces it.
    pub command: Uuid,
    /// The bytes.
    pub file: SealedFile,
    /// Bytes that central has, as far as is known here.
    pub sent: u64,
    /// Where it stands.
    pub state: UploadState,
    /// Why it is parked.
    pub problem: Option<String>,
    /// The person wants it sent although bytes cost money here.
    pub released: bool,
    /// When it was made.
    pub created_at: i64,
}

const COLUMNS: &str = "id, document, command, file, sha256, bytes, sent, state, problem, released, created_at";

impl Store {
    /// Writes sealed bytes into a file that only this user may read. Durable when it returns.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::NoAccess`].
    pub async fn keep_sealed(&self, sealed: Vec<u8>) -> Result<SealedFile, StoreError> {
        let name = format!("{}.sealed", Uuid::now_v7());
        let folder = self.upload_folder();
        let path = folder.join(&name);
        blocking(move || {
            make_folder(&folder)?;
            write(&path, &sealed)?;
            let sha256 = hex::encode(Sha256::digest(&sealed));
            Ok(SealedFile { name, sha256, bytes: sealed.len() as u64 })
        })
        .await
    }

    /// Stores the command that announces a document with the upload of its bytes, and notes on the photo that it was made
    /// of as which document it was sent. An older document of the kind that is still here gives its place; what the person
    /// wanted for the same photo holds on. The same command again changes nothing.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing was stored, and the file is swept later.
    pub async fn enqueue_upload(
        &self,
        account: Uuid,
        command: &NewCommand,
        upload: &NewUpload,
    ) -> Result<(), StoreError> {
        let replaced = self.with_reserve(|| self.enqueue_upload_once(account, command, upload)).await?;
        self.remove_files(replaced).await;
        Ok(())
    }

    async fn enqueue_upload_once(
        &self,
        account: Uuid,
        command: &NewCommand,
        upload: &NewUpload,
    ) -> Result<Vec<String>, StoreError> {
        let mut write = self.write().await?;
        if is_known(&mut write, command.id).await? {
            return Ok(Vec::new());
        }
        let replaced = sqlx::query("delete from upload where account = $1 and kind = $2 returning file")
            .bind(blob(&account))
            .bind(&upload.kind)
            .fetch_all(&mut *write)
            .await?;
        // An announcement that was never sent is not made; one that was, comes before this one in its lane.
        sqlx::query(
            "delete from outbox where account = $1 and kind = $2 and lane = $3 and state <> 'done'
             and first_sent_at is null",
        )
        .bind(blob(&account))
        .bind(kind::DOCUMENT_ATTACH)
        .bind(&command.lane)
        .execute(&mut *write)
        .await?;
        sqlx::query("update photo_draft set document = $2 where account = $1")
            .bind(blob(&account))
            .bind(blob(&upload.document))
            .execute(&mut *write)
            .await?;
        insert(&mut write, account, command).await?;
        sqlx::query(
            "insert into upload (id, account, document, kind, command, file, sha256, bytes, state, released, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'open',
                 coalesce((select released from photo_draft where account = $2 and document = $3), 0), $9)",
        )
        .bind(blob(&upload.id))
        .bind(blob(&account))
        .bind(blob(&upload.document))
        .bind(&upload.kind)
        .bind(blob(&command.id))
        .bind(&upload.file.name)
        .bind(&upload.file.sha256)
        .bind(i64::try_from(upload.file.bytes).unwrap_or(i64::MAX))
        .bind(command.created_at)
        .execute(&mut *write)
        .await?;
        write.commit().await?;
        replaced.iter().map(|row| Ok(row.try_get("file")?)).collect()
    }

    /// Every upload of an account, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn uploads(&self, account: Uuid) -> Result<Vec<Upload>, StoreError> {
        let sql = format!("select {COLUMNS} from upload where account = $1 order by created_at, id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(blob(&account)).fetch_all(self.readers()).await?;
        rows.iter().map(read).collect()
    }

    /// Uploads that central may want bytes of, or that need the person; oldest first. One that was complete counts again
    /// when central was restored since: it may have lost it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_uploads(&self, account: Uuid) -> Result<Vec<Upload>, StoreError> {
        let sql = format!(
            "select {COLUMNS} from upload where account = $1 and (state <> 'complete'
                 or epoch is not (select epoch from feed where feed.account = upload.account))
             order by created_at, id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(blob(&account)).fetch_all(self.readers()).await?;
        rows.iter().map(read).collect()
    }

    /// One upload of an account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn upload(&self, account: Uuid, upload: Uuid) -> Result<Option<Upload>, StoreError> {
        Ok(self.uploads(account).await?.into_iter().find(|row| row.id == upload))
    }

    /// True when the file holds the bytes that were announced (fault 62: somebody cleaned up, or the disk is bad).
    ///
    /// # Errors
    /// The file cannot be read for another reason than being gone.
    pub async fn is_whole(&self, file: &SealedFile) -> Result<bool, StoreError> {
        let (path, file) = (self.upload_folder().join(&file.name), file.clone());
        blocking(move || match fs::read(path) {
            Ok(bytes) => Ok(hex::encode(Sha256::digest(&bytes)) == file.sha256),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        })
        .await
    }

    /// A part of the sealed bytes; fewer than asked for at the end, `None` when the file is gone.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn read_part(&self, file: &SealedFile, offset: u64, bytes: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.upload_folder().join(&file.name);
        blocking(move || match fs::File::open(path) {
            Ok(mut file) => {
                use io::{Read as _, Seek as _};
                let mut part = Vec::new();
                file.seek(io::SeekFrom::Start(offset))?;
                file.take(bytes).read_to_end(&mut part)?;
                Ok(Some(part))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    /// Central has so many bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn upload_sent(&self, account: Uuid, upload: Uuid, sent: u64) -> Result<(), StoreError> {
        let sent = i64::try_from(sent).unwrap_or(i64::MAX);
        let mut write = self.write().await?;
        sqlx::query("update upload set sent = min(bytes, $3), state = 'open' where account = $1 and id = $2")
            .bind(blob(&account))
            .bind(blob(&upload))
            .bind(sent)
            .execute(&mut *write)
            .await?;
        write.commit().await
    }

    /// The person wants the photo that is on its way now sent, whatever the connection costs. Not another one after it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn send_uploads_now(&self, account: Uuid) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("update upload set released = 1 where account = $1 and state = 'open'")
            .bind(blob(&account))
            .execute(&mut *write)
            .await?;
        // Sealed again it is another upload, and the first is gone by then.
        sqlx::query(
            "update photo_draft set released = 1
             where account = $1 and document in (select document from upload where account = $1 and state = 'open')",
        )
        .bind(blob(&account))
        .execute(&mut *write)
        .await?;
        write.commit().await
    }

    /// Central has every byte, in the epoch in which the feed is read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn upload_complete(&self, account: Uuid, upload: Uuid) -> Result<(), StoreError> {
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            sqlx::query(
                "update upload set sent = bytes, state = 'complete', problem = null,
                     epoch = (select epoch from feed where feed.account = upload.account)
                 where account = $1 and id = $2",
            )
            .bind(blob(&account))
            .bind(blob(&upload))
            .execute(&mut *write)
            .await?;
            write.commit().await
        })
        .await
    }

    /// It needs the person: the document must be attached again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn park_upload(&self, account: Uuid, upload: Uuid, why: &str) -> Result<(), StoreError> {
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            sqlx::query("update upload set state = 'parked', problem = $3 where account = $1 and id = $2")
                .bind(blob(&account))
                .bind(blob(&upload))
                .bind(why)
                .execute(&mut *write)
                .await?;
            write.commit().await
        })
        .await
    }

    /// Forgets uploads that central's records have an answer to: their document was accepted or refused, or is not awaited
    /// any more. The bytes go last; until then they could be sent again. The photo itself is forgotten when central has it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settle_uploads(&self, account: Uuid) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        let settled = settled(&mut write, account).await?;
        let forgotten = photo_draft::settle(&mut write, account).await?;
        if settled.is_empty() && !forgotten {
            return Ok(());
        }
        write.commit().await?;
        self.remove_files(settled).await;
        Ok(())
    }

    /// Removes files that no row names and that are older than a day. Gives how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sweep_uploads(&self) -> Result<usize, StoreError> {
        let folder = self.upload_folder();
        let old = blocking(move || older_than(&folder, ORPHAN_AGE)).await?;
        if old.is_empty() {
            return Ok(0);
        }
        // Read after the folder: what has a row by now is known.
        let known: Vec<String> = sqlx::query_scalar("select file from upload").fetch_all(self.readers()).await?;
        let orphans: Vec<String> = old.into_iter().filter(|name| !known.contains(name)).collect();
        let count = orphans.len();
        self.remove_files(orphans).await;
        Ok(count)
    }

    /// A file that cannot be removed is swept later.
    pub(crate) async fn remove_files(&self, names: Vec<String>) {
        let folder = self.upload_folder();
        let removed = blocking(move || {
            for name in names {
                match fs::remove_file(folder.join(name)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
            Ok(())
        });
        if let Err(error) = removed.await {
            tracing::warn!(%error, "a sealed file could not be removed");
        }
    }

    fn upload_folder(&self) -> PathBuf {
        self.path().with_file_name(FOLDER)
    }
}

async fn settled(write: &mut Guard, account: Uuid) -> Result<Vec<String>, StoreError> {
    // A tombstone is a document that another one replaced. One that is looked at or accepted leaves no room for another.
    // An announcement that is gone was taken back before it was sent.
    let rows = sqlx::query(
        "delete from upload where account = $1 and (
             exists (select 1 from record r where r.account = upload.account and r.kind = 'document'
                 and r.id = upload.document
                 and (r.data is null or json_extract(r.data, '$.state') in ('accepted', 'rejected')))
             or exists (select 1 from record r where r.account = upload.account and r.kind = 'document'
                 and r.id <> upload.document and json_extract(r.data, '$.state') in ('received', 'accepted'))
             or exists (select 1 from outbox o where o.id = upload.command and o.state = 'done'
                 and o.status not in ('applied', 'waitlisted'))
             or (not exists (select 1 from outbox o where o.id = upload.command)
                 and not exists (select 1 from record r where r.account = upload.account and r.kind = 'document'
                     and r.id = upload.document)))
         returning file",
    )
    .bind(blob(&account))
    .fetch_all(&mut **write)
    .await?;
    rows.iter().map(|row| Ok(row.try_get("file")?)).collect()
}

fn read(row: &SqliteRow) -> Result<Upload, StoreError> {
    let number =
        |column: &str| -> Result<u64, StoreError> { Ok(u64::try_from(row.try_get::<i64, _>(column)?).unwrap_or(0)) };
    let state = match row.try_get::<&str, _>("state")? {
        "open" => UploadState::Open,
        "complete" => UploadState::Complete,
        "parked" => UploadState::Parked,
        _ => return Err(StoreError::Unreadable { what: "state" }),
    };
    Ok(Upload {
        id: id(row, "id")?,
        document: id(row, "document")?,
        command: id(row, "command")?,
        file: SealedFile { name: row.try_get("file")?, sha256: row.try_get("sha256")?, bytes: number("bytes")? },
        sent: number("sent")?,
        state,
        problem: row.try_get("problem")?,
        released: row.try_get("released")?,
        created_at: row.try_get("created_at")?,
    })
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    sync_folder_of(path)
}

/// Under another name first, so that a crash leaves no half file under this one.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("partial");
    let mut file = private_file(&temporary)?;
    io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&temporary, path)?;
    sync_folder_of(path)
}

fn older_than(folder: &Path, age: Duration) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        let old = SystemTime::now().duration_since(entry.metadata()?.modified()?).is_ok_and(|since| since >= age);
        if let (true, Ok(name)) = (old, entry.file_name().into_string()) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Work on files, on a thread for it.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(io::Error::other(error))).map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::DiskFull,
        _ => StoreError::NoAccess(error.raw_os_error().unwrap_or(0)),
    })
}
