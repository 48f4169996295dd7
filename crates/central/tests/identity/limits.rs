//! Nobody searches the registry, or our accounts, through central.

use prakerja_domain::registration::RegistrationState as S;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus::{Applied, Rejected};

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
    let refused = person.push(&submit()).await;
    assert_eq!((refused.status, code(&refused)), (Rejected, ProblemCode::RateLimited));
    let wait = refused.problem.unwrap().retry_after_ms.unwrap();
    assert_eq!(wait, HOUR as u64);
    central.central.clock.advance_ms(HOUR - 1);
    assert_eq!(code(&person.push(&submit()).await), ProblemCode::RateLimited);
    central.central.clock.advance_ms(1);
    assert_eq!(person.push(&submit()).await.status, Applied);
    until(&person, |case| case.state == S::ProfileCompleted).await;
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_has_five_tries_over_all_accounts() {
    let central = Started::sqlite().await;
    for nth in 0..5 {
        let stranger = with_profile(&central, &nik(9)).await;
        assert_eq!(stranger.push(&submit()).await.status, Applied, "{nth}");
        until(&stranger, |case| case.state == S::NikMismatch).await;
    }
    let sixth = with_profile(&central, &nik(9)).await;
    assert_eq!(code(&sixth.push(&submit()).await), ProblemCode::RateLimited);
    // The refusal cost that person nothing of the own tries: another number can be asked about at once.
    sixth.push(&patch_of(&complete(&nik(1)))).await;
    assert_eq!(sixth.push(&submit()).await.status, Applied);
    assert_eq!(case(&sixth).await.identity.unwrap().tries_left, 4);
    // Whether a number has an account here is not said without end, either.
    for nth in 0..4 {
        let curious = with_profile(&central, &nik(1)).await;
        assert_eq!(code(&curious.push(&submit()).await), ProblemCode::NikTaken, "{nth}");
    }
    let curious = with_profile(&central, &nik(1)).await;
    assert_eq!(code(&curious.push(&submit()).await), ProblemCode::RateLimited);
    central.stop().await;
}
