//! Answers as they stand on the wire.

use insta::assert_json_snapshot;
use prakerja_central::clock::Clock;
use prakerja_protocol::account::{CodeChannel, Language};
use prakerja_testkit::central::Central;
use serde_json::json;
use uuid::Uuid;

use crate::client::{Client, PASSWORD};

const NOW: i64 = 1_795_421_460_000;

macro_rules! assert_wire {
    ($name:literal, $json:expr) => {
        assert_json_snapshot!($name, $json, {
            ".request_id" => "[id]", ".sign_up" => "[id]", ".attempt" => "[id]", ".response" => "[opaque]",
            ".person" => "[id]", ".session" => "[id]", ".epoch" => "[id]", ".receipt_key" => "[key]",
            ".access_token" => "[token]", ".refresh_token" => "[token]", ".sessions[].session" => "[id]",
        })
    };
}

#[tokio::test]
async fn answers_keep_their_shape() {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let client = Client::new(&central);
    assert_wire!("probe", client.get("/v1/health/probe?n=abc", None).await.json);
    assert_wire!("not_found", client.get("/v1/nothing", None).await.json);
    assert_wire!("token_expired", client.get("/v1/sessions", None).await.json);

    let email = "sari@contoh.id";
    let body = client.prepare(email, PASSWORD).await;
    assert_wire!("code_sent", client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.json);
    let code = central.code_for(email).await.unwrap();
    let other = if code == "000000" { "000001" } else { "000000" };
    assert_wire!("wrong_code", client.send_code(body.sign_up, Uuid::new_v4(), other).await.json);
    let resend = format!("/v1/accounts/{}/resend", body.sign_up);
    assert_wire!("rate_limited", client.post(&resend, None, &json!({})).await.json);
    let session = client.send_code(body.sign_up, Uuid::new_v4(), &code).await;
    assert_wire!("session", session.json);
    let session = session.session();
    assert_eq!(session.access_token.len(), 43, "256 bits, base64url");
    assert_eq!(session.refresh_token.len(), 75, "session, generation, 256 bits");
    assert_wire!("sessions", client.get("/v1/sessions", Some(&session.access_token)).await.json);
    let (_, started) = client.start_sign_in(email, PASSWORD).await;
    assert_wire!("sign_in_started", started.json);
    let invalid = json!({"email": "sari", "request": ""});
    assert_wire!("validation", client.post("/v1/sessions/start", None, &invalid).await.json);
}

#[tokio::test]
async fn mails_keep_their_words() {
    let central = Central::start().await.unwrap();
    let client = Client::new(&central);
    for language in [Language::Id, Language::En] {
        let email = format!("sari.{language:?}@contoh.id").to_lowercase();
        // The second time the address has an account.
        for has_account in [false, true] {
            let mut body = client.prepare(&email, PASSWORD).await;
            body.language = language;
            client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
            let mail = central.wait_for_mails(&email, 1 + usize::from(has_account)).await.unwrap().remove(0);
            let mut words = format!("{}\n\n{}", mail.subject, mail.text);
            if let Some(code) = mail.code {
                words = words.replace(&code, "[code]");
                client.send_code(body.sign_up, Uuid::new_v4(), &code).await.session();
            }
            insta::assert_snapshot!(format!("mail_{language:?}_{has_account}").to_lowercase(), words);
        }
    }
}

#[tokio::test]
async fn mails_about_another_password_and_a_closed_account_keep_their_words() {
    let central = Central::start_with(Clock::System, |config| config.accounts.resend_after_s = 0).await.unwrap();
    let client = Client::new(&central);
    for language in [Language::Id, Language::En] {
        let email = format!("sari.{language:?}@contoh.id").to_lowercase();
        let snapshot = async |name: &str, count: usize| {
            let mail = central.wait_for_mails(&email, count).await.unwrap().remove(0);
            let words = format!("{}\n\n{}", mail.subject, mail.text);
            let words = mail.code.as_ref().map_or(words.clone(), |code| words.replace(code, "[code]"));
            insta::assert_snapshot!(format!("{name}_{language:?}").to_lowercase(), words);
            mail.code
        };
        let ask = async |by| {
            let mut body = client.prepare_reset(&email, PASSWORD, by).await;
            body.language = language;
            client.post("/v1/passwords", Some(Uuid::new_v4()), &body).await.expect(202);
            body.reset
        };
        ask(CodeChannel::Mail).await;
        assert_eq!(snapshot("password_no_account", 1).await, None);
        let mut body = client.prepare(&email, PASSWORD).await;
        body.language = language;
        client.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
        let code = central.code_for(&email).await.unwrap();
        client.send_code(body.sign_up, Uuid::new_v4(), &code).await.session();
        ask(CodeChannel::Sms).await;
        assert_eq!(snapshot("password_no_phone", 3).await, None);
        let reset = ask(CodeChannel::Mail).await;
        let code = snapshot("password_code", 4).await.unwrap();
        let session = client.send_code(reset, Uuid::new_v4(), &code).await.session();
        assert_eq!(snapshot("password_changed", 5).await, None);
        client.delete("/v1/accounts/current", &session.access_token).await.expect(204);
        assert_eq!(snapshot("account_closed", 6).await, None);
    }
}
