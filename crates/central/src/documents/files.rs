//! Files with random names, for their owner only, durable before anybody is told of them. Everything here blocks.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use rand::RngCore as _;

/// Makes a folder for its owner only.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// A name that says nothing and that nobody guesses.
pub(super) fn new_name() -> String {
    let mut bytes = [0_u8; 16];
    rand::rngs::OsRng.fill_bytes(&mut bytes);
    hex::encode(bytes)
}

fn private(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// Makes an empty file.
pub(super) fn create(path: &Path) -> io::Result<()> {
    private(path, OpenOptions::new().write(true).create_new(true))?.sync_all()?;
    sync_folder_of(path)
}

/// Whether a file is there and has so many bytes at least.
pub(super) fn holds(path: &Path, bytes: u64) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(found) => Ok(found.len() >= bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes a part behind the bytes that are certain; what lies there of an earlier try is cut off. Durable when it returns.
/// False when those bytes are not here.
pub(super) fn write_part(path: &Path, stored: u64, part: &[u8]) -> io::Result<bool> {
    let mut file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        opened => opened?,
    };
    if file.metadata()?.len() < stored {
        return Ok(false);
    }
    file.set_len(stored)?;
    file.seek(SeekFrom::Start(stored))?;
    file.write_all(part)?;
    file.sync_data()?;
    Ok(true)
}

/// Removes a file; one that is gone already is as good.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Names of the files in a folder that were not touched for so long.
pub(super) fn older_than(folder: &Path, age: Duration) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let modified = entry.metadata()?.modified()?;
        let old = SystemTime::now().duration_since(modified).is_ok_and(|since| since >= age);
        if let (true, Ok(name)) = (old, entry.file_name().into_string()) {
            names.push(name);
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_replaces_what_a_cut_one_left_and_never_leaves_a_hole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(new_name());
        create(&path).unwrap();
        assert!(write_part(&path, 0, b"abcdef").unwrap());
        assert!(write_part(&path, 3, b"XY").unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"abcXY");
        assert!(!write_part(&path, 9, b"Z").unwrap());
        assert!(!write_part(&folder.path().join("gone"), 0, b"Z").unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"abcXY");
        assert!(create(&path).is_err(), "no file is taken over");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_them() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("uploads");
        make_folder(&inner).unwrap();
        let path = inner.join("x");
        create(&path).unwrap();
        assert_eq!(fs::metadata(&inner).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
