//! Duplicates leave the same state, however often they come and in batches of whatever size. (A device sends the commands
//! of a lane in order; late copies of earlier ones may come at any time.)

use prakerja_central::demo;
use prakerja_domain::profile::ProfileField::{FullName, KtpAddress, Phone};
use prakerja_protocol::sync::{CommandEnvelope, CommandStatus};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use crate::started::*;

/// A command set with everything in it: merges, a refusal, seats, a cancel, a void and a dependency.
fn commands() -> Vec<CommandEnvelope> {
    let seat = request(demo::FREE_ROOMY, Some(1));
    let webinar = request(demo::FREE_WEBINAR, Some(1));
    let voided = request(demo::FREE_SELF_PACED, None);
    let name = patch(None, &[(FullName, Some("Sari"))]);
    vec![
        name.clone(),
        seat.clone(),
        patch(None, &[(Phone, Some("0812 3456 7890")), (KtpAddress, Some("Batam"))]),
        request(demo::FREE_FULL, Some(1)),
        CommandEnvelope { depends_on: vec![name.id], ..webinar.clone() },
        void_of(&voided),
        voided,
        cancel_of(&seat),
        patch(None, &[(Phone, None)]),
        patch(None, &[(KtpAddress, Some("<b>"))]),
        cancel_of(&webinar),
        request(demo::FREE_ROOMY, Some(2)),
    ]
}

/// What a person has in the end, without ids and times.
async fn state(person: &Person) -> Vec<(String, i64, Value)> {
    let mut records: Vec<_> = person
        .snapshot(&[])
        .await
        .records
        .into_iter()
        .map(|record| (record.kind, record.rev, record.data.unwrap_or_default()))
        .collect();
    records.sort_by_key(|(kind, rev, data)| (kind.clone(), *rev, data.to_string()));
    records
}

pub(crate) async fn duplicates_leave_the_same_state(central: &Started) {
    let once = central.person().await;
    let expected: Vec<_> = once.push_all(&commands()).await.results.iter().map(|r| (r.status, r.rev, r.seq)).collect();
    use CommandStatus::{Applied, Rejected, Voided};
    let statuses: Vec<_> = expected.iter().map(|(status, ..)| *status).collect();
    assert_eq!(
        statuses,
        [Applied, Applied, Applied, Rejected, Applied, Applied, Voided, Applied, Applied, Rejected, Applied, Applied]
    );
    let (expected_state, expected_seq) = (state(&once).await, once.pull(None).await.changes.len());
    let seats = [run(demo::FREE_ROOMY, 1), run(demo::FREE_ROOMY, 2), run(demo::FREE_WEBINAR, 1)];

    // Between two new commands any of the earlier ones come again, in batches of any size.
    let echoes = proptest::collection::vec((0..64_usize, 0..64_usize, 1..6_usize), 0..24);
    let runtime = tokio::runtime::Handle::current();
    let mut runner = TestRunner::new(Config { cases: 16, failure_persistence: None, ..Config::default() });
    let outcome = tokio::task::block_in_place(|| {
        runner.run(&echoes, |echoes| {
            runtime.block_on(async {
                let person = central.person().await;
                let taken = taken(central, &seats).await;
                let set = commands();
                let mut line: Vec<usize> = (0..set.len()).collect();
                let mut sizes = vec![1];
                for (place, which, size) in &echoes {
                    let place = place % line.len() + 1;
                    line.insert(place, line[which % place]);
                    sizes.push(*size);
                }
                let mut seen = vec![None; set.len()];
                let (mut rest, mut turn) = (line.as_slice(), 0);
                while !rest.is_empty() {
                    let (batch, later) = rest.split_at(sizes[turn % sizes.len()].min(rest.len()));
                    let sent: Vec<_> = batch.iter().map(|index| set[*index].clone()).collect();
                    for (index, result) in batch.iter().zip(person.push_all(&sent).await.results) {
                        let got = (result.status, result.rev, result.seq);
                        prop_assert_eq!(*seen[*index].get_or_insert(got), got);
                    }
                    (rest, turn) = (later, turn + 1);
                }
                prop_assert_eq!(seen.into_iter().flatten().collect::<Vec<_>>(), expected.clone());
                prop_assert_eq!(state(&person).await, expected_state.clone());
                prop_assert_eq!(person.pull(None).await.changes.len(), expected_seq);
                let after: Vec<i64> = self::taken(central, &seats).await;
                prop_assert_eq!(after, vec![taken[0], taken[1] + 1, taken[2]]);
                // The next case finds a seat, too.
                let held = person.pull(None).await.changes.pop().unwrap().id;
                let cancel = prakerja_protocol::sync::EnrolmentCancel { enrolment: held };
                person.push(&command(&prakerja_protocol::sync::Command::EnrolmentCancel(cancel), "x")).await;
                Ok(())
            })
        })
    });
    outcome.unwrap();
}

async fn taken(central: &Started, seats: &[uuid::Uuid]) -> Vec<i64> {
    let mut counts = Vec::new();
    for seat in seats {
        counts.push(central.taken(*seat).await);
    }
    counts
}
