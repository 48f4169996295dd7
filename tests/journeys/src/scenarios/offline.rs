//! The network goes away after sign-up, the program is killed, and nothing is lost.

use crate::applicant::Applicant;
use crate::programs::{Central, FaultProxy};
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, clear_text, steps};

/// Works offline, dies, comes back offline, then online: everything arrives once, without a click.
pub async fn run(applicant: &Applicant, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = folder.path().join("app");
    let central = Central::start(&folder.path().join("central")).await?;
    let before = central.seats_taken().await?;
    let proxy = FaultProxy::start(&central.address).await?;
    let window = Window::open(&data, &proxy.address, &[]).await?;
    steps::check_connection(&window, applicant, report).await?;
    steps::create_account(&window, &central, applicant, report).await?;
    report
        .step(&window, "The catalogue is here", async || {
            window.go("trainings").await?;
            window.wait("[data-training]").await.map(|_| ())
        })
        .await?;
    report.aside("The network goes away", async || proxy.mode("cut").await).await?;
    steps::personal_data(&window, applicant, report).await?;
    for choice in &applicant.enrol {
        steps::enrol(&window, choice, report).await?;
    }
    report.step(&window, "Everything waits and says so", async || waits(&window, applicant).await).await?;
    report.aside("The program is killed", async || window.kill().await).await?;
    clear_text::none(&data, applicant, &[])?;

    let window = Window::open(&data, &proxy.address, &[]).await?;
    report
        .step(&window, "Started again offline: every answer is there", async || {
            window.screen("home").await?;
            steps::answers_are_there(&window, applicant).await
        })
        .await?;
    report.step(&window, "Started again offline: everything waits", async || waits(&window, applicant).await).await?;
    report.aside("The network is back", async || proxy.mode("pass").await).await?;
    report
        .step(&window, "Everything is received, without a click", async || {
            steps::received_here(&window, applicant.enrol.len()).await
        })
        .await?;
    report
        .aside("Central has each exactly once", async || {
            let seats = central.seats_taken().await?.saturating_sub(before);
            let wanted = applicant.enrol.iter().filter(|choice| choice.method != "self_paced").count();
            if usize::try_from(seats) == Ok(wanted) {
                Ok(())
            } else {
                Err(format!("{seats} seats are taken instead of {wanted}"))
            }
        })
        .await?;
    window.close().await?;
    clear_text::none(&data, applicant, &[])
}

/// Opens the activities: every one is there and waits for the network.
async fn waits(window: &Window, applicant: &Applicant) -> Outcome {
    window.go("activities").await?;
    window.screen("activities").await?;
    window.wait("[data-activity][data-delivery='waiting']").await?;
    window.wait_gone("[data-activity]:not([data-delivery='waiting'])").await?;
    let found = window.count("[data-activity]").await?;
    if found == applicant.enrol.len() {
        Ok(())
    } else {
        Err(format!("{found} activities instead of {}", applicant.enrol.len()))
    }
}
