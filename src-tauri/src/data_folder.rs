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

/// Where the person keeps documents: for what he or she exports. A computer without such a folder keeps it with the data.
pub(crate) fn documents(data_folder: &Path) -> PathBuf {
    dirs::document_dir().or_else(dirs::download_dir).unwrap_or_else(|| data_folder.join("documents"))
}

/// Makes the folder, readable for its owner only. One that is there and is ours becomes so, too; any other folder that
/// somebody names stays as open as it is.
///
/// # Errors
/// What the file system says.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    if folder.ends_with(IDENTIFIER) || folder.join(prakerja_app::DATABASE).exists() {
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        // Fails for somebody else's folder, of which the database will say what is wrong.
        let _ = std::fs::set_permissions(folder, private);
    }
    Ok(())
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

    #[cfg(unix)]
    #[test]
    fn only_a_folder_of_ours_is_closed_to_others() {
        use std::os::unix::fs::PermissionsExt;
        let base = std::env::temp_dir().join(format!("prakerja-open-folder-{}", std::process::id()));
        std::fs::create_dir_all(&base).unwrap();
        let open = || std::fs::set_permissions(&base, std::fs::Permissions::from_mode(0o755)).unwrap();
        let mode = || std::fs::metadata(&base).unwrap().permissions().mode() & 0o777;
        open();
        make(&base).unwrap();
        assert_eq!(mode(), 0o755, "somebody's own folder");
        std::fs::write(base.join(prakerja_app::DATABASE), b"").unwrap();
        make(&base).unwrap();
        assert_eq!(mode(), 0o700);
        std::fs::remove_dir_all(base).unwrap();
    }

    #[test]
    fn the_folder_of_the_system_bears_the_identifier() {
        if let Ok(folder) = find(None) {
            assert!(folder.ends_with(IDENTIFIER));
        }
    }
}
