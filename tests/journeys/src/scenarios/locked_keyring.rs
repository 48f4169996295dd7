//! The computer's keyring is locked when the app starts again: nothing new is made, and nothing is lost. Also tries what
//! the page of the window must not be able to do.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::programs::Central;
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, axe};

/// Makes a database with the keyring's key, locks the keyring, and starts again. Leaves the keyring locked.
pub async fn run(report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = folder.path().join("app");
    let central = Central::start(&folder.path().join("central")).await?;
    let window = Window::open(&data, &central.address, &[]).await?;
    report.step(&window, "The keyring keeps the key", async || window.screen("welcome").await).await?;
    report.step(&window, "The page cannot call what is not declared", async || fenced(&window).await).await?;
    window.close().await?;
    let before = files(&data)?;

    report.aside("The keyring is locked", async || lock()).await?;
    let window = Window::open(&data, &central.address, &[]).await?;
    report
        .step(&window, "Told that the keyring is locked", async || {
            window.screen("vault-locked").await?;
            axe::check(&window).await?;
            if window.count("#passphrase").await? > 0 {
                return Err("a passphrase is asked for that nobody ever chose".into());
            }
            window.act("unlock-vault").await?;
            window.wait("[data-action='unlock-vault'][aria-busy]").await?;
            window.wait("[data-action='unlock-vault']:not([aria-busy])").await?;
            window.screen("vault-locked").await
        })
        .await?;
    window.close().await?;
    if files(&data)? == before { Ok(()) } else { Err("something was made or changed beside the locked data".into()) }
}

/// A command of a plugin that no capability allows, one that does not exist, and a changed prototype.
async fn fenced(window: &Window) -> Outcome {
    for command in ["plugin:opener|open_url", "plugin:event|emit", "read_secret"] {
        window
            .script(&format!(
                "document.body.dataset.tried = '';\
                 window.__TAURI_INTERNALS__.invoke('{command}', {{ url: 'https://contoh.id', event: 'app', payload: null }})\
                 .then(() => document.body.dataset.tried = 'done', () => document.body.dataset.tried = 'denied')"
            ))
            .await?;
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        let tried = loop {
            let tried = window.script("return document.body.dataset.tried").await?;
            match tried.as_str() {
                Some("") | None if tokio::time::Instant::now() < deadline => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                tried => break tried.unwrap_or_default().to_owned(),
            }
        };
        if tried != "denied" {
            return Err(format!("the page called {command}: {tried:?}"));
        }
    }
    let frozen = window.script("return Object.isFrozen(Object.prototype)").await?;
    if frozen == serde_json::Value::Bool(true) { Ok(()) } else { Err("the page can change prototypes".into()) }
}

/// Locks the keyring of this session, as a screen saver may.
fn lock() -> Outcome {
    let collection = "array:objpath:/org/freedesktop/secrets/collection/login";
    let locked = Command::new("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"])
        .args(["org.freedesktop.Secret.Service.Lock", collection])
        .output()
        .map_err(|error| format!("cannot run dbus-send: {error}"))?;
    if locked.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&locked.stderr).into_owned()) }
}

/// The database, its side files and whatever was set aside.
fn files(folder: &Path) -> Outcome<Vec<(String, Vec<u8>)>> {
    let fail = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name == "applicant.db" || name.starts_with("key") || name.starts_with("set-aside") {
            let content = if entry.path().is_dir() { Vec::new() } else { std::fs::read(entry.path()).map_err(fail)? };
            found.push((name, content));
        }
    }
    found.sort();
    Ok(found)
}
