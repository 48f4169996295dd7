//! The result outside of the app: who gets a mail and a text to the phone, in which words, and what stands in the way.

use prakerja_central::catalogue::WaveRow;
use prakerja_central::clock::Clock;
use prakerja_central::config::Config;
use prakerja_central::db::Id;
use prakerja_central::office::waves;
use prakerja_central::state::Central;
use prakerja_central::waves::selection::{self, Due};
use prakerja_domain::application::ApplicationState;
use prakerja_protocol::application::NoticeKind;
use serde::Deserialize;

use crate::applicant::*;
use crate::draw::{VALUE, beacon, let_it_close, set_wave};
use crate::office::row;
use crate::started::*;

/// Characters of one text in the alphabet of GSM 03.38.
const ONE_TEXT: usize = 160;

#[derive(Debug, Deserialize)]
struct Message {
    channel: String,
    subject: String,
    text: String,
}

/// What the sandbox mailbox has for an address or a number, once it is there.
async fn received(central: &Started, to: &str) -> Message {
    let patience = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let mut kept: Vec<Message> =
            central.get("/sandbox/mailbox.json").query(&[("to", to)]).send().await.unwrap().json().await.unwrap();
        if !kept.is_empty() {
            assert_eq!(kept.len(), 1, "once");
            return kept.remove(0);
        }
        assert!(tokio::time::Instant::now() < patience, "nothing came");
        tokio::task::yield_now().await;
    }
}

async fn execute(central: &Central, statement: &'static str, person: &Person) {
    let mut tx = central.db.begin().await.unwrap();
    let done = sqlx::query(statement).bind(Id(person.id)).execute(&mut *tx).await.unwrap();
    assert_eq!(done.rows_affected(), 1, "{statement}");
    tx.commit().await.unwrap();
}

async fn draw(central: &Started) {
    let_it_close(central);
    selection::commit(&central.central, OPEN, beacon(central)).await.unwrap();
    selection::publish(&central.central, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
}

/// A letter of the alphabet that fits 160 times into one text; others make it two or three.
fn is_gsm(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || " !\"#$%&'()*+,-./:;<=>?@_\n".contains(letter)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_gets_a_mail_and_one_text_in_the_own_language() {
    let central = Started::sqlite().await;
    set_wave(&central, 2, "{}").await;
    let mut people = Vec::new();
    for nth in 0..4 {
        let person = applicant(&central).await;
        let language = if nth % 2 == 0 { "id" } else { "en" };
        if language == "en" {
            execute(&central.central, "update person set language = 'en' where id = $1", &person).await;
        }
        // Two of each language, and the priority decides whom it takes.
        if nth < 2 {
            let listed = "insert into whitelist select nik_index, 'whitelisted_laid_off', 'Disnaker', 1
                          from identity_claim where person_id = $1";
            execute(&central.central, listed, &person).await;
        }
        joined(&person, OPEN).await;
        people.push((person, language, nth < 2));
    }
    draw(&central).await;
    for (person, language, accepted) in &people {
        let (mail, sms) = (
            received(&central, &format!("{}@example.test", person.id)).await,
            received(&central, &phone_of(person)).await,
        );
        let (subject, text) = match (*language, accepted) {
            ("id", true) => ("Selamat, kamu lolos gelombang 73", "Selamat, kamu lolos Kartu Prakerja gelombang 73."),
            ("id", false) => ("Hasil seleksi gelombang 73", "Kamu belum berhasil di Kartu Prakerja gelombang 73."),
            (_, true) => {
                ("Congratulations, you are accepted in wave 73", "Congratulations, you are accepted in Kartu Prakerja")
            }
            (_, false) => ("Result of wave 73", "You were not accepted in Kartu Prakerja wave 73"),
        };
        assert_eq!((mail.channel.as_str(), mail.subject.as_str()), ("mail", subject));
        assert_eq!((sms.channel.as_str(), sms.subject.as_str()), ("sms", ""));
        assert!(sms.text.starts_with(text), "{}", sms.text);
        assert!(sms.text.chars().count() <= ONE_TEXT && sms.text.chars().all(is_gsm), "{}", sms.text);
        assert!(!mail.text.contains("Anda "), "the programme says kamu");
        for number in memberships(person).await.into_iter().map(|it| it.prakerja_number) {
            assert!(!mail.text.contains(&number) && !sms.text.contains(&number));
        }
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_cannot_be_read_keeps_the_result_from_nobody() {
    let central = Started::sqlite().await;
    let (damaged, other) = (applicant(&central).await, applicant(&central).await);
    for person in [&damaged, &other] {
        joined(person, OPEN).await;
    }
    let profile = "update record set data = x'00' where kind = 'profile' and person_id = $1";
    execute(&central.central, profile, &damaged).await;
    draw(&central).await;
    assert_eq!(application(&other).await.state, ApplicationState::Accepted);
    received(&central, &phone_of(&other)).await;
    // The mail needs no profile.
    received(&central, &format!("{}@example.test", damaged.id)).await;
    assert!(selection::progress(&central.central, OPEN).await.unwrap().settled_at.is_some());
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_application_is_named_and_once_mended_the_publication_goes_on_by_itself() {
    let central = Started::sqlite().await;
    let at = &central.central;
    let person = applicant(&central).await;
    joined(&person, OPEN).await;
    let number = case_number(&person).await;
    let_it_close(&central);
    selection::commit(at, OPEN, beacon(&central)).await.unwrap();
    execute(at, "update application set counted = 'never' where person_id = $1", &person).await;
    let stopped = selection::publish(at, OPEN, VALUE, None, Due::Sandbox).await.unwrap_err();
    assert!(stopped.to_string().contains(&number), "{stopped}");
    assert!(!told(&person).await.contains(&NoticeKind::Accepted));
    execute(at, "update application set counted = 'in_time' where person_id = $1", &person).await;
    at.clock.advance_ms(1);
    let patience = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while selection::progress(at, OPEN).await.unwrap().settled_at.is_none() {
        assert!(tokio::time::Instant::now() < patience, "it does not go on");
        tokio::task::yield_now().await;
    }
    assert_eq!(application(&person).await.state, ApplicationState::Accepted);
    assert_eq!(memberships(&person).await.len(), 1);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_without_the_configuration_queues_the_texts_too() {
    let folder = tempfile::tempdir().unwrap();
    let real = Config { demo: false, ..config(folder.path()) };
    let central = Started::open(folder, real).await.unwrap();
    let wave = WaveRow { scheme: "2023".to_owned(), ..row(OPEN) };
    waves::create(&central.central, wave).await.unwrap();
    waves::open(&central.central, OPEN).await.unwrap();
    let person = applicant(&central).await;
    joined(&person, OPEN).await;
    // As `prakerja-central selection publish --data FOLDER` opens it.
    let clock = Clock::fake(NOW + 30 * 24 * 3_600_000);
    let bare = Config { data: central.folder.path().to_owned(), ..Config::default() };
    let beside = Central::beside(bare, clock.clone()).await.unwrap();
    let due_at_ms = clock.now_ms() + 2 * 3_600_000;
    let beacon = prakerja_selection::Beacon { description: "the index on 2026-12-24".to_owned(), due_at_ms };
    selection::commit(&beside, OPEN, beacon).await.unwrap();
    clock.advance_ms(2 * 3_600_000);
    selection::publish(&beside, OPEN, VALUE, None, Due::Waited).await.unwrap();
    let waiting: i64 =
        sqlx::query_scalar("select count(*) from message_outbox").fetch_one(beside.db.read()).await.unwrap();
    assert_eq!(waiting, 2, "a mail and a text to the phone");
    beside.close_beside().await;
    central.stop().await;
}
