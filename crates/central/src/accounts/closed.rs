//! Accounts that were closed, by their bare ids, in a file beside the database that is never put back with it: a backup
//! holds everything of whoever closed the account since, and an accepted restore closes it again (`docs/restore.md`).

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use sqlx::SqliteConnection;
use uuid::Uuid;

use super::close::erase;
use crate::state::StartError;

/// Name of the file in the data folder.
pub(super) const FILE: &str = "closed-accounts";

/// Adds an account. Durable when it returns. Blocks.
pub(super) fn note(data: &Path, person: Uuid) -> io::Result<()> {
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

/// Closes again what a database that was put back has brought back.
///
/// # Errors
/// The file or the database.
pub(crate) async fn close_again(tx: &mut SqliteConnection, data: &Path) -> Result<(), StartError> {
    for person in read(data).map_err(StartError::Folder)? {
        // Its catalogue is made anew by the restore itself, its pictures are swept.
        erase(&mut *tx, person).await?;
    }
    Ok(())
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
