//! Sign-up: code, repeats, locks, and silence about who has an account.

use prakerja_central::clock::Clock;
use prakerja_testkit::central::Central;
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::client::{Client, PASSWORD, count};

const EMAIL: &str = "sari@contoh.id";
const NOW: i64 = 1_795_421_460_000;
const MINUTE: i64 = 60_000;

async fn frozen() -> (Central, Client) {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let client = Client::new(&central);
    (central, client)
}

/// A code that is not the right one.
fn wrong(code: &str, nth: u32) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + nth) % 1_000_000)
}

#[tokio::test]
async fn the_right_code_makes_account_session_and_consents() {
    let (central, client) = frozen().await;
    let body = client.prepare(" Sari@Contoh.ID ", PASSWORD).await;
    let sent = client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202).json;
    assert_eq!(sent["sign_up"], json!(body.sign_up));
    assert_eq!(
        (&sent["expires_in_s"], &sent["resends_left"], &sent["resend_after_s"]),
        (&json!(600), &json!(5), &json!(30))
    );
    assert_eq!(count(&central, "select count(*) from person").await, 0, "no account before the code");
    let code = central.code_for(EMAIL).await.unwrap();
    let session = client.send_code(body.sign_up, Uuid::new_v4(), &code).await.session();
    assert_eq!(session.email, EMAIL);
    assert_eq!(session.access_expires_in_s, 900);
    assert_eq!(session.epoch, central.state().unwrap().epoch);
    assert_eq!(count(&central, "select count(*) from person where feed_seq = 0").await, 1);
    assert_eq!(count(&central, "select count(*) from consent").await, 2);
    client.get("/v1/sessions", Some(&session.access_token)).await.expect(200);
}

#[tokio::test]
async fn sent_twice_it_is_one_sign_up_one_mail_one_account_one_session() {
    let (central, client) = frozen().await;
    let body = client.prepare(EMAIL, PASSWORD).await;
    let key = Uuid::new_v4();
    let first = client.post("/v1/accounts", Some(key), &body).await.expect(202).json;
    let again = client.post("/v1/accounts", Some(key), &body).await.expect(202).json;
    let under_other_key = client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202).json;
    for other in [again, under_other_key] {
        assert_eq!((&first["expires_in_s"], &first["resends_left"]), (&other["expires_in_s"], &other["resends_left"]));
    }
    let code = central.code_for(EMAIL).await.unwrap();
    let rows = "select (select count(*) from message_outbox) * 100 + (select count(*) from sandbox_message)";
    crate::client::until("no other mail waits", async || count(&central, rows).await < 100).await;
    assert_eq!(central.mails(EMAIL).await.unwrap().len(), 1);

    let key = Uuid::new_v4();
    let first = client.send_code(body.sign_up, key, &code).await.session();
    let again = client.send_code(body.sign_up, key, &code).await.session();
    assert_eq!(
        (first.session, &first.access_token, &first.refresh_token),
        (again.session, &again.access_token, &again.refresh_token)
    );
    client.send_code(body.sign_up, Uuid::new_v4(), &code).await.refused(410, "code-expired");
    client.send_code(body.sign_up, key, &wrong(&code, 1)).await.refused(410, "code-expired");
    let stranger = Client::new(&central);
    stranger.send_code(body.sign_up, key, &code).await.refused(410, "code-expired");
    assert_eq!(count(&central, "select count(*) from person").await, 1);
    assert_eq!(count(&central, "select count(*) from session").await, 1);

    // Once somebody went on from the answer, it is not given again.
    client.refresh(&first.refresh_token).await.expect(200);
    client.send_code(body.sign_up, key, &code).await.refused(410, "code-expired");
}

#[tokio::test]
async fn the_same_code_sent_by_many_at_once_makes_one_account() {
    let central = Central::start().await.unwrap();
    let client = Client::new(&central);
    let body = client.prepare(EMAIL, PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
    let (code, key) = (central.code_for(EMAIL).await.unwrap(), Uuid::new_v4());
    let answers = futures::future::join_all((0..8).map(|_| client.send_code(body.sign_up, key, &code))).await;
    let sessions: Vec<Uuid> = answers.into_iter().map(|answer| answer.session().session).collect();
    assert!(sessions.iter().all(|session| *session == sessions[0]));
    assert_eq!(count(&central, "select count(*) from person").await, 1);
    assert_eq!(count(&central, "select count(*) from session").await, 1);
}

#[tokio::test]
async fn a_sign_up_that_waited_while_the_parameters_changed_makes_an_account_that_works() {
    let (mut central, client) = frozen().await;
    let body = client.prepare(EMAIL, PASSWORD).await;
    central.configure(|config| config.stretch.passes += 1);
    central.restart().await.unwrap();
    client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
    let code = central.code_for(EMAIL).await.unwrap();
    client.send_code(body.sign_up, Uuid::new_v4(), &code).await.session();
    client.sign_in(EMAIL).await;

    let mut invented = client.prepare("budi@contoh.id", PASSWORD).await;
    invented.stretch.passes += 1;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &invented).await.refused(400, "malformed");
    // The parameters belong to the content.
    let mut other = body.clone();
    other.stretch.passes += 1;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &other).await.refused(422, "idempotency-key-reused");
}

#[tokio::test]
async fn a_stranger_does_not_see_that_the_owner_confirmed() {
    let (central, stranger) = frozen().await;
    let owner = Client::new(&central);
    let mut seen = Vec::new();
    for email in [EMAIL, "baru@contoh.id"] {
        let mut numbers = Vec::new();
        let first = stranger.prepare(email, "Rahasia2027").await;
        for body in [&first, &stranger.prepare(email, "Rahasia2027").await] {
            let sent = stranger.post("/v1/accounts", Some(Uuid::new_v4()), body).await.expect(202).json;
            numbers.push(sent["resends_left"].clone());
        }
        let own = owner.prepare(email, PASSWORD).await;
        owner.post("/v1/accounts", Some(Uuid::new_v4()), &own).await.expect(202);
        if email == EMAIL {
            central.wait_for_mails(email, 3).await.unwrap();
            let code = central.code_for(email).await.unwrap();
            owner.send_code(own.sign_up, Uuid::new_v4(), &code).await.session();
        }
        let again = stranger.post("/v1/accounts", Some(Uuid::new_v4()), &first).await.expect(202).json;
        numbers.push(again["resends_left"].clone());
        seen.push(numbers);
    }
    assert_eq!(seen, [[5, 4, 3], [5, 4, 3]]);
}

#[tokio::test]
async fn a_key_with_other_content_is_refused() {
    let (_central, client) = frozen().await;
    let body = client.prepare(EMAIL, PASSWORD).await;
    let key = Uuid::new_v4();
    client.post("/v1/accounts", Some(key), &body).await.expect(202);
    let mut other_upload = client.prepare(EMAIL, "Rahasia2027").await;
    other_upload.sign_up = body.sign_up;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &other_upload).await.refused(422, "idempotency-key-reused");
    let other_sign_up = client.prepare("budi@contoh.id", PASSWORD).await;
    client.post("/v1/accounts", Some(key), &other_sign_up).await.refused(422, "idempotency-key-reused");
}

#[tokio::test]
async fn five_wrong_codes_lock_and_another_code_opens() {
    let (central, client) = frozen().await;
    let body = client.prepare(EMAIL, PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
    let code = central.code_for(EMAIL).await.unwrap();
    for nth in 1..=5 {
        let answer =
            client.send_code(body.sign_up, Uuid::new_v4(), &wrong(&code, nth)).await.refused(422, "wrong-code");
        assert_eq!(answer.json["details"]["attempts_left"], json!(5 - nth));
        // The same request again is no other guess.
        let again = client.send_code(body.sign_up, Uuid::new_v4(), &wrong(&code, nth)).await;
        if nth < 5 {
            assert_eq!(again.refused(422, "wrong-code").json["details"]["attempts_left"], json!(5 - nth));
        } else {
            again.refused(429, "code-locked");
        }
    }
    let locked = client.send_code(body.sign_up, Uuid::new_v4(), &code).await.refused(429, "code-locked");
    assert_eq!(locked.json["details"]["attempts_left"], json!(0));
    assert_eq!(locked.json["retry_after_ms"], json!(30_000));
    central.clock().advance_ms(30_000);
    client.post(&format!("/v1/accounts/{}/resend", body.sign_up), None, &json!({})).await.expect(202);
    let next = central.code_for(EMAIL).await.unwrap();
    if next != code {
        client.send_code(body.sign_up, Uuid::new_v4(), &code).await.refused(422, "wrong-code");
    }
    client.send_code(body.sign_up, Uuid::new_v4(), &next).await.session();
}

#[tokio::test]
async fn a_code_is_over_after_ten_minutes() {
    let (central, client) = frozen().await;
    let body = client.prepare(EMAIL, PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
    let code = central.code_for(EMAIL).await.unwrap();
    central.clock().advance_ms(10 * MINUTE);
    client.send_code(body.sign_up, Uuid::new_v4(), &code).await.refused(410, "code-expired");
}

#[tokio::test]
async fn five_resends_then_two_hours_of_lock_also_for_a_new_sign_up() {
    let (central, client) = frozen().await;
    let body = client.prepare(EMAIL, PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
    let resend = format!("/v1/accounts/{}/resend", body.sign_up);
    let early = client.post(&resend, None, &json!({})).await.refused(429, "rate-limited");
    assert_eq!(early.headers["retry-after"], "30");
    for left in (0..5).rev() {
        central.clock().advance_ms(30_000);
        let sent = client.post(&resend, None, &json!({})).await.expect(202).json;
        assert_eq!(sent["resends_left"], json!(left));
        assert_eq!(sent["resend_after_s"], json!(if left == 0 { 7_200 } else { 30 }), "after the last one the lock");
    }
    central.clock().advance_ms(30_000);
    let locked = client.post(&resend, None, &json!({})).await.refused(429, "code-locked");
    assert_eq!(locked.json["retry_after_ms"], json!(120 * MINUTE - 30_000), "asking in vain prolongs nothing");
    assert_eq!(locked.headers["retry-after"], "7170");
    let other = client.prepare(EMAIL, PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &other).await.refused(429, "code-locked");
    assert_eq!(central.wait_for_mails(EMAIL, 6).await.unwrap().len(), 6);

    central.clock().advance_ms(120 * MINUTE);
    let sent = client.post(&resend, None, &json!({})).await.expect(202).json;
    assert_eq!(sent["resends_left"], json!(5));
    central.wait_for_mails(EMAIL, 7).await.unwrap();
    let code = central.code_for(EMAIL).await.unwrap();
    client.send_code(body.sign_up, Uuid::new_v4(), &code).await.session();
}

#[tokio::test]
async fn nobody_learns_whether_an_address_has_an_account() {
    let (central, client) = frozen().await;
    client.sign_up(&central, EMAIL).await;
    // Long ago: that somebody asked for a code lately is no secret, and no account.
    central.clock().advance_ms(120 * MINUTE);
    let mut seen = Vec::new();
    for email in [EMAIL, "baru@contoh.id"] {
        let body = client.prepare(email, "Rahasia2027").await;
        let sent = client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await;
        let wrong = client.send_code(body.sign_up, Uuid::new_v4(), "000000").await;
        central.clock().advance_ms(30_000);
        let resent = client.post(&format!("/v1/accounts/{}/resend", body.sign_up), None, &json!({})).await;
        let (_, sign_in) = client.start_sign_in(email, "Rahasia2027").await;
        seen.push([shape(&sent), shape(&wrong), shape(&resent), shape(&sign_in)]);
    }
    assert_eq!(seen[0], seen[1]);
    // The mail tells the owner.
    let mails = central.wait_for_mails(EMAIL, 3).await.unwrap();
    assert_eq!(mails[0].code, None);
    assert_eq!(mails[0].subject, "Kamu sudah memiliki akun");
    assert!(central.code_for("baru@contoh.id").await.is_ok());
    assert_eq!(count(&central, "select count(*) from person").await, 1);
}

/// Status, header names and the body with ids and random texts replaced by their lengths.
fn shape(answer: &crate::client::Answer) -> String {
    let mut names: Vec<String> = answer.headers.iter().map(|(name, value)| format!("{name}:{}", value.len())).collect();
    names.sort();
    let mut json = answer.json.clone();
    for random in ["sign_up", "attempt", "response", "request_id"] {
        if let Some(text) = json[random].as_str() {
            json[random] = json!(text.len());
        }
    }
    format!("{} {} {json}", answer.status, names.join(" "))
}

#[tokio::test]
async fn the_slower_of_two_sign_ups_of_one_address_is_sent_to_sign_in() {
    let (central, client) = frozen().await;
    let first = client.prepare(EMAIL, PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &first).await.expect(202);
    let first_code = central.code_for(EMAIL).await.unwrap();
    let second = client.prepare(EMAIL, PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &second).await.expect(202);
    let second_code = central.code_for(EMAIL).await.unwrap();
    client.send_code(first.sign_up, Uuid::new_v4(), &first_code).await.session();
    client.send_code(second.sign_up, Uuid::new_v4(), &second_code).await.refused(410, "code-expired");
    assert_eq!(central.wait_for_mails(EMAIL, 3).await.unwrap()[0].subject, "Kamu sudah memiliki akun");
    assert_eq!(count(&central, "select count(*) from person").await, 1);
}

#[tokio::test]
async fn a_sign_up_outlives_a_killed_central() {
    let mut central = Central::start().await.unwrap();
    let client = Client::new(&central);
    let body = client.prepare(EMAIL, PASSWORD).await;
    client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
    let code = central.code_for(EMAIL).await.unwrap();
    central.kill().await.unwrap();
    central.restart().await.unwrap();
    let session = client.send_code(body.sign_up, Uuid::new_v4(), &code).await.session();
    central.restart().await.unwrap();
    client.get("/v1/sessions", Some(&session.access_token)).await.expect(200);
}

#[tokio::test]
async fn what_is_no_sign_up_is_refused() {
    let (_central, client) = frozen().await;
    let good = serde_json::to_value(client.prepare(EMAIL, PASSWORD).await).unwrap();
    let with = |name: &str, value: serde_json::Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let terms = json!([{"id": "terms", "version": "1", "accepted_at": 1}]);
    let cases = [
        (with("email", json!("sari")), 422, "validation"),
        (with("email", json!("<b>@contoh.id")), 422, "validation"),
        (with("email", json!("sari@contoh.id'; drop table person;--")), 422, "validation"),
        (with("email", json!("s".repeat(300) + "@contoh.id")), 422, "validation"),
        (with("consents", terms), 422, "validation"),
        (with("upload", json!("AAAA")), 400, "malformed"),
        (with("upload", json!("%%%")), 400, "malformed"),
        (with("language", json!("fr")), 400, "malformed"),
        (with("sign_up", json!("no id")), 400, "malformed"),
        (json!([]), 400, "malformed"),
    ];
    for (body, status, code) in cases {
        client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.refused(status, code);
    }
    client.post("/v1/accounts", None, &good).await.refused(400, "idempotency-key-missing");
    let unquoted =
        client.request(Method::POST, "/v1/accounts").json(&good).header("idempotency-key", Uuid::new_v4().to_string());
    client.send(unquoted).await.refused(400, "idempotency-key-missing");
    let fields = client.post("/v1/accounts", Some(Uuid::new_v4()), &with("consents", json!([]))).await.json;
    assert_eq!(fields["fields"][0]["field"], "accept_terms");
    assert_eq!(fields["fields"][1]["field"], "accept_privacy");
    for (code, expected) in [("12345", "wrong_length"), ("12345a", "not_digits"), ("", "required")] {
        let answer = client.send_code(Uuid::now_v7(), Uuid::new_v4(), code).await.refused(422, "validation");
        assert_eq!(answer.json["fields"][0]["code"], expected);
    }
    client.send_code(Uuid::now_v7(), Uuid::new_v4(), "123456").await.refused(404, "not-found");
    client.post("/v1/accounts/nonsense/resend", None, &json!({})).await.refused(400, "malformed");
    client.post(&format!("/v1/accounts/{}/resend", Uuid::now_v7()), None, &json!({})).await.refused(404, "not-found");
}
