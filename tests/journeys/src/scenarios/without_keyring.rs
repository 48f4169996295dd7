//! A computer without a keyring: the person chooses a passphrase, and needs it again later.

use crate::applicant::Applicant;
use crate::programs::Central;
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, axe};

/// A bus address where nobody listens: the Secret Service is not there.
const NO_BUS: [(&str, &str); 1] = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")];

/// Sets a passphrase, types a name, restarts, is refused with a wrong passphrase and gets in with the right one.
pub async fn run(applicant: &Applicant, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = folder.path().join("app");
    let central = Central::start(&folder.path().join("central")).await?;
    let window = Window::open(&data, &central.address, &NO_BUS).await?;
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
    window.close().await
}
