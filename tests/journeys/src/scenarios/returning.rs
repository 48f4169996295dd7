//! Giving a place back, signing out, coming back on the same computer with a forgotten password, and leaving for good.

use crate::applicant::Applicant;
use crate::programs::Central;
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, axe, clear_text, steps};

/// What is chosen in place of the forgotten password.
const RENEWED: &str = "Perahu-Pagi-Pulang-27";
/// Nobody's password.
const WRONG: &str = "Bukan Sandinya 1";

/// Cancels an enrolment, signs out, sets another password, signs in with it, and closes the account.
pub async fn run(applicant: &Applicant, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let data = folder.path().join("app");
    let central = Central::start(&folder.path().join("central")).await?;
    let window = Window::open(&data, &central.address, &[]).await?;
    steps::check_connection(&window, applicant, report).await?;
    steps::create_account(&window, &central, applicant, report).await?;
    steps::personal_data(&window, applicant, report).await?;
    give_back(&window, &central, applicant, report).await?;
    sign_out(&window, report).await?;
    let mut said = String::new();
    report
        .step(&window, "Sign in with a wrong password", async || {
            window.act("go-sign-in").await?;
            said = refusal(&window, &applicant.email, WRONG).await?;
            axe::check(&window).await
        })
        .await?;
    let renewed = Applicant { password: RENEWED.to_owned(), ..applicant.clone() };
    forgotten(&window, &central, &renewed, report).await?;
    sign_out(&window, report).await?;
    report
        .step(&window, "The forgotten password opens nothing any more", async || {
            window.act("go-sign-in").await?;
            same(&said, &refusal(&window, &applicant.email, &applicant.password).await?)
        })
        .await?;
    report
        .step(&window, "Sign in again", async || {
            window.fill("password", &renewed.password).await?;
            window.act("submit-sign-in").await?;
            window.screen("home").await?;
            window.go("activities").await?;
            steps::received_here(&window, 1).await
        })
        .await?;
    close(&window, &renewed, report).await?;
    nothing_left(&window, &renewed, &said, report).await?;
    window.close().await?;
    clear_text::none(&data, applicant, &[])?;
    clear_text::none(&data, &renewed, &[])
}

/// Asks for a place and gives it back.
async fn give_back(window: &Window, central: &Central, applicant: &Applicant, report: &mut Report) -> Outcome {
    let before = central.seats_taken().await?;
    let choice = applicant.enrol.iter().find(|choice| choice.method != "self_paced").ok_or("no training with seats")?;
    steps::enrol(window, choice, report).await?;
    steps::all_received(window, 1, report).await?;
    report
        .step(window, "Give the place back", async || {
            window.act("cancel-enrolment").await?;
            window.wait("dialog[open]").await?;
            axe::check(window).await?;
            window.act("confirm-cancel").await?;
            window.wait_gone("[data-action='cancel-enrolment']").await?;
            steps::received_here(window, 1).await
        })
        .await?;
    report
        .aside("Central has the seat again", async || {
            let now = central.seats_taken().await?;
            if now == before { Ok(()) } else { Err(format!("{now} seats are taken instead of {before}")) }
        })
        .await
}

async fn sign_out(window: &Window, report: &mut Report) -> Outcome {
    report
        .step(window, "Sign out", async || {
            window.go("settings").await?;
            window.act("sign-out").await?;
            window.wait("dialog[open]").await?;
            axe::check(window).await?;
            window.act("confirm-sign-out").await?;
            window.screen("welcome").await
        })
        .await
}

/// Types a password that does not fit, and gives what the window says of it.
async fn refusal(window: &Window, email: &str, password: &str) -> Outcome<String> {
    window.screen("sign-in").await?;
    window.fill("email", email).await?;
    window.fill("password", password).await?;
    window.act("submit-sign-in").await?;
    let summary = window.wait("#error-summary").await?;
    summary.text().await.map_err(|error| error.to_string())
}

/// The words are the same whatever does not fit: the password, or an account that is not there. Those of too many tries
/// are others.
fn same(said: &str, now: &str) -> Outcome {
    if now == said { Ok(()) } else { Err(format!("\"{now}\" is said instead of \"{said}\"")) }
}

/// From the sign-in screen to another password by the code of a mail; what was typed before is there again.
async fn forgotten(window: &Window, central: &Central, renewed: &Applicant, report: &mut Report) -> Outcome {
    let picture = report.folder().join("reset.png");
    report
        .step(window, "The password is forgotten", async || {
            let before = central.code_for(&renewed.email).await?;
            window.act("go-reset").await?;
            window.screen("reset").await?;
            if window.value("email").await? != renewed.email {
                return Err("the address has to be typed again".into());
            }
            axe::check(window).await?;
            window.screenshot(&picture).await?;
            window.fill("password", &renewed.password).await?;
            window.fill("password_confirmation", &renewed.password).await?;
            window.click("#by-mail").await?;
            window.wait("#by-mail:checked").await?;
            window.act("submit-reset").await?;
            window.screen("code").await?;
            axe::check(window).await?;
            central.code_after(&renewed.email, &before).await.map(|_| ())
        })
        .await?;
    steps::confirm_code(window, central, renewed, report).await?;
    report
        .step(window, "Everything is there again", async || {
            steps::answers_are_there(window, renewed).await?;
            window.go("activities").await?;
            steps::received_here(window, 1).await
        })
        .await
}

/// Closes the account, after what is asked for was forgotten and mistyped.
async fn close(window: &Window, applicant: &Applicant, report: &mut Report) -> Outcome {
    let picture = report.folder().join("close-account.png");
    report
        .step(window, "Close the account without having understood", async || {
            window.go("settings").await?;
            window.act("go-close-account").await?;
            window.screen("close-account").await?;
            window.wait("#password").await?;
            axe::check(window).await?;
            window.screenshot(&picture).await?;
            window.fill("password", &applicant.password).await?;
            window.act("submit-close-account").await?;
            window.wait("#error-summary a[href='#understood']").await?;
            window.wait("#understood-error").await?;
            axe::check(window).await?;
            account_is(window, "signed_in").await
        })
        .await?;
    report
        .step(window, "Close the account with a wrong password", async || {
            window.fill("password", WRONG).await?;
            window.click("#understood").await?;
            window.wait("#understood:checked").await?;
            window.act("submit-close-account").await?;
            window.wait("#error-summary a[href='#password']").await?;
            window.wait("#password-error").await?;
            axe::check(window).await?;
            account_is(window, "signed_in").await
        })
        .await?;
    report
        .step(window, "Close the account", async || {
            window.fill("password", &applicant.password).await?;
            window.act("submit-close-account").await?;
            window.screen("welcome").await?;
            window.wait("main .notice.done[role='status']").await?;
            axe::check(window).await
        })
        .await
}

/// Neither this computer nor central knows the person any more.
async fn nothing_left(window: &Window, applicant: &Applicant, said: &str, report: &mut Report) -> Outcome {
    report
        .step(window, "Nothing of the person is left", async || {
            account_is(window, "none").await?;
            window.go("preparation").await?;
            window.screen("profile-name").await?;
            if !window.value("full_name").await?.is_empty() {
                return Err("the name is still there".into());
            }
            window.go("activities").await?;
            window.wait("main[data-screen='activities'] [data-action='go-trainings']").await?;
            axe::check(window).await
        })
        .await?;
    report
        .step(window, "Nobody signs in to a closed account", async || {
            window.go("settings").await?;
            window.act("go-sign-in").await?;
            window.screen("sign-in").await?;
            if !window.value("email").await?.is_empty() {
                return Err("the address is still there".into());
            }
            same(said, &refusal(window, &applicant.email, &applicant.password).await?)?;
            account_is(window, "none").await
        })
        .await
}

/// Asks the app itself: a screen may show less than it knows.
async fn account_is(window: &Window, wanted: &str) -> Outcome {
    let asked = "const done = arguments[arguments.length - 1];\
                 const state = window.__TAURI_INTERNALS__.invoke('get_state', {});\
                 state.then((s) => done(s.account.state), () => done(null))";
    let state = window.script_async(asked).await?;
    if state == wanted { Ok(()) } else { Err(format!("the account is {state} instead of {wanted}")) }
}
