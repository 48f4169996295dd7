//! Codes for another password that go to a phone: only to the one that was verified and is still the person's, so many of them,
//! and nobody else learns that there is one.

use prakerja_central::db::Id;
use prakerja_central::registration::forced;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{Facts, PhoneCheck};
use prakerja_protocol::account::CodeChannel;
use serde_json::Value;
use uuid::Uuid;

use crate::applicant::*;
use crate::client::{Answer, Client};
use crate::started::*;

const OTHER: &str = "Kunci-Baru-27";
const RESEND_AFTER_MS: i64 = 30_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Somebody whose phone was verified.
async fn with_phone(central: &Started, serial: u32) -> Person {
    let person = with_profile(central, &nik(serial)).await;
    let facts = Facts { phone: Some(PhoneCheck::Verified), ..Facts::default() };
    forced::facts(&central.central, person.id, facts).await.unwrap();
    person
}

fn email(person: &Person) -> String {
    format!("{}@example.test", person.id)
}

/// Asks for a code to the phone once another may be asked for.
async fn ask(central: &Started, client: &Client, email: &str) -> (Uuid, Answer) {
    central.central.clock.advance_ms(RESEND_AFTER_MS);
    let body = client.prepare_reset(email, OTHER, CodeChannel::Sms).await;
    let asked = client.post("/v1/passwords", Some(Uuid::new_v4()), &body).await;
    (body.reset, asked.expect(202))
}

/// Subjects of so many mails to an address, newest first.
async fn mails(central: &Started, to: &str, count: usize) -> Vec<String> {
    for _ in 0..2_000 {
        let mails: Vec<Value> = read(central.get("/sandbox/mailbox.json").query(&[("to", to)])).await;
        if mails.len() >= count {
            return mails.iter().map(|mail| mail["subject"].as_str().unwrap().to_owned()).collect();
        }
        tokio::task::yield_now().await;
    }
    panic!("the mail never came");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_does_not_outlive_the_phone() {
    let central = Started::sqlite().await;
    let client = Client::at(&central.base);
    let (person, other) = (with_phone(&central, 1).await, with_phone(&central, 2).await);
    let (reset, _) = ask(&central, &client, &email(&person)).await;
    let code = code_number(&central, PHONE, 1).await;
    let (kept, _) = ask(&central, &client, &email(&other)).await;
    let kept_code = code_number(&central, PHONE, 2).await;
    let result = person.push(&patch(None, &[(ProfileField::Phone, Some("+6281299990000"))])).await;
    assert_eq!(case(&person).await.facts.phone, None, "{result:?}");
    client.send_code(reset, Uuid::new_v4(), &code).await.refused(422, "wrong-code");
    client.send_code(kept, Uuid::new_v4(), &kept_code).await.session();
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_gets_so_many_codes_over_all_accounts_then_the_mailbox_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.accounts.email_otp_max_resend = 20;
    config.accounts.email_otp_max_everywhere = 6;
    let central = Started::open(folder, config).await.unwrap();
    let client = Client::at(&central.base);
    let (person, other) = (with_phone(&central, 1).await, with_phone(&central, 2).await);
    for nth in 1..=3 {
        ask(&central, &client, &email(&person)).await;
        ask(&central, &client, &email(&other)).await;
        code_number(&central, PHONE, 2 * nth).await;
    }
    ask(&central, &client, &email(&person)).await;
    assert_eq!(mails(&central, &email(&person), 1).await, ["Kode tidak bisa dikirim lewat SMS"]);
    assert_eq!(codes(&central, PHONE).await.len(), 6);
    central.central.clock.advance_ms(2 * 60 * 60 * 1_000);
    ask(&central, &client, &email(&person)).await;
    code_number(&central, PHONE, 7).await;
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_was_verified_a_moment_ago_sets_no_password_and_the_mailbox_hears_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.accounts.reset_phone_age_s = DAY_MS.unsigned_abs() * 3 / 1_000;
    let central = Started::open(folder, config).await.unwrap();
    let client = Client::at(&central.base);
    let person = with_face(&central, &nik(1)).await;
    code_sent(&person).await;
    let code = code_number(&central, PHONE, 1).await;
    assert_eq!(confirm(&person, Uuid::new_v4(), &code).await.status(), 200);
    let verified = "Nomor HP untuk akun kamu sudah diverifikasi";
    assert_eq!(mails(&central, &email(&person), 1).await, [verified]);
    ask(&central, &client, &email(&person)).await;
    assert_eq!(mails(&central, &email(&person), 2).await, ["Kode tidak bisa dikirim lewat SMS", verified]);
    central.central.clock.advance_ms(3 * DAY_MS);
    ask(&central, &client, &email(&person)).await;
    code_number(&central, PHONE, 2).await;
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_on_another_network_uses_up_nobodys_messages() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.limits.trusted_hops = 1;
    let central = Started::open(folder, config).await.unwrap();
    let (mut owner, mut stranger) = (Client::at(&central.base), Client::at(&central.base));
    (owner.network, stranger.network) = (Some("203.0.113.1"), Some("203.0.113.2"));
    let person = with_phone(&central, 1).await;
    for _ in 0..6 {
        ask(&central, &stranger, &email(&person)).await;
    }
    central.central.clock.advance_ms(RESEND_AFTER_MS);
    let body = stranger.prepare_reset(&email(&person), OTHER, CodeChannel::Sms).await;
    stranger.post("/v1/passwords", Some(Uuid::new_v4()), &body).await.refused(429, "code-locked");
    let (reset, _) = ask(&central, &owner, &email(&person)).await;
    let code = code_number(&central, PHONE, 7).await;
    owner.send_code(reset, Uuid::new_v4(), &code).await.session();
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_learns_whether_a_phone_was_verified() {
    let central = Started::sqlite().await;
    let client = Client::at(&central.base);
    let verified = with_phone(&central, 1).await;
    let typed = with_profile(&central, &nik(2)).await;
    let unreadable = with_phone(&central, 3).await;
    let mut tx = central.central.db.begin().await.unwrap();
    let spoil = sqlx::query("update registration set content = x'00' where person_id = $1").bind(Id(unreadable.id));
    spoil.execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let mut seen = Vec::new();
    for email in [email(&verified), email(&typed), email(&unreadable), "tidak.ada@contoh.id".to_owned()] {
        let (reset, mut asked) = ask(&central, &client, &email).await;
        let mut wrong = client.send_code(reset, Uuid::new_v4(), "000000").await.refused(422, "wrong-code");
        for answer in [&mut asked, &mut wrong] {
            for id in ["sign_up", "request_id"] {
                answer.json.as_object_mut().unwrap().remove(id);
            }
        }
        seen.push((asked.json, wrong.json));
    }
    for other in &seen[1..] {
        assert_eq!(&seen[0], other);
    }
    code_number(&central, PHONE, 1).await;
    for email in [email(&typed), email(&unreadable)] {
        assert_eq!(mails(&central, &email, 1).await, ["Kode tidak bisa dikirim lewat SMS"]);
    }
    central.stop().await;
}
