//! Where things are.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The checkout. Cargo says at run time where this package is; what was compiled in could be another clone's folder when
/// clones share a build cache.
pub fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let package =
            std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        package.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
    })
}

/// Reports, screenshots and figures: `target` of the checkout, also when cargo builds elsewhere.
pub fn reports() -> PathBuf {
    root().join("target")
}

/// Folder of built programs.
pub fn built(profile: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let target = if target.is_absolute() { target } else { root().join(target) };
    target.join(profile)
}

/// A built program.
pub fn program(profile: &str, name: &str) -> PathBuf {
    built(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
