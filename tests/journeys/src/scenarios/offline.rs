//! The network goes away after sign-up, the program is killed, and nothing is lost.

use crate::applicant::Applicant;
use crate::programs::{Central, FaultProxy};
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, steps};

/// Works offline, dies, comes back offline, then online: everything arrives once, without a click.
pub async fn run(applicant: &Applicant, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = folder.path().join("app");
    let central = Central::start(&folder.path().join("central")).await?;
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
    report
        .step(&window, "Everything waits and says so", async || {
            window.go("activities").await?;
            window.screen("activities").await?;
            window.wait("[data-activity]").await?;
            let received = window.count("[data-activity][data-delivery='received']").await?;
            if received == 0 { Ok(()) } else { Err(format!("{received} activities claim to be received")) }
        })
        .await?;
    report.aside("The program is killed", async || window.kill().await).await?;
    no_clear_text(&data, applicant)?;

    let window = Window::open(&data, &proxy.address, &[]).await?;
    report
        .step(&window, "Started again offline: everything is there", async || {
            window.screen("home").await?;
            window.go("activities").await?;
            window.wait("[data-activity]").await?;
            let found = window.count("[data-activity]").await?;
            if found != applicant.enrol.len() {
                return Err(format!("{found} activities instead of {}", applicant.enrol.len()));
            }
            window.go("preparation").await?;
            window.screen("profile-review").await?;
            let text = window.script("return document.querySelector('main').innerText").await?;
            if text.as_str().is_some_and(|text| text.contains(&applicant.data.full_name)) {
                Ok(())
            } else {
                Err("the name is not there any more".into())
            }
        })
        .await?;
    report.aside("The network is back", async || proxy.mode("pass").await).await?;
    steps::all_received(&window, applicant.enrol.len(), report).await?;
    window.close().await
}

/// Searches every file below the data folder for what was typed.
fn no_clear_text(folder: &std::path::Path, applicant: &Applicant) -> Outcome {
    let nik: String = applicant.data.nik.chars().filter(char::is_ascii_digit).collect();
    let typed =
        [applicant.data.full_name.as_str(), nik.as_str(), applicant.email.as_str(), applicant.data.address.as_str()];
    let mut open = vec![folder.to_path_buf()];
    let mut files = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).map_err(|error| error.to_string())?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let clear = |word: &&&str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
            if typed.iter().find(clear).is_some() {
                return Err(format!("{} holds typed text in clear", path.display()));
            }
        }
    }
    if files == 0 { Err("there are no files to search".into()) } else { Ok(()) }
}
