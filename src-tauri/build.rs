//! Declares the commands for the access control of Tauri and makes sure that there is a UI folder to embed.

#[path = "build_commands.rs"]
mod build_commands;

use std::path::Path;

/// Shown when the UI was not built. `cargo xtask run` builds it first.
const NO_UI: &str = "<!doctype html><html lang=\"id\"><meta charset=\"utf-8\"><title>Prakerja Desktop</title>\
<main data-screen=\"no-ui\"><h1>Tampilan belum dibangun</h1><p>Jalankan <code>cargo xtask run</code>.</p>\
<p lang=\"en\">The user interface was not built. Run <code>cargo xtask run</code>.</p></main></html>\n";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=build_commands.rs");
    let dist = Path::new("../ui/dist");
    // `generate_context!` embeds this folder and needs an `index.html` in it. Git ignores it.
    if !dist.join("index.html").exists() {
        std::fs::create_dir_all(dist)?;
        std::fs::write(dist.join("index.html"), NO_UI)?;
    }
    println!("cargo:rerun-if-changed=../ui/dist");
    let manifest = tauri_build::AppManifest::new().commands(build_commands::DECLARED);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
