//! From the first screen to a training that central has received, without a mouse.

use fantoccini::key::Key;

use crate::applicant::{Applicant, Choice};
use crate::keyboard::Keyboard;
use crate::programs::Central;
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, clear_text};

/// Most villages that a search shows.
const HITS: usize = 50;

/// Only keys: Tab, Shift and Tab, Space, Enter, arrows and letters.
pub async fn run(applicant: &Applicant, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = folder.path().join("app");
    let central = Central::start(&folder.path().join("central")).await?;
    let window = Window::open(&data, &central.address, &[]).await?;
    account(&window, &central, applicant, report).await?;
    personal_data(&window, applicant, report).await?;
    let choice = applicant.enrol.first().ok_or("the applicant wants no training")?;
    enrol(&window, choice, report).await?;
    window.close().await?;
    clear_text::none(&data, applicant, &[])
}

async fn account(window: &Window, central: &Central, applicant: &Applicant, report: &mut Report) -> Outcome {
    let keys = Keyboard(window);
    report
        .step(window, "Welcome: language and check", async || {
            window.screen("welcome").await?;
            keys.to(".skip").await?;
            keys.choose("#language", &applicant.language).await?;
            keys.follow("[data-action='go-check']").await?;
            window.screen("check").await?;
            window.wait("[data-verdict='stable'], [data-verdict='usable']").await.map(|_| ())
        })
        .await?;
    report
        .step(window, "Sign up", async || {
            keys.follow("[data-action='go-sign-up']").await?;
            window.screen("sign-up").await?;
            keys.fill("email", &applicant.email).await?;
            keys.fill("password", &applicant.password).await?;
            keys.fill("password_confirmation", &applicant.password).await?;
            for consent in ["#accept_terms", "#accept_privacy"] {
                keys.to(consent).await?;
                keys.press(Key::Space).await?;
            }
            // Back to the password, to show that one can.
            keys.back_to("#password").await?;
            keys.press(Key::Enter).await?;
            window.screen("code").await
        })
        .await?;
    report
        .step(window, "Type the code", async || {
            let code = central.code_for(&applicant.email).await?;
            keys.fill("code", &code).await?;
            keys.press(Key::Enter).await?;
            window.screen("home").await
        })
        .await
}

async fn personal_data(window: &Window, applicant: &Applicant, report: &mut Report) -> Outcome {
    let keys = Keyboard(window);
    let data = &applicant.data;
    report
        .step(window, "Personal data", async || {
            keys.follow("[data-action='next-step']").await?;
            window.screen("profile-name").await?;
            keys.fill("full_name", &data.full_name).await?;
            keys.press(Key::Enter).await?;
            window.screen("profile-identity").await?;
            keys.fill("nik", &data.nik).await?;
            keys.fill("kk_number", &data.kk_number).await?;
            keys.press(Key::Enter).await?;
            window.screen("profile-birth").await?;
            for (part, text) in ["day", "month", "year"].iter().zip(&data.birth_date) {
                keys.fill(&format!("birth_date-{part}"), text).await?;
            }
            keys.choose("input[name='gender']", &data.gender).await?;
            keys.follow("[data-action='save-and-continue']").await?;
            window.screen("profile-phone").await?;
            keys.fill("phone", &data.phone).await?;
            keys.press(Key::Enter).await?;
            window.screen("profile-address").await?;
            keys.fill("ktp_region", &data.ktp.search).await?;
            window.wait(&format!("[data-region='{}']", data.ktp.village)).await?;
            let chosen = format!("[data-region='{}'][aria-selected='true']", data.ktp.village);
            for _ in 0..HITS {
                if window.count(&chosen).await? > 0 {
                    break;
                }
                keys.press(Key::Down).await?;
            }
            keys.press(Key::Enter).await?;
            window.wait(&format!("[data-region-chosen='{}']", data.ktp.village)).await?;
            keys.fill("ktp_address", &data.ktp.address).await?;
            keys.press(Key::Enter).await?;
            window.screen("profile-domicile").await?;
            keys.choose("input[name='domicile_same_as_ktp']", "yes").await?;
            keys.follow("[data-action='save-and-continue']").await?;
            window.screen("profile-work").await?;
            keys.choose("#education_level", &data.education_level).await?;
            keys.choose("input[name='employment_status']", &data.employment_status).await?;
            keys.follow("[data-action='save-and-continue']").await?;
            window.screen("profile-family").await?;
            keys.choose("input[name='marital_status']", &data.marital_status).await?;
            keys.fill("dependants_count", &data.dependants_count).await?;
            keys.press(Key::Enter).await?;
            window.screen("profile-interests").await?;
            for key in &data.training_interests {
                keys.to(&format!("#training_interests-{key}")).await?;
                keys.press(Key::Space).await?;
            }
            keys.follow("[data-action='save-and-continue']").await?;
            window.screen("profile-review").await
        })
        .await?;
    report
        .step(window, "Check and send", async || {
            keys.follow("[data-action='submit-profile']").await?;
            window.screen("home").await
        })
        .await
}

async fn enrol(window: &Window, choice: &Choice, report: &mut Report) -> Outcome {
    let keys = Keyboard(window);
    report
        .step(window, "Find a training and ask for a place", async || {
            keys.back_to("[data-nav='trainings']").await?;
            keys.press(Key::Enter).await?;
            window.screen("trainings").await?;
            keys.fill("search", &choice.search).await?;
            window.wait("[aria-busy='false']").await?;
            let row = window.wait_with_text("[data-training]", &choice.row, "data-training").await?;
            keys.follow(&format!("[data-training='{row}'] a")).await?;
            window.wait(&format!("[data-training-detail='{row}'] [data-action='enrol']")).await?;
            if choice.method != "self_paced" {
                keys.to("input[id^='schedule-']").await?;
                keys.press(Key::Space).await?;
            }
            keys.follow("[data-action='enrol']").await?;
            window.wait("[data-mine]").await.map(|_| ())
        })
        .await?;
    report
        .step(window, "It is received", async || {
            keys.back_to("[data-nav='activities']").await?;
            keys.press(Key::Enter).await?;
            window.screen("activities").await?;
            window.wait("[data-activity][data-delivery='received']").await.map(|_| ())
        })
        .await
}
