//! Steps of the programme: from the identity check to the result. What a person does on each screen, and what the people
//! around them do: the officer who looks at photos, the provider of face checks, the operator of the waves.

use std::path::PathBuf;
use std::time::Duration;

use prakerja_photo::specimen::{Specimen, SpecimenFault};

use crate::applicant::Applicant;
use crate::desktop::{self, Desktop};
use crate::handset::Handset;
use crate::keyboard::Keyboard;
use crate::knowledge::Knowledge;
use crate::programs::Central;
use crate::report::Report;
use crate::window::Window;
use crate::{Outcome, axe};

/// Somebody at their computer, and the central that it speaks to.
pub struct Person<'a> {
    /// Their window.
    pub window: &'a Window,
    /// Central.
    pub central: &'a Central,
    /// Who they are.
    pub applicant: &'a Applicant,
}

/// What a person uses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Hands {
    /// The mouse.
    Mouse,
    /// Keys only.
    Keys,
}

/// Answers every question of the check before sign-up; those that are not named are answered as this person would.
pub async fn eligibility(
    window: &Window,
    applicant: &Applicant,
    answers: &[(&str, &str)],
    result: &str,
    report: &mut Report,
) -> Outcome {
    report
        .step(window, &format!("May I take part? {result}"), async || {
            window.to("eligibility").await?;
            window.screen("eligibility").await?;
            loop {
                let place = window.wait("[data-question], [data-result]").await?;
                let Some(question) = place.attr("data-question").await.map_err(|error| error.to_string())? else {
                    break;
                };
                axe::check(window).await?;
                let named = answers.iter().find(|(name, _)| *name == question).map(|(_, answer)| *answer);
                match (question.as_str(), named) {
                    ("birth_date", _) => {
                        for (part, value) in ["day", "month", "year"].iter().zip(&applicant.data.birth_date) {
                            window.fill(&format!("birth_date-{part}"), value).await?;
                        }
                    }
                    (_, Some(answer)) => window.click(&format!("#{question}-{answer}")).await?,
                    ("citizen", _) => window.click("#citizen-yes").await?,
                    ("employment", _) => {
                        window.click(&format!("#employment-{}", applicant.data.employment_status)).await?;
                    }
                    ("position", _) => window.click("#position-none").await?,
                    _ => window.click(&format!("#{question}-no")).await?,
                }
                window.act("answer").await?;
                window.wait_gone(&format!("[data-question='{question}']")).await?;
            }
            window.wait(&format!("[data-result='{result}']")).await?;
            axe::check(window).await
        })
        .await
}

impl Person<'_> {
    /// The next part of the registration, by the button of the list.
    async fn next_part(&self, screen: &str) -> Outcome {
        self.window.go("registration").await?;
        self.window.screen("registration").await?;
        self.window.wait(&format!("[data-part].next [data-action='next-part'][href='#/{screen}']")).await?;
        axe::check(self.window).await?;
        self.window.act("next-part").await?;
        self.window.screen(screen).await
    }

    /// Sends the identity to the civil registry and waits for its answer.
    pub async fn identity(&self, answer: &str, report: &mut Report) -> Outcome {
        let Self { window, .. } = *self;
        report
            .step(window, &format!("The civil registry says: {answer}"), async || {
                self.next_part("identity").await?;
                self.consent().await?;
                axe::check(window).await?;
                window.act("submit-identity").await?;
                window.wait(&format!("[data-stage='{answer}']")).await?;
                axe::check(window).await
            })
            .await
    }

    /// Ticks every consent that the screen asks for; none may be ticked before.
    async fn consent(&self) -> Outcome {
        // What is still being read moves what stands below it.
        self.window.wait_gone("main .skeleton").await?;
        let asked = "main input[id^='consent-']";
        let ticked = self.window.count(&format!("{asked}:checked")).await?;
        if ticked != 0 {
            return Err(format!("{ticked} consents are given already"));
        }
        let all = self.window.all(asked, "id").await?;
        if all.is_empty() {
            return Err("the screen asks for no consent".to_owned());
        }
        for id in all {
            self.window.click(&format!("#{id}")).await?;
            self.window.wait(&format!("#{id}:checked")).await?;
        }
        Ok(())
    }

    /// Finds the wrong figure and types it right.
    pub async fn correct_nik(&self, report: &mut Report) -> Outcome {
        let Self { window, applicant, .. } = *self;
        report
            .step(window, "The figure that was wrong is put right", async || {
                window.click("[data-change='nik']").await?;
                window.screen("profile-identity").await?;
                window.fill("nik", &applicant.data.nik).await?;
                window.act("save-and-continue").await
            })
            .await
    }

    /// Chooses a photo of the card, lets it be judged and sends it.
    pub async fn photo(&self, seed: u64, report: &mut Report) -> Outcome {
        let Self { window, .. } = *self;
        let picture = report.folder().join("photo-judged.png");
        report
            .step(window, "A photo of the card", async || {
                self.next_part("photo").await?;
                axe::check(window).await?;
                let card = Card::drawn(seed)?;
                window.click("#way-file").await?;
                window.choose_file("photo", &card.file).await?;
                window.wait("[data-sendable='true']").await?;
                window.screenshot(&picture).await?;
                axe::check(window).await?;
                window.act("send-photo").await?;
                window.wait("[data-photo-state='received']").await?;
                axe::check(window).await
            })
            .await
    }

    /// The phone takes the photo, on the page to which the window's code leads.
    pub async fn photo_by_phone(&self, seed: u64, report: &mut Report) -> Outcome {
        let Self { window, .. } = *self;
        let folder = report.folder().to_owned();
        report
            .step(window, "A photo by the phone", async || {
                self.next_part("photo").await?;
                window.click("#way-phone").await?;
                window.act("start-handover").await?;
                let address = window.wait(".address").await?.text().await.map_err(|error| error.to_string())?;
                axe::check(window).await?;
                window.screenshot(&folder.join("handover.png")).await?;
                let phone = Handset::open(address.trim()).await?;
                phone.screenshot(&folder.join("phone.png")).await?;
                phone.check().await?;
                let card = Card::drawn(seed)?;
                phone.send_photo(&card.file).await?;
                window.wait("[data-photo-state='received']").await?;
                phone.check().await?;
                axe::check(window).await
            })
            .await
    }

    /// The officer looks at the photo.
    pub async fn photo_decided(&self, verified: bool, reason: &str, report: &mut Report) -> Outcome {
        let Self { window, central, applicant } = *self;
        let state = if verified { "accepted" } else { "rejected" };
        report
            .step(window, &format!("The photo is {state}"), async || {
                let question = [("email", applicant.email.as_str()), ("reason", reason)];
                let verified = [("verified", if verified { "true" } else { "false" })];
                central.control("photo", &[&question[..], &verified].concat()).await?;
                window.wait(&format!("[data-photo-state='{state}']")).await?;
                if state == "rejected" {
                    window.wait(&format!("[data-refusal='{reason}']")).await?;
                }
                axe::check(window).await
            })
            .await
    }

    /// The face check, on the page of the provider.
    pub async fn face(&self, report: &mut Report) -> Outcome {
        let Self { window, .. } = *self;
        let picture = report.folder().join("face-begun.png");
        report
            .step(window, "The face check", async || {
                self.next_part("face").await?;
                self.consent().await?;
                axe::check(window).await?;
                window.act("start-face-check").await?;
                let address = window.wait(".address").await?.text().await.map_err(|error| error.to_string())?;
                axe::check(window).await?;
                window.screenshot(&picture).await?;
                let client = reqwest::Client::new();
                let pressed = client.post(address.trim()).query(&[("outcome", "pass")]).send().await;
                let pressed = pressed.map_err(|error| format!("the provider's page does not answer: {error}"))?;
                if !pressed.status().is_success() {
                    return Err(format!("the provider's page says {}", pressed.status()));
                }
                window.wait("[data-stage='done']").await?;
                axe::check(window).await
            })
            .await
    }

    /// The code on the phone.
    pub async fn phone(&self, report: &mut Report) -> Outcome {
        let Self { window, central, applicant } = *self;
        let picture = report.folder().join("phone-code.png");
        report
            .step(window, "The code on the phone", async || {
                self.next_part("phone-code").await?;
                axe::check(window).await?;
                window.act("send-phone-code").await?;
                let code = central.code_for(&applicant.phone_number()).await?;
                window.wait("[data-stage='code']").await?;
                axe::check(window).await?;
                window.screenshot(&picture).await?;
                window.fill("code", &code).await?;
                window.act("confirm-phone-code").await?;
                window.wait("[data-stage='done']").await?;
                axe::check(window).await
            })
            .await
    }

    /// Declarations and consents, one by one.
    pub async fn declarations(&self, report: &mut Report) -> Outcome {
        let Self { window, .. } = *self;
        let picture = report.folder().join("declarations-ticked.png");
        report
            .step(window, "Declarations", async || {
                self.next_part("declarations").await?;
                let ticked = window.count("main input:checked").await?;
                if ticked != 0 {
                    return Err(format!("{ticked} answers are given already"));
                }
                for id in window.all("[data-declaration]", "data-declaration").await? {
                    let answer = if id == "citizen" { "yes" } else { "no" };
                    window.click(&format!("[data-declaration='{id}'] input[value='{answer}']")).await?;
                }
                self.consent().await?;
                axe::check(window).await?;
                window.screenshot(&picture).await?;
                window.act("submit-declarations").await?;
                window.wait("[data-delivery='received']").await?;
                axe::check(window).await
            })
            .await
    }

    /// Presses a button, by the mouse or by Tab and Enter.
    async fn press(&self, action: &str, hands: Hands) -> Outcome {
        match hands {
            Hands::Mouse => self.window.act(action).await,
            Hands::Keys => Keyboard(self.window).follow(&format!("[data-action='{action}']")).await,
        }
    }

    /// Begins the test.
    pub async fn begin_test(&self, hands: Hands, report: &mut Report) -> Outcome {
        let Self { window, .. } = *self;
        report
            .step(window, "The test begins", async || {
                self.next_part("test").await?;
                axe::check(window).await?;
                self.press("start-test", hands).await?;
                self.press("confirm-start", hands).await?;
                window.wait("[data-item]").await?;
                axe::check(window).await
            })
            .await
    }

    /// Answers every question, as somebody who knows the answers.
    pub async fn answer_test(&self, hands: Hands, report: &mut Report) -> Outcome {
        let Self { window, applicant, .. } = *self;
        let knowledge = Knowledge::read(&applicant.language)?;
        let picture = report.folder().join("figural.png");
        report
            .step(window, "Every question is answered", async || {
                loop {
                    let item = window.attr("[data-item]", "data-item").await?;
                    answer(window, &item, knowledge.of(&item)?, hands).await?;
                    if item.starts_with("figural") && !picture.exists() {
                        window.screenshot(&picture).await?;
                    }
                    if window.count("[data-action='review-test']").await? > 0 {
                        break;
                    }
                    self.press("next-item", hands).await?;
                    window.wait_gone(&format!("[data-item='{item}']")).await?;
                }
                axe::check(window).await?;
                self.press("review-test", hands).await?;
                window.wait("[data-action='submit-test']").await?;
                if window.count("[data-answered='false']").await? > 0 {
                    return Err("the review shows questions without an answer".into());
                }
                axe::check(window).await
            })
            .await
    }

    /// Hands the test in and waits for what central says.
    pub async fn hand_in_test(&self, hands: Hands, report: &mut Report) -> Outcome {
        let Self { window, .. } = *self;
        report
            .step(window, "The test is handed in and evaluated", async || {
                self.press("submit-test", hands).await?;
                self.press("confirm-submit", hands).await?;
                window.wait("[data-stage='submitted'], [data-stage='passed']").await?;
                window.wait("[data-stage='passed']").await?;
                axe::check(window).await
            })
            .await
    }

    /// Joins a wave: two steps and the agreement. `shown` is what the screen says at once.
    pub async fn join(&self, wave: u32, shown: &str, report: &mut Report) -> Outcome {
        let Self { window, .. } = *self;
        report
            .step(window, &format!("Wave {wave} is joined: {shown}"), async || {
                window.go("waves").await?;
                window.screen("waves").await?;
                window.wait(&format!("[data-wave='{wave}'] [data-action='join']")).await?;
                axe::check(window).await?;
                window.click(&format!("[data-wave='{wave}'] [data-action='join']")).await?;
                window.screen("join").await?;
                axe::check(window).await?;
                window.act("yes-join").await?;
                window.wait("[data-action='agree']").await?;
                for id in window.all("input[id^='consent-']", "id").await? {
                    window.click(&format!("#{id}")).await?;
                }
                axe::check(window).await?;
                window.act("agree").await?;
                window.wait(&format!("[data-join='{shown}']")).await?;
                axe::check(window).await
            })
            .await
    }

    /// The draw of a wave while the person looks elsewhere: the desktop tells them, and a click leads to the news.
    async fn told_of_draw(
        &self,
        desktop: &Desktop,
        wave: u32,
        quota: Option<u32>,
        news: &str,
        report: &mut Report,
    ) -> Outcome {
        let Self { window, central, applicant } = *self;
        let words = desktop::words(&applicant.language, news)?;
        let mut notification = 0;
        report
            .step(window, &format!("The desktop tells: {news}"), async || {
                window.go("sync").await?;
                window.screen("sync").await?;
                desktop.look_away()?;
                // It answers after what the display told it: by now it knows.
                window.screen("sync").await?;
                let quota = quota.map(|quota| quota.to_string());
                let quota: Vec<_> = quota.iter().map(|quota| ("quota", quota.as_str())).collect();
                central.control(&format!("waves/{wave}/select"), &quota).await?;
                // By itself the app asks only now and then while nobody looks.
                notification = desktop.shows(&words, async || window.act("sync-now").await).await?;
                Ok(())
            })
            .await?;
        report
            .step(window, "A click on the notification shows the news", async || {
                let inbox = "main[data-screen='inbox']";
                desktop.click(notification, async || Ok(window.count(inbox).await? > 0)).await?;
                window.wait(&format!("[data-notice='{news}']")).await?;
                axe::check(window).await
            })
            .await
    }

    /// The draw of a wave, and the result where the person finds it.
    pub async fn drawn(
        &self,
        desktop: &Desktop,
        wave: u32,
        quota: Option<u32>,
        membership: &str,
        report: &mut Report,
    ) -> Outcome {
        let Self { window, .. } = *self;
        let settled = if membership == "not_accepted" { membership } else { "accepted" };
        self.told_of_draw(desktop, wave, quota, settled, report).await?;
        report
            .step(window, &format!("Wave {wave} is drawn: {membership}"), async || {
                window.to("member").await?;
                window.screen("member").await?;
                window.wait(&format!("[data-membership='{membership}']")).await?;
                axe::check(window).await
            })
            .await?;
        report
            .step(window, "The two lines, and the news", async || {
                window.go("home").await?;
                window.screen("home").await?;
                window.wait(&format!("[data-line='application'][data-application='{settled}']")).await?;
                window.wait("[data-line='wave']").await?;
                axe::check(window).await?;
                window.go("inbox").await?;
                window.screen("inbox").await?;
                window.wait("[data-notice]").await?;
                axe::check(window).await
            })
            .await?;
        report
            .step(window, "The draw is recomputed on this computer", async || {
                window.script(&format!("location.hash = '#/selection/{wave}'")).await?;
                window.screen("selection").await?;
                axe::check(window).await?;
                window.act("verify").await?;
                window.wait("[data-proof='verified']").await?;
                axe::check(window).await
            })
            .await
    }

    /// The number is shown on request and hidden again; the deadline goes into the person's own calendar.
    /// Says which number it was.
    pub async fn member(&self, report: &mut Report) -> Outcome<String> {
        let Self { window, .. } = *self;
        let mut number = String::new();
        report
            .step(window, "The number is shown and hidden", async || {
                window.to("member").await?;
                window.wait("[data-card='masked']").await?;
                window.act("show-number").await?;
                let shown =
                    window.wait("[data-card='shown']").await?.text().await.map_err(|error| error.to_string())?;
                if shown.chars().filter(char::is_ascii_digit).count() != 16 {
                    return Err("the number has not 16 digits".into());
                }
                number = shown;
                axe::check(window).await?;
                window.act("hide-number").await?;
                window.wait("[data-card='masked']").await.map(|_| ())
            })
            .await?;
        report
            .step(window, "The deadline as a calendar file", async || {
                window.act("save-calendar").await?;
                let saved = window.wait(".said code").await?.text().await.map_err(|error| error.to_string())?;
                let text = std::fs::read_to_string(&saved).map_err(|error| format!("{saved}: {error}"))?;
                if !text.starts_with("BEGIN:VCALENDAR") {
                    return Err("the file is no calendar".into());
                }
                axe::check(window).await
            })
            .await?;
        Ok(number)
    }
}

/// A photo of an invented card, for as long as it is needed.
struct Card {
    file: PathBuf,
    _folder: tempfile::TempDir,
}

impl Card {
    fn drawn(seed: u64) -> Outcome<Self> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let file = folder.path().join("ktp.jpg");
        let card = Specimen::new(SpecimenFault::None, seed).jpeg();
        std::fs::write(&file, card).map_err(|error| error.to_string())?;
        Ok(Self { file, _folder: folder })
    }
}

/// Chooses the option that shows these words, or whose drawing is described by them.
async fn answer(window: &Window, item: &str, words: &str, hands: Hands) -> Outcome {
    let words = serde_json::to_string(words).map_err(|error| error.to_string())?;
    let script = format!(
        "const words = {words};\
         const shows = (label) => [...label.querySelectorAll('span')].some((e) => e.textContent.trim() === words)\
           || label.querySelector('[role=img]')?.getAttribute('aria-label') === words;\
         const label = [...document.querySelectorAll(\"[data-item='{item}'] label\")].find(shows);\
         return label ? label.querySelector('input').id : null"
    );
    let id = window.script(&script).await?;
    let id = id.as_str().ok_or_else(|| format!("{item} does not show {words}"))?;
    match hands {
        Hands::Mouse => window.click(&format!("#{id}")).await?,
        Hands::Keys => {
            let keys = Keyboard(window);
            keys.to(&format!("[data-item='{item}'] input")).await?;
            let place = format!(
                "return [...document.querySelectorAll(\"[data-item='{item}'] input\")].findIndex((e) => e.id === '{id}') + 1"
            );
            let place = window.script(&place).await?;
            keys.text(&place.to_string()).await?;
        }
    }
    window.wait(&format!("#{id}:checked")).await?;
    // Kept here before the next one, and on its way to central.
    tokio::time::timeout(Duration::from_secs(20), window.wait("[aria-current='step'][data-answered='true']"))
        .await
        .map_err(|_| format!("the answer to {item} is not kept"))?
        .map(|_| ())
}
