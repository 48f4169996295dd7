//! Tokens: refresh, lost answers, copied tokens, ends.

use prakerja_central::clock::Clock;
use prakerja_protocol::account::Session;
use prakerja_testkit::central::Central;
use serde_json::json;
use uuid::Uuid;

use crate::client::{Client, count};

const EMAIL: &str = "sari@contoh.id";
const NOW: i64 = 1_795_421_460_000;
const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

async fn signed_in() -> (Central, Client, Session) {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let client = Client::new(&central);
    let session = client.sign_up(&central, EMAIL).await;
    (central, client, session)
}

#[tokio::test]
async fn an_access_token_lives_fifteen_minutes_and_refresh_gives_the_next() {
    let (central, client, first) = signed_in().await;
    client.get("/v1/sessions", Some(&first.access_token)).await.expect(200);
    central.clock().advance_ms(15 * MINUTE);
    client.get("/v1/sessions", Some(&first.access_token)).await.refused(401, "token-expired");
    let second = client.refresh(&first.refresh_token).await.session();
    assert_eq!(second.session, first.session);
    assert_ne!(second.access_token, first.access_token);
    assert_ne!(second.refresh_token, first.refresh_token);
    client.get("/v1/sessions", Some(&second.access_token)).await.expect(200);
    client.get("/v1/sessions", Some(&first.access_token)).await.refused(401, "token-expired");
}

#[tokio::test]
async fn a_lost_answer_of_refresh_is_given_again_for_ten_minutes_to_the_same_device() {
    let (central, client, first) = signed_in().await;
    let second = client.refresh(&first.refresh_token).await.session();
    central.clock().advance_ms(10 * MINUTE);
    let again = client.refresh(&first.refresh_token).await.session();
    assert_eq!((&again.access_token, &again.refresh_token), (&second.access_token, &second.refresh_token));
    assert_eq!(again.access_expires_in_s, 300);
    client.refresh(&second.refresh_token).await.session();
    assert_eq!(count(&central, "select count(*) from session where ended_at is not null").await, 0);
}

#[tokio::test]
async fn a_lost_answer_of_refresh_is_given_again_after_days_until_its_access_token_was_used() {
    let (central, client, first) = signed_in().await;
    client.get("/v1/sessions", Some(&first.access_token)).await.expect(200);
    let lost = client.refresh(&first.refresh_token).await.session();
    central.clock().advance_ms(3 * DAY);
    let again = client.refresh(&first.refresh_token).await.session();
    assert_eq!(again.refresh_token, lost.refresh_token);
    let next = client.refresh(&again.refresh_token).await.session();
    client.get("/v1/sessions", Some(&next.access_token)).await.expect(200);
    assert_eq!(count(&central, "select count(*) from session where ended_at is not null").await, 0);
}

#[tokio::test]
async fn after_a_restore_a_session_goes_on_with_tokens_that_the_backup_does_not_know() {
    let (mut central, client, first) = signed_in().await;
    let (file, backup) = (central.data_dir().join("central.db"), central.data_dir().join("backup.db"));
    central.stop().await.unwrap();
    std::fs::copy(&file, &backup).unwrap();
    central.restart().await.unwrap();
    let second = client.refresh(&first.refresh_token).await.session();
    let third = client.refresh(&second.refresh_token).await.session();
    central.stop().await.unwrap();
    std::fs::copy(&backup, &file).unwrap();
    prakerja_central::sync::accept_restore(central.data_dir(), central.clock().now_ms()).await.unwrap();
    central.restart().await.unwrap();
    client.get("/v1/sessions", Some(&third.access_token)).await.refused(401, "token-expired");
    // After a month nobody who should have come back needs it any more.
    central.clock().advance_ms(31 * 24 * 60 * MINUTE);
    client.refresh(&third.refresh_token).await.refused(401, "session-revoked");
    central.clock().advance_ms(-31 * 24 * 60 * MINUTE);
    let next = client.refresh(&third.refresh_token).await.session();
    assert_eq!(next.session, first.session);
    assert!(![&second, &third].map(|old| &old.access_token).contains(&&next.access_token));
    client.get("/v1/sessions", Some(&next.access_token)).await.expect(200);
    // The past is known again.
    client.refresh(&second.refresh_token).await.refused(401, "session-revoked");
}

#[tokio::test]
async fn many_refreshes_at_once_give_one_pair() {
    let (_central, client, first) = signed_in().await;
    let answers = futures::future::join_all((0..8).map(|_| client.refresh(&first.refresh_token))).await;
    let tokens: Vec<String> = answers.into_iter().map(|answer| answer.session().refresh_token).collect();
    assert!(tokens.iter().all(|token| *token == tokens[0]));
}

#[tokio::test]
async fn an_old_refresh_token_ends_the_session() {
    for (name, copied_on_other_device, later) in
        [("older than the one before", false, 0), ("too late", false, 10 * MINUTE + 1), ("other device", true, 0)]
    {
        let (central, client, first) = signed_in().await;
        let mut newest = client.refresh(&first.refresh_token).await.session();
        if name == "older than the one before" {
            newest = client.refresh(&newest.refresh_token).await.session();
        }
        // The newest pair has arrived.
        client.get("/v1/sessions", Some(&newest.access_token)).await.expect(200);
        central.clock().advance_ms(later);
        let thief = if copied_on_other_device { Client::new(&central) } else { client };
        thief.refresh(&first.refresh_token).await.refused(401, "session-revoked");
        thief.refresh(&newest.refresh_token).await.refused(401, "session-revoked");
        thief.get("/v1/sessions", Some(&newest.access_token)).await.refused(401, "session-revoked");
        let reused = "select count(*) from session where ended_because = 'reuse'";
        assert_eq!(count(&central, reused).await, 1, "{name}");
    }
}

#[tokio::test]
async fn unknown_tokens_are_refused() {
    let (_central, client, session) = signed_in().await;
    client.refresh("nonsense").await.refused(401, "session-revoked");
    client.refresh(&session.access_token).await.refused(401, "session-revoked");
    client.get("/v1/sessions", None).await.refused(401, "token-expired");
    client.get("/v1/sessions", Some("nonsense")).await.refused(401, "token-expired");
    client.get("/v1/sessions", Some(&session.refresh_token)).await.refused(401, "token-expired");
}

#[tokio::test]
async fn a_session_that_was_not_used_for_ninety_days_is_over() {
    let (central, client, session) = signed_in().await;
    central.clock().advance_ms(90 * DAY + 1);
    client.refresh(&session.refresh_token).await.refused(401, "session-revoked");
}

#[tokio::test]
async fn sessions_are_listed_newest_first_and_ended_one_by_one() {
    let (central, first, own) = signed_in().await;
    central.clock().advance_ms(1_000);
    let second = Client::new(&central);
    let other = second.sign_in(EMAIL).await;
    let stranger = Client::new(&central).sign_up(&central, "budi@contoh.id").await;

    let listed = second.get("/v1/sessions", Some(&other.access_token)).await.expect(200).json;
    let listed: Vec<(Uuid, bool)> = listed["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|info| {
            assert_eq!(info["device_name"], "Laptop Sari");
            (serde_json::from_value(info["session"].clone()).unwrap(), info["current"] == json!(true))
        })
        .collect();
    assert_eq!(listed, [(other.session, true), (own.session, false)]);

    let path = |id: Uuid| format!("/v1/sessions/{id}");
    second.delete(&path(stranger.session), &other.access_token).await.refused(404, "not-found");
    second.delete(&path(Uuid::now_v7()), &other.access_token).await.refused(404, "not-found");
    second.delete("/v1/sessions/nonsense", &other.access_token).await.refused(404, "not-found");
    for _ in 0..2 {
        second.delete(&path(own.session), &other.access_token).await.expect(204);
    }
    first.get("/v1/sessions", Some(&own.access_token)).await.refused(401, "session-revoked");
    first.refresh(&own.refresh_token).await.refused(401, "session-revoked");
    second.delete("/v1/sessions/current", &other.access_token).await.expect(204);
    second.get("/v1/sessions", Some(&other.access_token)).await.refused(401, "session-revoked");
    assert_eq!(count(&central, "select count(*) from session where ended_at is null").await, 1);
}

#[tokio::test]
async fn the_database_holds_no_token_code_or_password() {
    let (mut central, client, session) = signed_in().await;
    let code = client.prepare("budi@contoh.id", crate::client::PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &code).await.expect(202);
    central.stop().await.unwrap();
    let secrets = [session.access_token.as_str(), session.refresh_token.as_str(), crate::client::PASSWORD];
    for file in std::fs::read_dir(central.data_dir()).unwrap() {
        let path = file.unwrap().path();
        // Folders hold sealed photos.
        if path.is_dir() {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for secret in secrets {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{}", path.display());
        }
    }
}

#[tokio::test]
async fn what_nobody_can_ask_for_any_more_is_removed() {
    let (mut central, client, session) = signed_in().await;
    let pending = client.prepare("budi@contoh.id", crate::client::PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &pending).await.expect(202);
    client.start_sign_in(EMAIL, "Rahasia2027").await.1.expect(200);
    let rows = "select (select count(*) from sign_up) * 1000 + (select count(*) from sign_in_attempt) * 100
                + (select count(*) from password_guard) * 10 + (select count(*) from code_allowance)";
    // Of guard and allowance: each of the two addresses with its network and alone.
    assert_eq!(count(&central, rows).await, 2_144);
    central.clock().advance_ms(8 * DAY);
    // Old rows go at start and every hour.
    central.restart().await.unwrap();
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while count(&central, rows).await != 0 {
        assert!(tokio::time::Instant::now() < deadline, "old rows are still there");
        tokio::task::yield_now().await;
    }
    // The account and its session stay.
    client.refresh(&session.refresh_token).await.session();
}
