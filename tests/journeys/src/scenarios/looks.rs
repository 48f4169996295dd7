//! Every screen in both sizes, themes and text sizes: no violation by axe in any of them.

use crate::applicant::Applicant;
use crate::programs::Central;
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, axe, clear_text, steps};

/// Before there is an account: welcome, forms, and lists that are still empty.
const OUTSIDE: [&str; 10] =
    ["welcome", "eligibility", "check", "sign-up", "sign-in", "reset", "profile-name", "waves", "activities", "sync"];

/// Once the journey is done.
const INSIDE: [&str; 31] = [
    "home",
    "check",
    "profile-name",
    "profile-identity",
    "profile-birth",
    "profile-phone",
    "profile-address",
    "profile-domicile",
    "profile-work",
    "profile-family",
    "profile-interests",
    "profile-review",
    "eligibility",
    "registration",
    "identity",
    "photo",
    "face",
    "phone-code",
    "declarations",
    "test",
    "waves",
    "member",
    "inbox",
    "trainings",
    "activities",
    "sync",
    "settings",
    "sessions",
    "close-account",
    "help",
    "help/code",
];

/// Sizes, themes and text sizes such that every two of their values meet in one of the looks.
const LOOKS: [(u32, u32, &str, &str); 4] =
    [(1280, 800, "light", "100"), (1280, 800, "dark", "200"), (1024, 640, "dark", "100"), (1024, 640, "light", "200")];

/// The wave of the demo that is open.
const OPEN_WAVE: u32 = 73;

/// Goes through the journey once and looks at every screen on the way and afterwards. With `photos` each look is kept
/// as a picture too, for people.
pub async fn run(applicant: &Applicant, photos: bool, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = folder.path().join("app");
    let central = Central::start(&folder.path().join("central")).await?;
    let window = Window::open(&data, &central.address, &[]).await?;
    steps::check_connection(&window, applicant, report).await?;
    everywhere(&window, "before there is an account", &OUTSIDE, photos, report).await?;
    window.to("check").await?;
    steps::sign_up(&window, applicant, report).await?;
    everywhere(&window, "while the code is awaited", &["code"], photos, report).await?;
    window.to("code").await?;
    steps::confirm_code(&window, &central, applicant, report).await?;
    steps::personal_data(&window, applicant, report).await?;
    for choice in &applicant.enrol {
        steps::enrol(&window, choice, report).await?;
    }
    steps::all_received(&window, applicant.enrol.len(), report).await?;
    let training =
        window.wait("[data-activity]").await?.attr("data-activity").await.map_err(|error| error.to_string())?;
    let training = format!("training/{}", training.unwrap_or_default());
    let places: Vec<&str> = INSIDE.into_iter().chain([training.as_str()]).collect();
    everywhere(&window, "inside", &places, photos, report).await?;
    report
        .step(&window, "No wave is open", async || {
            central.control(&format!("waves/{OPEN_WAVE}/close"), &[]).await?;
            window.go("sync").await?;
            window.act("sync-now").await?;
            window.to("waves").await?;
            window.wait("[data-none-open]").await.map(|_| ())
        })
        .await?;
    everywhere(&window, "no wave is open", &["waves", "home"], photos, report).await?;
    window.close().await?;
    clear_text::none(&data, applicant, &[])
}

/// Looks at some screens in every size, theme and text size; each look is one step of the report.
pub async fn everywhere(window: &Window, when: &str, places: &[&str], photos: bool, report: &mut Report) -> Outcome {
    let out = report.folder().to_owned();
    for (width, height, theme, percent) in LOOKS {
        let name = format!("Looks {when}: {width}x{height}, {theme}, {percent} %");
        report
            .step(window, &name, async || {
                window.resize(width, height).await?;
                open(window, "settings").await?;
                set(window, "theme", theme).await?;
                set(window, "text_percent", percent).await?;
                window.wait(&format!("html[data-theme='{theme}'][data-text='{percent}']")).await?;
                let mut found = Vec::new();
                for place in places {
                    open(window, place).await?;
                    if let Err(error) = axe::check(window).await {
                        found.push(format!("{place}: {error}"));
                    }
                    if photos {
                        let place = place.split('/').collect::<Vec<_>>().join("-");
                        let when = when.replace(' ', "-");
                        let file = format!("look-{when}-{place}-{width}-{theme}-{percent}.png");
                        window.screenshot(&out.join(file)).await?;
                    }
                }
                if found.is_empty() { Ok(()) } else { Err(found.join("\n  ")) }
            })
            .await?;
    }
    window.resize(1280, 800).await?;
    open(window, "settings").await?;
    set(window, "theme", "light").await?;
    set(window, "text_percent", "100").await?;
    window.wait("html[data-theme='light'][data-text='100']").await.map(|_| ())
}

/// Sets a choice of the settings without a click: WebKit's driver does not find its way in a scrolled page of large text.
async fn set(window: &Window, id: &str, value: &str) -> Outcome {
    window.wait(&format!("#{id}")).await?;
    let script = format!(
        "const e = document.getElementById('{id}'); e.value = '{value}';\
         e.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    );
    window.script(&script).await.map(|_| ())
}

/// Goes to a screen by its address and waits until it shows what it reads.
async fn open(window: &Window, place: &str) -> Outcome {
    window.to(place).await?;
    window.screen(place.split('/').next().unwrap_or(place)).await?;
    window.wait_gone("main .skeleton").await
}
