//! Sign-in: right, wrong, repeated, guessed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prakerja_central::accounts::operator::{Change, change};
use prakerja_central::clock::Clock;
use prakerja_testkit::central::Central;
use serde_json::json;
use uuid::Uuid;

use crate::client::{Client, PASSWORD, count};

const EMAIL: &str = "sari@contoh.id";
const NOW: i64 = 1_795_421_460_000;
const MINUTE: i64 = 60_000;

async fn with_account() -> (Central, Client) {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let client = Client::new(&central);
    client.sign_up(&central, EMAIL).await;
    // The sign-up was a try as well; its window is over.
    central.clock().advance_ms(15 * MINUTE);
    (central, client)
}

#[tokio::test]
async fn the_right_password_opens_a_session() {
    let (central, _) = with_account().await;
    let other = Client::new(&central);
    let session = other.sign_in(EMAIL).await;
    let listed = other.get("/v1/sessions", Some(&session.access_token)).await.expect(200).json;
    assert_eq!(listed["sessions"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_wrong_password_or_an_unknown_address_does_not() {
    let (central, client) = with_account().await;
    assert!(client.prepare_sign_in(EMAIL, "Rahasia2027").await.is_none(), "a wrong password opened the record");
    assert!(client.prepare_sign_in("siapa@contoh.id", PASSWORD).await.is_none(), "a fake record opened");
    // Whoever sends a second step all the same gets the same refusal for both.
    for email in [EMAIL, "siapa@contoh.id"] {
        let (_, started) = client.start_sign_in(email, "Rahasia2027").await;
        let attempt = &started.expect(200).json["attempt"];
        let body = json!({"attempt": attempt, "finalization": STANDARD.encode([7; 64]), "device_name": ""});
        let key = Uuid::new_v4();
        for _ in 0..2 {
            client.post("/v1/sessions", Some(key), &body).await.refused(401, "wrong-credentials");
        }
        client.post("/v1/sessions", Some(Uuid::new_v4()), &body).await.refused(404, "not-found");
    }
    assert_eq!(count(&central, "select count(*) from session").await, 1);
}

#[tokio::test]
async fn an_attempt_is_for_one_use_and_two_minutes_and_its_answer_can_be_repeated() {
    let (central, client) = with_account().await;
    let body = client.prepare_sign_in(EMAIL, PASSWORD).await.unwrap();
    let key = Uuid::new_v4();
    let first = client.post("/v1/sessions", Some(key), &body).await.session();
    let again = client.post("/v1/sessions", Some(key), &body).await.session();
    assert_eq!((first.session, first.access_token), (again.session, again.access_token));
    client.post("/v1/sessions", Some(Uuid::new_v4()), &body).await.refused(404, "not-found");
    Client::new(&central).post("/v1/sessions", Some(key), &body).await.refused(404, "not-found");
    assert_eq!(count(&central, "select count(*) from session").await, 2);

    let late = client.prepare_sign_in(EMAIL, PASSWORD).await.unwrap();
    central.clock().advance_ms(2 * MINUTE);
    client.post("/v1/sessions", Some(Uuid::new_v4()), &late).await.refused(404, "not-found");
    client.post("/v1/sessions", None, &late).await.refused(400, "idempotency-key-missing");
}

#[tokio::test]
async fn guesses_are_limited_per_address_with_and_without_account_alike() {
    let (central, client) = with_account().await;
    for email in [EMAIL, "siapa@contoh.id"] {
        for _ in 0..10 {
            client.start_sign_in(email, "Rahasia2027").await.1.expect(200);
        }
        let refused = client.start_sign_in(email, PASSWORD).await.1.refused(429, "rate-limited");
        assert_eq!(refused.json["retry_after_ms"], json!(15 * MINUTE));
    }
    central.clock().advance_ms(15 * MINUTE);
    client.sign_in(EMAIL).await;
    // A right password is no guess.
    for _ in 0..10 {
        client.start_sign_in(EMAIL, "Rahasia2027").await.1.expect(200);
    }
}

#[tokio::test]
async fn a_stranger_does_not_see_that_the_owner_signed_in() {
    let (_central, client) = with_account().await;
    for email in [EMAIL, "siapa@contoh.id"] {
        for _ in 0..9 {
            client.start_sign_in(email, "Rahasia2027").await.1.expect(200);
        }
        if email == EMAIL {
            client.sign_in(EMAIL).await;
        }
        client.start_sign_in(email, "Rahasia2027").await.1.expect(200);
        client.start_sign_in(email, "Rahasia2027").await.1.refused(429, "rate-limited");
    }
}

#[tokio::test]
async fn a_stranger_on_another_network_locks_nobody_out_and_many_networks_do_not_guess_without_end() {
    let central = Central::start_with(Clock::fake(NOW), |config| {
        config.limits.trusted_hops = 1;
        config.accounts.password_max_tries_everywhere = 15;
    })
    .await
    .unwrap();
    let mut stranger = Client::new(&central);
    let mut owner = Client::new(&central);
    (stranger.network, owner.network) = (Some("203.0.113.1"), Some("203.0.113.2"));
    owner.sign_up(&central, EMAIL).await;
    for _ in 0..10 {
        stranger.start_sign_in(EMAIL, "Rahasia2027").await.1.expect(200);
    }
    // What is refused does not count for others.
    for _ in 0..10 {
        stranger.start_sign_in(EMAIL, "Rahasia2027").await.1.refused(429, "rate-limited");
    }
    owner.sign_in(EMAIL).await;
    stranger.network = Some("203.0.113.3");
    // One was the owner's sign-up.
    for _ in 0..4 {
        stranger.start_sign_in(EMAIL, "Rahasia2027").await.1.expect(200);
    }
    stranger.start_sign_in(EMAIL, "Rahasia2027").await.1.refused(429, "rate-limited");
}

#[tokio::test]
async fn the_first_step_of_sign_up_is_no_oracle_for_guesses() {
    let (_central, client) = with_account().await;
    for _ in 0..10 {
        client.prepare(EMAIL, "Rahasia2027").await;
    }
    client.start_sign_in(EMAIL, PASSWORD).await.1.refused(429, "rate-limited");
}

#[tokio::test]
async fn a_locked_account_says_so_only_to_its_owner() {
    let (central, client) = with_account().await;
    let session = client.sign_in(EMAIL).await;
    change(central.data_dir(), EMAIL, Change::Lock).await.unwrap();
    client.get("/v1/sessions", Some(&session.access_token)).await.refused(403, "account-locked");
    client.refresh(&session.refresh_token).await.refused(403, "account-locked");
    assert!(client.prepare_sign_in(EMAIL, "Rahasia2027").await.is_none());
    let body = client.prepare_sign_in(EMAIL, PASSWORD).await.unwrap();
    client.post("/v1/sessions", Some(Uuid::new_v4()), &body).await.refused(403, "account-locked");
    change(central.data_dir(), EMAIL, Change::Unlock).await.unwrap();
    client.get("/v1/sessions", Some(&session.access_token)).await.expect(200);
    client.sign_in(EMAIL).await;
    assert!(change(central.data_dir(), "siapa@contoh.id", Change::Lock).await.is_err());
}

#[tokio::test]
async fn without_device_or_with_damaged_messages_it_is_malformed() {
    let (_central, client) = with_account().await;
    let body = client.prepare_sign_in(EMAIL, PASSWORD).await.unwrap();
    let nobody = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = nobody.post(client.request(reqwest::Method::POST, "/v1/sessions").build().unwrap().url().clone());
    let answer = request.header("idempotency-key", format!("\"{}\"", Uuid::new_v4())).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    let broken = json!({"attempt": body.attempt, "finalization": "AAAA", "device_name": ""});
    client.post("/v1/sessions", Some(Uuid::new_v4()), &broken).await.refused(400, "malformed");
    let start = json!({"email": EMAIL, "request": "AAAA"});
    client.post("/v1/sessions/start", None, &start).await.refused(400, "malformed");
    // A damaged second step does not use the attempt up.
    client.post("/v1/sessions", Some(Uuid::new_v4()), &body).await.session();
}
