//! Every screen in both sizes, themes and text sizes, for people to look at (`target/looks`).

use crate::applicant::Applicant;
use crate::programs::Central;
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, steps};

/// Screens that can be reached at any time once the journey is done.
const SCREENS: [&str; 14] = [
    "home",
    "check",
    "profile-name",
    "profile-identity",
    "profile-birth",
    "profile-address",
    "profile-work",
    "profile-review",
    "trainings",
    "activities",
    "sync",
    "settings",
    "sessions",
    "help",
];

/// Goes through the journey once, then photographs every screen.
pub async fn run(applicant: &Applicant, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let central = Central::start(&folder.path().join("central")).await?;
    let window = Window::open(&folder.path().join("app"), &central.address, &[]).await?;
    steps::check_connection(&window, applicant, report).await?;
    steps::create_account(&window, &central, applicant, report).await?;
    steps::personal_data(&window, applicant, report).await?;
    for choice in &applicant.enrol {
        steps::enrol(&window, choice, report).await?;
    }
    steps::all_received(&window, applicant.enrol.len(), report).await?;
    let out = report.folder().to_owned();
    for (width, height) in [(1280, 800), (1024, 640)] {
        window.resize(width, height).await?;
        for (theme, percent) in [("light", "100"), ("dark", "100"), ("light", "200")] {
            window.script("location.hash = '#/settings'").await?;
            window.screen("settings").await?;
            window.choose("theme", theme).await?;
            window.choose("text_percent", percent).await?;
            for screen in SCREENS {
                window.script(&format!("location.hash = '#/{screen}'")).await?;
                window.screen(screen).await?;
                window.screenshot(&out.join(format!("{screen}-{width}-{theme}-{percent}.png"))).await?;
            }
        }
    }
    window.close().await
}
