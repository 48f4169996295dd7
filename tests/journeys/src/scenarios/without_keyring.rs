//! A computer without a keyring: the person chooses a passphrase, and needs it again later.

use crate::applicant::Applicant;
use crate::programs::Central;
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, axe, clear_text};

use super::looks;

/// A bus address where nobody listens: the Secret Service is not there.
const NO_BUS: [(&str, &str); 1] = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")];

/// Sets a passphrase, types a name, restarts, is refused with a wrong passphrase and gets in with the right one.
pub async fn run(applicant: &Applicant, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = folder.path().join("app");
    let central = Central::start(&folder.path().join("central")).await?;
    let window = Window::open(&data, &central.address, &NO_BUS).await?;
    looks::everywhere(&window, "without a keyring", &["vault-passphrase"], false, report).await?;
    window.to("vault-passphrase").await?;
    report
        .step(&window, "Told why a passphrase is needed", async || {
            window.screen("vault-passphrase").await?;
            axe::check(&window).await?;
            window.fill("passphrase", "kopi pagi di teras rumah").await?;
            window.fill("passphrase_confirmation", "kopi pagi di teras rumah").await?;
            window.act("create-vault").await?;
            window.screen("welcome").await
        })
        .await?;
    report
        .step(&window, "A name is typed before there is an account", async || {
            window.go("preparation").await?;
            window.screen("profile-name").await?;
            window.fill("full_name", &applicant.data.full_name).await?;
            window.act("save-and-continue").await?;
            window.screen("profile-identity").await
        })
        .await?;
    window.close().await?;

    let window = Window::open(&data, &central.address, &NO_BUS).await?;
    looks::everywhere(&window, "while locked", &["vault-locked"], false, report).await?;
    window.to("vault-locked").await?;
    report
        .step(&window, "A wrong passphrase is refused", async || {
            window.screen("vault-locked").await?;
            axe::check(&window).await?;
            window.fill("passphrase", "kopi sore di teras rumah").await?;
            window.act("unlock-vault").await?;
            window.wait("#error-summary").await.map(|_| ())
        })
        .await?;
    report
        .step(&window, "The right one opens everything", async || {
            window.fill("passphrase", "kopi pagi di teras rumah").await?;
            window.act("unlock-vault").await?;
            window.wait_gone("main[data-screen='vault-locked']").await?;
            window.go("preparation").await?;
            window.screen("profile-identity").await
        })
        .await?;
    window.close().await?;
    clear_text::none(&data, applicant, &[])?;

    damage(&data)?;
    let window = Window::open(&data, &central.address, &NO_BUS).await?;
    report
        .step(&window, "A damaged file is told and left alone", async || {
            window.wait("main[data-screen='vault-broken'], main[data-screen='vault-locked']").await?;
            if window.count("main[data-screen='vault-locked']").await? > 0 {
                window.fill("passphrase", "kopi pagi di teras rumah").await?;
                window.act("unlock-vault").await?;
            }
            window.screen("vault-broken").await?;
            axe::check(&window).await
        })
        .await?;
    looks::everywhere(&window, "with a damaged file", &["vault-broken"], false, report).await?;
    window.close().await
}

/// Overwrites the beginning of the database, as a dying disk would.
fn damage(data: &std::path::Path) -> Outcome {
    let fail = |error: std::io::Error| error.to_string();
    let mut found = 0;
    for entry in std::fs::read_dir(data).map_err(fail)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".db") {
            let mut bytes = std::fs::read(entry.path()).map_err(fail)?;
            bytes.iter_mut().take(4096).for_each(|byte| *byte ^= 0x55);
            std::fs::write(entry.path(), bytes).map_err(fail)?;
            found += 1;
        }
        // What is newer than the file would mend it.
        if name.ends_with("-wal") || name.ends_with("-shm") {
            std::fs::remove_file(entry.path()).map_err(fail)?;
        }
    }
    if found > 0 { Ok(()) } else { Err("there is no database to damage".into()) }
}
