//! Nobody searches the registry, or our accounts, through central.

use prakerja_central::config::Config;
use prakerja_domain::registration::RegistrationState as S;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus::{Applied, Retry};

use crate::applicant::*;
use crate::started::*;

const HOUR: i64 = 60 * 60 * 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_has_five_tries_whatever_numbers_are_tried() {
    let central = Started::sqlite().await;
    let person = central.person().await;
    for (nth, serial) in [19, 29, 39, 49, 59].into_iter().enumerate() {
        assert_eq!(person.push(&patch_of(&complete(&nik(serial)))).await.status, Applied);
        assert_eq!(person.push(&submit()).await.status, Applied, "{nth}");
        let case = until(&person, |case| case.state == S::NikMismatch).await;
        let status = case.identity.unwrap();
        assert_eq!(status.tries_left as usize, 4 - nth);
        assert_eq!(status.locked_until, (nth == 4).then_some(NOW + HOUR));
    }
    person.push(&patch_of(&complete(&nik(1)))).await;
    // Not now is no final no: the command comes again, and the very same one is carried out when the time is over.
    let sixth = submit();
    let waits = person.push(&sixth).await;
    assert_eq!((waits.status, code(&waits)), (Retry, ProblemCode::RateLimited));
    assert_eq!((waits.retry_after_ms, waits.receipt.as_ref()), (Some(HOUR as u64), None));
    assert_eq!(case(&person).await.identity.unwrap().locked_until, Some(NOW + HOUR));
    central.central.clock.advance_ms(HOUR - 1);
    assert_eq!(person.push(&sixth).await.retry_after_ms, Some(1));
    central.central.clock.advance_ms(1);
    assert_eq!(person.push(&sixth).await.status, Applied);
    until(&person, |case| case.state == S::ProfileCompleted).await;
    central.stop().await;
}

/// Three accounts may ask about a number.
async fn with_three_accounts() -> Started {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    let text = prakerja_domain::scheme::SCHEME_2023.replace("max_accounts = 20", "max_accounts = 3");
    std::fs::write(&file, text).unwrap();
    let config = Config { scheme_files: vec![file], ..config(folder.path()) };
    Started::open(folder, config).await.unwrap()
}

async fn mismatches(person: &Person) {
    assert_eq!(person.push(&submit()).await.status, Applied);
    until(person, |case| case.state == S::NikMismatch).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_account_locks_the_number_of_another() {
    let central = with_three_accounts().await;
    let stranger = with_profile(&central, &nik(9)).await;
    for _ in 0..5 {
        mismatches(&stranger).await;
    }
    assert_eq!(code(&stranger.push(&submit()).await), ProblemCode::RateLimited, "the stranger's own tries");
    let holder = with_profile(&central, &nik(9)).await;
    mismatches(&holder).await;
    mismatches(&with_profile(&central, &nik(9)).await).await;
    // Three accounts have asked, so a fourth one waits; the second, which was there before, goes on.
    assert_eq!(code(&with_profile(&central, &nik(9)).await.push(&submit()).await), ProblemCode::RateLimited);
    mismatches(&holder).await;
    let status = case(&holder).await.identity.unwrap();
    assert_eq!((status.tries_left, status.locked_until), (3, None));
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_many_accounts_may_ask_about_a_number() {
    let central = with_three_accounts().await;
    for _ in 0..3 {
        mismatches(&with_profile(&central, &nik(9)).await).await;
    }
    let fourth = with_profile(&central, &nik(9)).await;
    let asked = submit();
    for told in [1, 0] {
        let before = feed(&fourth).await.0.len();
        let waits = fourth.push(&asked).await;
        assert_eq!((waits.status, code(&waits)), (Retry, ProblemCode::RateLimited));
        assert_eq!(waits.retry_after_ms, Some(HOUR as u64));
        // The person sees the time although others used up the tries, and is told of it once.
        let noted = case(&fourth).await;
        assert_eq!((noted.state, noted.identity.clone().unwrap().tries_left), (S::NotStarted, 5));
        assert_eq!(noted.identity.unwrap().locked_until, Some(NOW + HOUR));
        let changes = feed(&fourth).await.0;
        let change = changes.iter().rfind(|change| change.kind == "registration").unwrap();
        assert_eq!(change.by, None, "it is no effect of the command, which is not carried out yet");
        assert_eq!(changes.len(), before + told);
    }
    // Another number is not locked.
    fourth.push(&patch_of(&complete(&nik(1)))).await;
    assert_eq!(case(&fourth).await.identity.unwrap().locked_until, None);
    // The wait cost that person nothing of the own tries: another number can be asked about at once.
    assert_eq!(fourth.push(&submit()).await.status, Applied);
    let matched = until(&fourth, |case| case.state == S::ProfileCompleted).await;
    assert_eq!(matched.identity.unwrap().tries_left, 4);
    // Whether a number has an account here is not said without end, either.
    for nth in 0..2 {
        let curious = with_profile(&central, &nik(1)).await;
        assert_eq!(code(&curious.push(&submit()).await), ProblemCode::NikTaken, "{nth}");
    }
    let curious = with_profile(&central, &nik(1)).await;
    assert_eq!(code(&curious.push(&submit()).await), ProblemCode::RateLimited);
    central.stop().await;
}
