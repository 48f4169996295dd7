//! Requests that arrive after a wave has closed: the wave's rule and the device's evidence.

use prakerja_central::middleware::Class;
use prakerja_central::waves::selection::{self, SelectionError};
use prakerja_domain::wave::Counted;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::{ClockEvidence, CommandEnvelope, CommandStatus};
use prakerja_protocol::{header, seen};
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

/// When the open wave closes, and how long requests may be late.
async fn end(central: &Started) -> (i64, i64) {
    sqlx::query_as("select closes_at, grace_ms from wave where number = $1")
        .bind(i64::from(OPEN))
        .fetch_one(central.central.db.read())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_counts_by_the_rule_of_the_wave() {
    let central = Started::sqlite().await;
    let (closes_at, grace) = end(&central).await;
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
    let progress = selection::progress(&central.central, OPEN).await.unwrap();
    assert_eq!(progress.by_evidence, 2, "the office sees how many");
    central.stop().await;
}

/// What central says to a push while every place is taken: the token for the command, when it was asked for one.
async fn turned_away(central: &Started, person: &Person, command: &CommandEnvelope, asks: bool) -> Option<String> {
    let places: Vec<_> = std::iter::from_fn(|| central.central.admission.enter(Class::Push).ok()).collect();
    let mut request = person.post_to("/v1/sync/push").header(header::DEVICE, person.device.to_string());
    if asks {
        request = request.header(header::COMMAND_DIGESTS, seen::ask([command]).unwrap());
    }
    let answer = request.header("content-type", "application/json").body("{}").send().await.unwrap();
    drop(places);
    assert_eq!(answer.status(), 503);
    let token = answer.headers().get(header::SEEN).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(problem_of(answer).await.code, ProblemCode::Busy);
    token
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_central_had_no_room_for_counts_as_of_then() {
    let central = Started::sqlite().await;
    let clock = &central.central.clock;
    let (closes_at, grace) = end(&central).await;
    let (mine, other, late) = (applicant(&central).await, applicant(&central).await, applicant(&central).await);
    let at = closes_at - HOUR;
    clock.advance_ms(at - clock.now_ms());
    let command = join(OPEN);
    assert_eq!(turned_away(&central, &mine, &command, false).await, None, "who does not ask is told nothing");
    let token = turned_away(&central, &mine, &command, true).await.unwrap();
    let (foreign, edited) = (join(OPEN), join(OPEN));
    let strangers = turned_away(&central, &other, &foreign, true).await.unwrap();
    let unedited = turned_away(&central, &mine, &edited, true).await.unwrap();
    let last = join(OPEN);
    let kept = turned_away(&central, &late, &last, true).await.unwrap();

    clock.advance_ms(closes_at + HOUR - clock.now_ms());
    let too_late = join(OPEN);
    let after = turned_away(&central, &other, &too_late, true).await.unwrap();
    let with = |command: &CommandEnvelope, token: &str| CommandEnvelope { seen: Some(token.into()), ..command.clone() };
    // A refusal is final for its command, so each of these is one of its own.
    let refused = [
        ("another device's", &mine, with(&foreign, &strangers)),
        ("for another command", &mine, with(&join(OPEN), &token)),
        ("for other content", &mine, CommandEnvelope { payload: join(OPEN).payload, ..with(&edited, &unedited) }),
        ("forged", &mine, with(&join(OPEN), &format!("{at}.AAAAAAAAAAAAAAAAAAAAAA"))),
        ("of after closing", &other, with(&too_late, &after)),
    ];
    for (name, person, command) in refused {
        assert_eq!(code(&person.push(&command).await), ProblemCode::WaveClosed, "{name}");
    }
    let result = mine.push(&with(&command, &token)).await;
    assert_eq!(result.status, CommandStatus::Applied, "{result:?}");
    assert_eq!(result.received_at, Some(closes_at + HOUR), "the receipt says when it was taken");
    let taken = application(&mine).await;
    assert_eq!((taken.counted, taken.received_at), (Counted::InTime, at));

    clock.advance_ms(closes_at + grace + 1 - clock.now_ms());
    assert_eq!(code(&late.push(&with(&last, &kept)).await), ProblemCode::WaveClosed, "the grace is over");
    central.stop().await;
}

/// Whoever writes first wins the database: a commit must not win against a join that central has received in time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_is_closed_when_nothing_received_in_time_can_be_under_way() {
    let central = Started::sqlite().await;
    let (closes_at, grace) = end(&central).await;
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
