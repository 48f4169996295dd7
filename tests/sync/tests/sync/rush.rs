//! The last seat.

use futures::future::join_all;
use prakerja_central::catalogue::{self, CatalogueFile, schedule_id, training_id};
use prakerja_protocol::problem::ProblemCode;
use prakerja_testkit::central::Central;
use serde_json::json;

use crate::person::Person;

const PEOPLE: usize = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_last_seat_asked_for_by_fifty_people_at_once_goes_to_one() {
    let central = Central::start().await.unwrap();
    let file = json!({"trainings": [{
        "slug": "las-batam", "title": "Las listrik", "summary": "Dasar las listrik untuk pemula di Batam.", "method": "in_person",
        "field": "Teknik", "institution": "BLK Batam", "platform": "SIAPkerja", "free": true, "price_idr": 0,
        "hours": 40, "schedules": [{
            "key": "a", "starts_on": "2099-01-05", "ends_on": "2099-01-09", "time": "08.00–15.00 WIB",
            "province": "21", "city": "Kota Batam", "address": "Jl. Contoh 1",
            "closes_at": "2099-01-01T00:00:00Z", "capacity": 1 }]}]});
    let file = CatalogueFile::read(&file.to_string()).unwrap();
    catalogue::apply(&central.state().unwrap().db, &file).await.unwrap();
    let (training, schedule) = (training_id("las-batam"), schedule_id("las-batam", "a"));

    let base = central.base_url();
    let mut people = Vec::new();
    for group in (0..PEOPLE).collect::<Vec<_>>().chunks(5) {
        let arriving = group.iter().map(|number| {
            let (central, base) = (&central, &base);
            async move { Person::signed_up(central, &format!("orang{number}@example.org"), base).await }
        });
        people.extend(join_all(arriving).await);
    }
    let asked = people.iter().map(|person| async move {
        let command = person.enrol(training, Some(schedule)).await;
        (person.finished(command).await, person.row(command).await.last_problem)
    });
    let answers = join_all(asked).await;
    let winners = answers.iter().filter(|(word, _)| word == "applied").count();
    assert_eq!(winners, 1, "one gets it: {answers:?}");
    for (word, problem) in answers.iter().filter(|(word, _)| word != "applied") {
        let code = problem.as_ref().map(|problem| problem["code"].clone());
        assert_eq!(word, "rejected");
        assert_eq!(code, Some(serde_json::to_value(ProblemCode::SeatFull).unwrap()), "and the others a clear word");
    }
    for person in &people {
        person.caught_up().await;
    }
    let shown = join_all(
        people
            .iter()
            .map(|person| async { person.store.records(person.account().await, "enrolment").await.unwrap().len() }),
    );
    assert_eq!(shown.await.into_iter().sum::<usize>(), 1);
}
