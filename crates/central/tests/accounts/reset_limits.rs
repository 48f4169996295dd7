//! How often codes for another password are sent and guessed, whatever the requests, and that a stranger keeps nobody from one.

use prakerja_central::clock::Clock;
use prakerja_protocol::account::CodeChannel;
use prakerja_testkit::central::Central;
use serde_json::json;
use uuid::Uuid;

use crate::client::Client;
use crate::passwords::{EMAIL, NOBODY, NOW, OTHER, Owner, RESEND_AFTER_MS};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

#[tokio::test]
async fn another_code_waits_whatever_the_request() {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let owner = Owner::new(&central, EMAIL).await;
    for email in [EMAIL, NOBODY] {
        let first = owner.client.prepare_reset(email, OTHER, CodeChannel::Mail).await;
        owner.client.post("/v1/passwords", Some(Uuid::new_v4()), &first).await.expect(202);
        central.clock().advance_ms(RESEND_AFTER_MS / 3);
        for by in [CodeChannel::Mail, CodeChannel::Sms] {
            let other = owner.client.prepare_reset(email, OTHER, by).await;
            let early = owner.client.post("/v1/passwords", Some(Uuid::new_v4()), &other).await;
            let early = early.refused(429, "rate-limited").json;
            assert_eq!(early["retry_after_ms"], json!(RESEND_AFTER_MS / 3 * 2), "{email} {by:?}");
        }
        central.clock().advance_ms(RESEND_AFTER_MS);
        let other = owner.client.prepare_reset(email, OTHER, CodeChannel::Mail).await;
        owner.client.post("/v1/passwords", Some(Uuid::new_v4()), &other).await.expect(202);
        let resend = format!("/v1/accounts/{}/resend", first.reset);
        owner.client.post(&resend, None, &json!({})).await.refused(429, "rate-limited");
    }
}

#[tokio::test]
async fn a_day_has_so_many_wrong_codes_whatever_the_requests_with_and_without_account_alike() {
    let central = Central::start_with(Clock::fake(NOW), |config| {
        config.limits.trusted_hops = 1;
        config.accounts.reset_max_wrong_per_day_everywhere = 13;
    })
    .await
    .unwrap();
    Owner::new(&central, EMAIL).await;
    let mut stranger = Client::new(&central);
    let (none, most) = (Vec::new(), vec![4, 3, 2, 1, 0]);
    // From where, and how many tries of its code each wrong one leaves. Without any, no code is sent either.
    let expected = [("203.0.113.1", most.clone()), ("203.0.113.1", most), ("203.0.113.1", none.clone())]
        .into_iter()
        .chain([("203.0.113.2", vec![4, 3, 2]), ("203.0.113.2", none.clone()), ("203.0.113.3", none)]);
    let expected: Vec<(&str, Vec<i64>)> = expected.collect();
    for email in [EMAIL, NOBODY] {
        for (network, lefts) in &expected {
            stranger.network = Some(network);
            central.clock().advance_ms(RESEND_AFTER_MS);
            let body = stranger.prepare_reset(email, OTHER, CodeChannel::Mail).await;
            let asked = stranger.post("/v1/passwords", Some(Uuid::new_v4()), &body).await;
            if lefts.is_empty() {
                let locked = asked.refused(429, "code-locked").json;
                assert_eq!(locked["details"]["attempts_left"], json!(0), "for wrong ones, not for so many sent");
                let wait = locked["retry_after_ms"].as_i64().unwrap();
                assert!((DAY_MS - 3 * RESEND_AFTER_MS..=DAY_MS).contains(&wait), "{email} {network} {wait}");
                continue;
            }
            asked.expect(202);
            for (nth, left) in lefts.iter().enumerate() {
                // The same again is no other guess.
                for _ in 0..if nth + 1 < lefts.len() { 2 } else { 1 } {
                    let answer = stranger.send_code(body.reset, Uuid::new_v4(), &format!("{nth:06}")).await;
                    let details = answer.refused(422, "wrong-code").json["details"].clone();
                    assert_eq!(details["attempts_left"], json!(left), "{email} {network}");
                }
            }
            let last = stranger.send_code(body.reset, Uuid::new_v4(), "999999").await;
            assert_eq!(last.refused(429, "code-locked").json["details"]["attempts_left"], json!(0));
        }
    }
    central.clock().advance_ms(DAY_MS);
    let body = stranger.prepare_reset(EMAIL, OTHER, CodeChannel::Mail).await;
    stranger.post("/v1/passwords", Some(Uuid::new_v4()), &body).await.expect(202);
}

#[tokio::test]
async fn a_stranger_on_another_network_keeps_nobody_from_another_password() {
    let central = Central::start_with(Clock::fake(NOW), |config| {
        config.limits.trusted_hops = 1;
        // The owner has two, the stranger's networks six and one.
        config.accounts.email_otp_max_everywhere = 9;
    })
    .await
    .unwrap();
    let mut owner = Owner::new(&central, EMAIL).await;
    let mut stranger = Client::new(&central);
    stranger.network = Some("203.0.113.1");
    let ask = async |client: &Client| {
        central.clock().advance_ms(RESEND_AFTER_MS);
        let body = client.prepare_reset(EMAIL, OTHER, CodeChannel::Mail).await;
        (body.reset, client.post("/v1/passwords", Some(Uuid::new_v4()), &body).await)
    };
    for left in (0..6).rev() {
        let (reset, asked) = ask(&stranger).await;
        assert_eq!(asked.expect(202).json["resends_left"], json!(left));
        stranger.send_code(reset, Uuid::new_v4(), "000000").await.refused(422, "wrong-code");
    }
    for _ in 0..2 {
        ask(&stranger).await.1.refused(429, "code-locked");
    }
    central.wait_for_mails(EMAIL, 7).await.unwrap();
    central.code_for(EMAIL).await.unwrap();
    owner.ask().await.expect(202);
    owner.send(&owner.code).await.session();
    // Many networks do not send mails without end.
    stranger.network = Some("203.0.113.2");
    assert_eq!(ask(&stranger).await.1.expect(202).json["resends_left"], json!(0));
    stranger.network = Some("203.0.113.3");
    ask(&stranger).await.1.refused(429, "code-locked");
}
