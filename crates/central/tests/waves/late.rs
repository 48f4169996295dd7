//! Requests that arrive after a wave has closed: the wave's rule and the device's evidence.

use prakerja_central::waves::selection::{self, SelectionError};
use prakerja_domain::wave::Counted;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::{ClockEvidence, CommandEnvelope, CommandStatus};
use serde_json::json;

use crate::applicant::*;
use crate::draw::beacon;
use crate::started::*;

const HOUR: i64 = 3_600_000;

fn with(evidence: Option<(i64, i64)>, rtt_ms: Option<i64>) -> CommandEnvelope {
    let clock = ClockEvidence {
        queued_wall_ms: 7,
        anchor_server_ms: evidence.map(|(anchor, _)| anchor),
        since_anchor_ms: evidence.map(|(_, since)| since),
        anchor_rtt_ms: rtt_ms,
    };
    CommandEnvelope { clock, ..join(OPEN) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_counts_by_the_rule_of_the_wave() {
    let central = Started::sqlite().await;
    let (closes_at, grace): (i64, i64) = sqlx::query_as("select closes_at, grace_ms from wave where number = $1")
        .bind(i64::from(OPEN))
        .fetch_one(central.central.db.read())
        .await
        .unwrap();
    assert_eq!(grace, 48 * HOUR);
    let made = |at: i64| Some((at - HOUR, HOUR));
    let cases = [
        ("in the last moment", closes_at, None, Ok(Counted::InTime)),
        ("late without evidence", closes_at + HOUR, None, Err(false)),
        ("late, made in time", closes_at + HOUR, made(closes_at - HOUR), Ok(Counted::ByEvidence)),
        ("late, made in time by less than the anchor is worth", closes_at + HOUR, made(closes_at - 1_500), Err(true)),
        ("late, made late", closes_at + 2 * HOUR, made(closes_at + HOUR), Err(true)),
        ("an anchor after its request", closes_at + HOUR, Some((closes_at, -HOUR)), Err(true)),
        ("from the future", closes_at + HOUR, Some((closes_at + 9 * HOUR, 1)), Err(true)),
        ("at the end of the grace", closes_at + grace, made(closes_at - HOUR), Ok(Counted::ByEvidence)),
        ("after the grace", closes_at + grace + 1, made(closes_at - HOUR), Err(true)),
    ];
    for (name, at, evidence, expected) in cases {
        // Half of it counts against the person: 2 s.
        let rtt = evidence.map(|_| 4_000);
        let person = applicant(&central).await;
        central.central.clock.advance_ms(at - central.central.clock.now_ms());
        let result = person.push(&with(evidence, rtt)).await;
        match expected {
            Ok(counted) => {
                assert_eq!(result.status, CommandStatus::Applied, "{name}: {result:?}");
                assert_eq!(application(&person).await.counted, counted, "{name}");
                let kept: Option<Vec<u8>> = sqlx::query_scalar("select evidence from application where person_id = $1")
                    .bind(prakerja_central::db::Id(person.id))
                    .fetch_one(central.central.db.read())
                    .await
                    .unwrap();
                assert_eq!(kept.is_some(), counted == Counted::ByEvidence, "{name}: kept for audit");
            }
            Err(shown) => {
                assert_eq!(code(&result), ProblemCode::WaveClosed, "{name}");
                let details = result.problem.unwrap().details;
                let expected = [json!(closes_at), json!(grace), json!(shown)];
                assert_eq!(["closed_at", "grace_ms", "evidence"].map(|name| details[name].clone()), expected, "{name}");
            }
        }
    }
    central.stop().await;
}

/// Whoever writes first wins the database: a commit must not win against a join that central has received in time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_closed_when_nothing_received_in_time_can_be_under_way() {
    let central = Started::sqlite().await;
    let (closes_at, grace): (i64, i64) = sqlx::query_as("select closes_at, grace_ms from wave where number = $1")
        .bind(i64::from(OPEN))
        .fetch_one(central.central.db.read())
        .await
        .unwrap();
    joined(&applicant(&central).await, OPEN).await;
    let clock = &central.central.clock;
    let under_way = i64::try_from(central.central.config.limits.request_timeout_s).unwrap() * 1_000;
    for at in [closes_at, closes_at + grace + 1, closes_at + grace + under_way] {
        clock.advance_ms(at - clock.now_ms());
        let refused = selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap_err();
        let expected = closes_at + grace + under_way;
        assert!(matches!(refused, SelectionError::StillOpen { until, .. } if until == expected), "{refused}");
    }
    clock.advance_ms(1);
    assert_eq!(selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap().entries, 1);
    central.stop().await;
}
