//! Closing an account around a draw: before the list is closed, while it is drawn from, after the result, after a void.

use prakerja_central::waves::selection::{self, Due};
use prakerja_protocol::problem::ProblemCode;
use reqwest::Method;

use crate::applicant::*;
use crate::draw::{VALUE, beacon, fetched, let_it_close, set_wave};
use crate::started::*;

/// Closes the account; the refusal when it stays. The session is of this moment: the clock has moved since the others.
async fn close(central: &Started, person: &Person) -> Option<ProblemCode> {
    let here = central.device_of(person.id).await;
    let answer = here.ask(Method::DELETE, "/v1/accounts/current").send().await.unwrap();
    if answer.status() == 204 { None } else { Some(problem_of(answer).await.code) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draw_that_has_begun_keeps_its_people_until_everybody_has_the_result() {
    let central = Started::sqlite().await;
    set_wave(&central, 1, "{}").await;
    let (gone, one, other) = (applicant(&central).await, applicant(&central).await, applicant(&central).await);
    for person in [&gone, &one, &other] {
        joined(person, OPEN).await;
    }
    assert_eq!(close(&central, &gone).await, None, "no list has the person yet");
    let_it_close(&central);
    let files = selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap();
    assert_eq!(files.entries, 2);
    for person in [&one, &other] {
        assert_eq!(close(&central, person).await, Some(ProblemCode::DrawUnderWay));
    }
    let outcome = selection::publish(&central.central, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    assert_eq!((outcome.entries, outcome.accepted), (2, 1));
    let list = fetched(&central, "list.bin.zst").await;
    for person in [&one, &other] {
        let taken = !memberships(person).await.is_empty();
        assert_eq!(close(&central, person).await, taken.then_some(ProblemCode::StillParticipant));
    }
    assert_eq!(fetched(&central, "list.bin.zst").await, list, "what is public stays");
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_void_the_next_list_has_nobody_who_left() {
    let central = Started::sqlite().await;
    let (leaves, stays) = (applicant(&central).await, applicant(&central).await);
    for person in [&leaves, &stays] {
        joined(person, OPEN).await;
    }
    let_it_close(&central);
    let first = selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap();
    assert_eq!(first.entries, 2);
    assert_eq!(close(&central, &leaves).await, Some(ProblemCode::DrawUnderWay));
    selection::void(&central.central, OPEN, "Nilai publiknya hilang.").await.unwrap();
    assert_eq!(close(&central, &leaves).await, None);
    central.central.clock.advance_ms(2_000);
    let second = selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap();
    assert_eq!(second.entries, 1);
    central.stop().await;
}
