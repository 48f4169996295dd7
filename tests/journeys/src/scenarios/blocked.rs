//! Blocked by the office: the reason, an appeal and its denial, which is final for this block; another block, an appeal
//! against that one, and the way on once it is granted.

use crate::applicant::Applicant;
use crate::programme::Person;
use crate::programs::Central;
use crate::report::Report;
use crate::scenarios::looks;
use crate::window::Window;
use crate::{Outcome, axe, clear_text, steps};

/// What the office says, and what the person answers. Invented, like everybody here.
const NOTE: &str = "Data pekerjaan perlu diperiksa.";
const APPEALS: [&str; 2] = ["Data saya benar, mohon diperiksa lagi.", "Saya bisa menunjukkan surat dari kelurahan."];
const ANSWERS: [(&str, &str); 2] =
    [("false", "Datanya berbeda dari data kependudukan."), ("true", "Terima kasih, datanya sudah jelas.")];

/// The whole way.
pub async fn run(applicant: &Applicant, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let central = Central::start_fast(&folder.path().join("central"), "2023").await?;
    let data = folder.path().join("app");
    let window = Window::open(&data, &central.address, &[]).await?;
    let person = Person { window: &window, central: &central, applicant };
    steps::check_connection(&window, applicant, report).await?;
    steps::create_account(&window, &central, applicant, report).await?;
    steps::personal_data(&window, applicant, report).await?;
    person.identity("matched", report).await?;
    let email = ("email", applicant.email.as_str());
    report
        .step(&window, "The account is blocked, and why", async || {
            central.control("block", &[email, ("note", NOTE)]).await?;
            window.go("registration").await?;
            window.wait("[data-action='go-appeal']").await?;
            axe::check(&window).await?;
            window.act("go-appeal").await?;
            window.wait("[data-blocked]").await?;
            axe::check(&window).await
        })
        .await?;
    for (number, (text, (granted, answer))) in APPEALS.iter().zip(ANSWERS).enumerate() {
        report
            .step(&window, &format!("Appeal {}", number + 1), async || {
                window.fill("appeal-text", text).await?;
                window.act("send-appeal").await?;
                window.wait("[data-appeal='received']").await?;
                axe::check(&window).await
            })
            .await?;
        looks::everywhere(&window, "appeal made", &["home", "registration", "appeal", "inbox"], false, report).await?;
        window.to("appeal").await?;
        report
            .step(&window, &format!("The office answers: {granted}"), async || {
                central.control("appeal", &[email, ("granted", granted), ("text", answer)]).await?;
                window.wait(&format!("[data-appeal='{granted}']")).await?;
                window.wait_gone("#appeal-text").await?;
                axe::check(&window).await
            })
            .await?;
        if granted == "false" {
            report
                .step(&window, "The block is lifted, and another one follows", async || {
                    central.control("unblock", &[email]).await?;
                    window.wait_gone("[data-blocked]").await?;
                    central.control("block", &[email, ("note", NOTE)]).await?;
                    window.wait("#appeal-text").await?;
                    axe::check(&window).await
                })
                .await?;
        }
    }
    report
        .step(&window, "The way goes on", async || {
            window.go("registration").await?;
            window.screen("registration").await?;
            window.wait("[data-part].next [data-action='next-part']").await?;
            axe::check(&window).await
        })
        .await?;
    window.close().await?;
    clear_text::none(&data, applicant, &[])
}
