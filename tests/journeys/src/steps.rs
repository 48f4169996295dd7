//! Steps that scenarios share: what a person does on each screen.

use crate::applicant::{Applicant, Choice, Place};
use crate::programs::Central;
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, axe};

/// From the first screen to a finished connection check.
pub async fn check_connection(window: &Window, applicant: &Applicant, report: &mut Report) -> Outcome {
    report
        .step(window, "Welcome", async || {
            window.screen("welcome").await?;
            window.choose("language", &applicant.language).await?;
            window.wait(&format!("html[lang='{}']", applicant.language)).await?;
            axe::check(window).await
        })
        .await?;
    report
        .step(window, "Check the connection", async || {
            window.act("go-check").await?;
            window.screen("check").await?;
            window.wait("[data-verdict='stable'], [data-verdict='usable']").await?;
            axe::check(window).await
        })
        .await
}

/// Creates the account with a code from the mailbox.
pub async fn create_account(window: &Window, central: &Central, applicant: &Applicant, report: &mut Report) -> Outcome {
    sign_up(window, applicant, report).await?;
    confirm_code(window, central, applicant, report).await
}

/// From the finished check to the question for the code.
pub async fn sign_up(window: &Window, applicant: &Applicant, report: &mut Report) -> Outcome {
    report
        .step(window, "Sign up with mistakes", async || {
            window.act("go-sign-up").await?;
            window.screen("sign-up").await?;
            window.fill("email", "bukan alamat").await?;
            window.fill("password", "pendek").await?;
            window.act("submit-sign-up").await?;
            window.wait("#error-summary a").await?;
            if window.value("email").await? != "bukan alamat" {
                return Err("the form was cleared".into());
            }
            axe::check(window).await
        })
        .await?;
    report
        .step(window, "Sign up", async || {
            window.fill("email", &applicant.email).await?;
            window.fill("password", &applicant.password).await?;
            window.fill("password_confirmation", &applicant.password).await?;
            window.click("#accept_terms").await?;
            window.click("#accept_privacy").await?;
            window.act("submit-sign-up").await?;
            window.screen("code").await?;
            axe::check(window).await
        })
        .await
}

/// Types the code from the mailbox, after a wrong one.
pub async fn confirm_code(window: &Window, central: &Central, applicant: &Applicant, report: &mut Report) -> Outcome {
    report
        .step(window, "Type a wrong code", async || {
            let code = central.code_for(&applicant.email).await?;
            let wrong = if code == "000000" { "111111" } else { "000000" };
            window.fill("code", wrong).await?;
            window.act("confirm-code").await?;
            window.wait("#error-summary").await.map(|_| ())
        })
        .await?;
    report
        .step(window, "Type the code from the e-mail", async || {
            let code = central.code_for(&applicant.email).await?;
            window.fill("code", &code).await?;
            window.act("confirm-code").await?;
            window.screen("home").await?;
            axe::check(window).await
        })
        .await
}

/// Fills in the personal data, step by step, and confirms it.
pub async fn personal_data(window: &Window, applicant: &Applicant, report: &mut Report) -> Outcome {
    let data = &applicant.data;
    report
        .step(window, "Personal data: name", async || {
            window.go("preparation").await?;
            window.screen("profile-name").await?;
            window.fill("full_name", "<b>1</b>").await?;
            window.act("save-and-continue").await?;
            window.wait("#error-summary a[href='#full_name']").await?;
            axe::check(window).await?;
            window.fill("full_name", &data.full_name).await?;
            window.act("save-and-continue").await?;
            window.screen("profile-identity").await
        })
        .await?;
    report
        .step(window, "Personal data: identity numbers", async || {
            window.fill("nik", &data.nik).await?;
            window.fill("kk_number", &data.kk_number).await?;
            axe::check(window).await?;
            window.act("save-and-continue").await?;
            window.screen("profile-birth").await
        })
        .await?;
    report
        .step(window, "Personal data: birth", async || {
            let [day, month, year] = &data.birth_date;
            window.fill("birth_date-day", day).await?;
            window.fill("birth_date-month", month).await?;
            window.fill("birth_date-year", year).await?;
            window.click(&format!("#gender-{}", data.gender)).await?;
            axe::check(window).await?;
            window.act("save-and-continue").await?;
            window.screen("profile-phone").await
        })
        .await?;
    report
        .step(window, "Personal data: phone", async || {
            window.fill("phone", &data.phone).await?;
            axe::check(window).await?;
            window.act("save-and-continue").await?;
            window.screen("profile-address").await
        })
        .await?;
    report
        .step(window, "Personal data: address", async || {
            place(window, "ktp", &data.ktp).await?;
            axe::check(window).await?;
            window.act("save-and-continue").await?;
            window.screen("profile-domicile").await
        })
        .await?;
    report
        .step(window, "Personal data: where one lives", async || {
            let same = if data.domicile.is_none() { "yes" } else { "no" };
            window.click(&format!("#domicile_same_as_ktp-{same}")).await?;
            if let Some(domicile) = &data.domicile {
                place(window, "domicile", domicile).await?;
            }
            axe::check(window).await?;
            window.act("save-and-continue").await?;
            window.screen("profile-work").await
        })
        .await?;
    report
        .step(window, "Personal data: schooling and work", async || {
            window.choose("education_level", &data.education_level).await?;
            window.click(&format!("#employment_status-{}", data.employment_status)).await?;
            axe::check(window).await?;
            window.act("save-and-continue").await?;
            window.screen("profile-family").await
        })
        .await?;
    report
        .step(window, "Personal data: family", async || {
            window.click(&format!("#marital_status-{}", data.marital_status)).await?;
            window.fill("dependants_count", &data.dependants_count).await?;
            axe::check(window).await?;
            window.act("save-and-continue").await?;
            window.screen("profile-interests").await
        })
        .await?;
    report
        .step(window, "Personal data: interests", async || {
            for key in &data.training_interests {
                window.click(&format!("#training_interests-{key}")).await?;
            }
            axe::check(window).await?;
            window.act("save-and-continue").await?;
            window.screen("profile-review").await
        })
        .await?;
    report
        .step(window, "Personal data: check and confirm", async || {
            axe::check(window).await?;
            window.act("submit-profile").await?;
            window.screen("home").await
        })
        .await
}

/// Opens the review: every answer that was typed stands there, as it was typed or as it is read back.
pub async fn answers_are_there(window: &Window, applicant: &Applicant) -> Outcome {
    window.go("preparation").await?;
    window.screen("profile-review").await?;
    let data = &applicant.data;
    // The name of the village comes a moment after the rest: it is looked up by its code.
    let typed = [&data.full_name, &data.ktp.name, &data.ktp.address].map(Clone::clone);
    window.wait_with_text("main", &typed, "data-screen").await?;
    let text = window.script("return document.querySelector('main').innerText").await?;
    let text = text.as_str().unwrap_or_default();
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let shown = digits(text);
    for number in [&data.nik, &data.kk_number, &data.phone] {
        if !shown.contains(&digits(number)) {
            return Err("a typed number is not there any more".into());
        }
    }
    let day = format!("{} ", data.birth_date[0].trim_start_matches('0'));
    if !text.contains(&day) || !text.contains(&data.birth_date[2]) {
        return Err("the birth date is not there any more".into());
    }
    Ok(())
}

/// Finds a village by typing and gives the street.
async fn place(window: &Window, which: &str, place: &Place) -> Outcome {
    window.fill(&format!("{which}_region"), &place.search).await?;
    window.click(&format!("[data-region='{}']", place.village)).await?;
    window.wait(&format!("[data-region-chosen='{}']", place.village)).await?;
    window.fill(&format!("{which}_address"), &place.address).await
}

/// Searches a training and asks for a place.
pub async fn enrol(window: &Window, choice: &Choice, report: &mut Report) -> Outcome {
    let mut row = String::new();
    report
        .step(window, &format!("Find a training: {}", choice.search), async || {
            window.go("trainings").await?;
            window.screen("trainings").await?;
            window.fill("search", &choice.search).await?;
            window.wait("[data-training]").await?;
            window.wait("[aria-busy='false']").await?;
            row = window.wait_with_text("[data-training][data-free='true']", &choice.row, "data-training").await?;
            axe::check(window).await
        })
        .await?;
    report
        .step(window, &format!("Ask for a place: {}", choice.search), async || {
            window.click(&format!("[data-training='{row}'] a")).await?;
            window.wait(&format!("[data-training-detail='{row}'] [data-action='enrol']")).await?;
            if choice.method != "self_paced" {
                window.click("input[id^='schedule-']").await?;
            }
            axe::check(window).await?;
            window.act("enrol").await?;
            window.wait_gone("[data-action='enrol']").await
        })
        .await
}

/// Waits until every activity was received by central.
pub async fn all_received(window: &Window, count: usize, report: &mut Report) -> Outcome {
    report
        .step(window, "Everything is received", async || {
            window.go("activities").await?;
            window.screen("activities").await?;
            received_here(window, count).await?;
            axe::check(window).await
        })
        .await
}

/// Waits, where the person is, until every activity that is shown was received; no key and no click.
pub async fn received_here(window: &Window, count: usize) -> Outcome {
    window.wait("[data-activity][data-delivery='received']").await?;
    window.wait_gone("[data-activity]:not([data-delivery='received'])").await?;
    window.wait("[data-sync-status='all_sent']").await?;
    let found = window.count("[data-activity]").await?;
    if found == count { Ok(()) } else { Err(format!("{found} activities instead of {count}")) }
}
