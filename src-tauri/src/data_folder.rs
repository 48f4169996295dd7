//! Where everything of one run is kept: `--data-dir`, or the folder that the system has for this.

use std::io;
use std::path::{Path, PathBuf};

/// Identifier of the app, as in `tauri.conf.json`; also the keyring's service name.
pub(crate) const IDENTIFIER: &str = "id.prakerjadesktop.app";

/// The folder to use. It is this computer's own and never a roaming profile: the database must not be copied around.
///
/// # Errors
/// The system names no such folder (no home), or a relative path cannot be made absolute.
pub(crate) fn find(wanted: Option<&Path>) -> io::Result<PathBuf> {
    match wanted {
        Some(folder) => std::path::absolute(folder),
        None => dirs::data_local_dir()
            .map(|folder| folder.join(IDENTIFIER))
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "this computer has no folder for program data")),
    }
}

/// Makes the folder, readable for its owner only.
///
/// # Errors
/// What the file system says.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wanted_folder_is_taken_as_it_is_and_made_private() {
        let base = std::env::temp_dir().join(format!("prakerja-data-folder-{}", std::process::id()));
        let folder = find(Some(&base.join("a/b"))).unwrap();
        assert_eq!(folder, base.join("a/b"));
        make(&folder).unwrap();
        make(&folder).unwrap();
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&folder).unwrap().permissions()) & 0o777,
            0o700
        );
        std::fs::remove_dir_all(base).unwrap();
    }

    #[test]
    fn the_folder_of_the_system_bears_the_identifier() {
        if let Ok(folder) = find(None) {
            assert!(folder.ends_with(IDENTIFIER));
        }
    }
}
