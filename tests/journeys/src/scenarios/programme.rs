//! From applicant to participant, in both schemes, with what can go wrong on the way.

use crate::applicant::Applicant;
use crate::desktop::Desktop;
use crate::programme::{Hands, Person, eligibility};
use crate::programs::{Central, FaultProxy};
use crate::report::Report;
use crate::scenarios::looks;
use crate::window::Window;
use crate::{Outcome, clear_text, steps};

/// The wave of the fast demo for a scheme, in which everybody here takes part.
fn wave_of(scheme: &str) -> u32 {
    if scheme == "2020" { 47 } else { 73 }
}

/// The wave that opens after the one of 2023.
const NEXT_WAVE: u32 = 74;

/// What is special about a way through the programme.
#[derive(Clone, Copy)]
pub struct Way {
    /// Version of the scheme.
    pub scheme: &'static str,
    /// A figure of the NIK is mistyped first; the registry finds no match.
    pub mistyped: bool,
    /// The officer refuses the first photo.
    pub photo_refused: bool,
    /// The phone takes the photo, and not a file of this computer.
    pub by_phone: bool,
    /// What the person uses in the test.
    pub test: Hands,
    /// Places in the draw; `None` for those of the demo.
    pub quota: Option<u32>,
    /// Whether every state on the way is looked at in every size, theme and text size.
    pub looks: Looks,
}

/// How closely the states on the way are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// As they come.
    Passing,
    /// In every look, by axe.
    Checked,
    /// In every look, and with a picture of each for people.
    Pictured,
}

impl Way {
    /// Nothing special.
    pub const fn plain(scheme: &'static str) -> Self {
        Self {
            scheme,
            mistyped: false,
            photo_refused: false,
            by_phone: false,
            test: Hands::Mouse,
            quota: None,
            looks: Looks::Passing,
        }
    }
}

/// The whole way to the result.
pub async fn run(applicant: &Applicant, way: Way, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let central = Central::start_fast(&folder.path().join("central"), way.scheme).await?;
    let desktop = Desktop::start().await?;
    let data = folder.path().join("app");
    let window = Window::open(&data, &central.address, &[]).await?;
    let person = Person { window: &window, central: &central, applicant };
    eligibility(&window, applicant, &[], "eligible", report).await?;
    window.to("welcome").await?;
    registered(&person, way, report).await?;
    let wave = wave_of(way.scheme);
    let (join, selection) = (format!("join/{wave}"), format!("selection/{wave}"));
    look(&person, way, "before joining", &["home", "registration", "test", "waves", &join], report).await?;
    person.join(wave, "counted", report).await?;
    look(&person, way, "joined", &["home", "waves", &join, &selection, "inbox"], report).await?;
    let mut shown = Vec::new();
    if way.quota == Some(0) {
        person.drawn(&desktop, wave, way.quota, "not_accepted", report).await?;
        next_wave(&person, report).await?;
    } else {
        person.drawn(&desktop, wave, way.quota, "appointed", report).await?;
        look(&person, way, "accepted", &["home", "waves", "member", &selection, "inbox", "appeal"], report).await?;
        shown.push(person.member(report).await?);
    }
    window.close().await?;
    desktop.names_nobody(applicant, &shown)?;
    clear_text::none(&data, applicant, &shown)
}

/// From the first screen to the passed test.
async fn registered(person: &Person<'_>, way: Way, report: &mut Report) -> Outcome {
    let Person { window, central, applicant } = *person;
    steps::check_connection(window, applicant, report).await?;
    steps::create_account(window, central, applicant, report).await?;
    if way.mistyped {
        steps::personal_data(window, &applicant.mistyped(), report).await?;
        person.identity("mismatch", report).await?;
        look(person, way, "no match", &["home", "registration", "identity"], report).await?;
        window.to("identity").await?;
        person.correct_nik(report).await?;
    } else {
        steps::personal_data(window, applicant, report).await?;
    }
    person.identity("matched", report).await?;
    if way.photo_refused {
        person.photo(1, report).await?;
        person.photo_decided(false, "glare", report).await?;
        look(person, way, "photo refused", &["home", "registration", "photo", "inbox"], report).await?;
    }
    if way.by_phone {
        person.photo_by_phone(2, report).await?;
    } else {
        person.photo(2, report).await?;
    }
    person.photo_decided(true, "other", report).await?;
    person.face(report).await?;
    person.phone(report).await?;
    person.declarations(report).await?;
    person.begin_test(way.test, report).await?;
    // Looking at it elsewhere and coming back loses nothing: the test is answered and handed in afterwards.
    look(person, way, "in the test", &["test", "home"], report).await?;
    person.window.to("test").await?;
    person.answer_test(way.test, report).await?;
    person.hand_in_test(way.test, report).await
}

/// Looks at states that exist only here on the way.
async fn look(person: &Person<'_>, way: Way, when: &str, places: &[&str], report: &mut Report) -> Outcome {
    match way.looks {
        Looks::Passing => Ok(()),
        looks => looks::everywhere(person.window, when, places, looks == Looks::Pictured, report).await,
    }
}

/// Not accepted: the next wave is joined without typing anything again.
async fn next_wave(person: &Person<'_>, report: &mut Report) -> Outcome {
    person.central.control(&format!("waves/{NEXT_WAVE}/open"), &[]).await?;
    person.window.go("sync").await?;
    person.window.act("sync-now").await?;
    person.join(NEXT_WAVE, "counted", report).await
}

/// Who may not take part is told why before a word is typed, and where only central can say, that.
pub async fn ineligible(applicant: &Applicant, scheme: &str, report: &mut Report) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let central = Central::start_fast(&folder.path().join("central"), scheme).await?;
    let data = folder.path().join("app");
    let window = Window::open(&data, &central.address, &[]).await?;
    report
        .step(&window, "Welcome", async || {
            window.screen("welcome").await?;
            window.choose("language", &applicant.language).await?;
            window.wait(&format!("html[lang='{}']", applicant.language)).await?;
            // The rules come with the catalogue, once; afterwards the check works offline.
            window.go("trainings").await?;
            window.wait("[data-training]").await.map(|_| ())
        })
        .await?;
    let (question, answer, reason) = if scheme == "2020" {
        ("receives_other_aid", "yes", "receives_other_aid")
    } else {
        ("position", "civil_servant", "civil_servant")
    };
    eligibility(&window, applicant, &[(question, answer)], "ineligible", report).await?;
    window.wait(&format!("[data-reason='{reason}']")).await?;
    window.click(&format!("[data-change='{question}']")).await?;
    eligibility(&window, applicant, &[], "eligible", report).await?;
    window.click("[data-change='family_card_full']").await?;
    eligibility(&window, applicant, &[("family_card_full", "unsure")], "needs_server_check", report).await?;
    window.close().await
}

/// Joined without a network; the wave closes before the network is back. With a grace the join counts by the evidence of
/// its time, without one it does not.
pub async fn closed_while_offline(
    applicant: &Applicant,
    scheme: &'static str,
    grace_s: u32,
    report: &mut Report,
) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let central = Central::start_fast(&folder.path().join("central"), scheme).await?;
    let proxy = FaultProxy::start(&central.address).await?;
    let data = folder.path().join("app");
    let window = Window::open(&data, &proxy.address, &[]).await?;
    let person = Person { window: &window, central: &central, applicant };
    registered(&person, Way::plain(scheme), report).await?;
    let wave = wave_of(scheme);
    report.aside("The network goes away", async || proxy.mode("cut").await).await?;
    person.join(wave, "waiting", report).await?;
    report
        .aside("The wave closes", async || {
            central.control(&format!("waves/{wave}/close"), &[("grace_s", &grace_s.to_string())]).await
        })
        .await?;
    report.aside("The network is back", async || proxy.mode("pass").await).await?;
    let says = if grace_s > 0 { "[data-join='counted'][data-counted='by_evidence']" } else { "[data-join='refused']" };
    report.step(&window, "The person sees what came of it", async || window.wait(says).await.map(|_| ())).await?;
    window.close().await?;
    clear_text::none(&data, applicant, &[])
}
