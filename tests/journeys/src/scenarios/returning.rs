//! Giving a place back, signing out, and coming back on the same computer.

use crate::applicant::Applicant;
use crate::programs::Central;
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, axe, clear_text, steps};

/// Cancels an enrolment, signs out and signs in again.
pub async fn run(applicant: &Applicant, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = folder.path().join("app");
    let central = Central::start(&folder.path().join("central")).await?;
    let before = central.seats_taken().await?;
    let window = Window::open(&data, &central.address, &[]).await?;
    steps::check_connection(&window, applicant, report).await?;
    steps::create_account(&window, &central, applicant, report).await?;
    let choice = applicant.enrol.iter().find(|choice| choice.method != "self_paced").ok_or("no training with seats")?;
    steps::enrol(&window, choice, report).await?;
    steps::all_received(&window, 1, report).await?;
    report
        .step(&window, "Give the place back", async || {
            window.act("cancel-enrolment").await?;
            window.wait("dialog[open]").await?;
            axe::check(&window).await?;
            window.act("confirm-cancel").await?;
            window.wait_gone("[data-action='cancel-enrolment']").await?;
            steps::received_here(&window, 1).await
        })
        .await?;
    report
        .aside("Central has the seat again", async || {
            let now = central.seats_taken().await?;
            if now == before { Ok(()) } else { Err(format!("{now} seats are taken instead of {before}")) }
        })
        .await?;
    report
        .step(&window, "Sign out", async || {
            window.go("settings").await?;
            window.act("sign-out").await?;
            window.wait("dialog[open]").await?;
            axe::check(&window).await?;
            window.act("confirm-sign-out").await?;
            window.screen("welcome").await
        })
        .await?;
    report
        .step(&window, "Sign in with a wrong password", async || {
            window.act("go-sign-in").await?;
            window.screen("sign-in").await?;
            window.fill("email", &applicant.email).await?;
            window.fill("password", "Bukan Sandinya 1").await?;
            window.act("submit-sign-in").await?;
            window.wait("#error-summary").await?;
            axe::check(&window).await
        })
        .await?;
    report
        .step(&window, "Sign in again", async || {
            window.fill("password", &applicant.password).await?;
            window.act("submit-sign-in").await?;
            window.screen("home").await?;
            window.go("activities").await?;
            steps::received_here(&window, 1).await
        })
        .await?;
    window.close().await?;
    clear_text::none(&data, applicant, &[])
}
