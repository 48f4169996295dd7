//! The whole journey with a network that works.

use crate::applicant::Applicant;
use crate::programs::Central;
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, axe, clear_text, steps};

/// From a fresh computer to trainings that central has received.
pub async fn run(applicant: &Applicant, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let central = Central::start(&folder.path().join("central")).await?;
    let data = folder.path().join("app");
    let window = Window::open(&data, &central.address, &[]).await?;
    steps::check_connection(&window, applicant, report).await?;
    steps::create_account(&window, &central, applicant, report).await?;
    steps::personal_data(&window, applicant, report).await?;
    for choice in &applicant.enrol {
        steps::enrol(&window, choice, report).await?;
    }
    steps::all_received(&window, applicant.enrol.len(), report).await?;
    report
        .step(&window, "The list of what was sent", async || {
            window.go("sync").await?;
            window.screen("sync").await?;
            axe::check(&window).await
        })
        .await?;
    for place in ["settings", "help", "home"] {
        report
            .step(&window, &format!("Look around: {place}"), async || {
                window.go(place).await?;
                window.screen(place).await?;
                axe::check(&window).await
            })
            .await?;
    }
    window.close().await?;
    clear_text::none(&data, applicant, &[])
}
