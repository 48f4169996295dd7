//! Another password by a code: the state `password_reset_pending` of domain.md 3.1, repeats, and silence about who has an
//! account. The code to a phone is in `phones.rs`, how often one is asked for and guessed in
//! `reset_limits.rs`.

use prakerja_central::accounts::operator::{Change, change};
use prakerja_central::clock::Clock;
use prakerja_protocol::account::{CodeChannel, PasswordReset, Session};
use prakerja_testkit::central::Central;
use serde_json::json;
use uuid::Uuid;

use crate::client::{Answer, Client, PASSWORD, count};

pub(crate) const EMAIL: &str = "sari@contoh.id";
pub(crate) const NOBODY: &str = "tidak.ada@contoh.id";
pub(crate) const OTHER: &str = "Kunci-Baru-27";
pub(crate) const NOW: i64 = 1_795_421_460_000;
/// A code is not sent again before.
pub(crate) const RESEND_AFTER_MS: i64 = 30_000;
const LOCK_MS: i64 = 2 * 60 * 60 * 1_000;

/// Somebody with an account, on a computer that asks for another password.
pub(crate) struct Owner<'a> {
    central: &'a Central,
    pub(crate) client: Client,
    email: String,
    before: Session,
    reset: Option<PasswordReset>,
    pub(crate) code: String,
    wrong: u32,
}

impl<'a> Owner<'a> {
    pub(crate) async fn new(central: &'a Central, email: &str) -> Self {
        let client = Client::new(central);
        let before = client.sign_up(central, email).await;
        Self { central, client, email: email.to_owned(), before, reset: None, code: String::new(), wrong: 0 }
    }

    pub(crate) async fn ask(&mut self) -> Answer {
        let body = self.client.prepare_reset(&self.email, OTHER, CodeChannel::Mail).await;
        let answer = self.client.post("/v1/passwords", Some(Uuid::new_v4()), &body).await;
        if answer.status == 202 {
            self.code = self.central.code_for(&self.email).await.unwrap();
            self.reset = Some(body);
        }
        answer
    }

    pub(crate) async fn send(&self, code: &str) -> Answer {
        let id = self.reset.as_ref().map_or_else(Uuid::now_v7, |body| body.reset);
        self.client.send_code(id, Uuid::new_v4(), code).await
    }

    async fn opens(&self, password: &str) -> bool {
        self.client.prepare_sign_in(&self.email, password).await.is_some()
    }
}

#[tokio::test]
async fn the_right_code_sets_the_password_and_ends_what_was_open() {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let mut owner = Owner::new(&central, EMAIL).await;
    let half = owner.client.prepare_sign_in(EMAIL, PASSWORD).await.unwrap();
    owner.ask().await.expect(202);
    assert!(owner.opens(PASSWORD).await, "nothing changes before the code");
    owner.client.get("/v1/sessions", Some(&owner.before.access_token)).await.expect(200);

    let (stranger, key) = (Client::new(&central), Uuid::new_v4());
    let id = owner.reset.as_ref().unwrap().reset;
    let session = owner.client.send_code(id, key, &owner.code).await.session();
    assert_eq!((session.person, session.email.as_str()), (owner.before.person, EMAIL), "the same account");
    let kept = "select count(*) from sign_up where confirmed_at is not null and length(password_file) > 0";
    assert_eq!(count(&central, kept).await, 0, "the record has its place");
    let again = owner.client.send_code(id, key, &owner.code).await.session();
    assert_eq!(again.access_token, session.access_token, "a lost answer is given again");
    stranger.send_code(id, key, &owner.code).await.refused(410, "code-expired");
    owner.client.get("/v1/sessions", Some(&session.access_token)).await.expect(200);
    owner.client.get("/v1/sessions", Some(&owner.before.access_token)).await.refused(401, "session-revoked");
    owner.client.refresh(&owner.before.refresh_token).await.refused(401, "session-revoked");
    owner.client.post("/v1/sessions", Some(Uuid::new_v4()), &half).await.refused(404, "not-found");
    assert_eq!((owner.opens(PASSWORD).await, owner.opens(OTHER).await), (false, true));
    owner.client.sign_in_with(EMAIL, OTHER).await;

    let told = central.wait_for_mails(EMAIL, 3).await.unwrap().remove(0);
    assert_eq!((told.subject.as_str(), told.code), ("Kata sandi kamu sudah diganti", None));
    assert_eq!(count(&central, "select count(*) from person").await, 1);
    assert_eq!(count(&central, "select count(*) from consent").await, 2, "what was agreed to stays");
}

#[tokio::test]
async fn sent_twice_it_is_one_request_and_the_last_one_that_is_right_counts() {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let mut owner = Owner::new(&central, EMAIL).await;
    let body = owner.client.prepare_reset(EMAIL, OTHER, CodeChannel::Mail).await;
    let key = Uuid::new_v4();
    for key in [key, key, Uuid::new_v4()] {
        owner.client.post("/v1/passwords", Some(key), &body).await.expect(202);
    }
    assert_eq!(central.wait_for_mails(EMAIL, 2).await.unwrap().len(), 2, "the sign-up's and one");
    let code = central.code_for(EMAIL).await.unwrap();
    let by_sms = PasswordReset { by: CodeChannel::Sms, ..body.clone() };
    owner.client.post("/v1/passwords", Some(key), &by_sms).await.refused(422, "idempotency-key-reused");
    // As a sign-up under the same id.
    let mut sign_up = owner.client.prepare("budi@contoh.id", PASSWORD).await;
    sign_up.sign_up = body.reset;
    owner.client.post("/v1/accounts", Some(Uuid::new_v4()), &sign_up).await.refused(422, "idempotency-key-reused");

    central.clock().advance_ms(RESEND_AFTER_MS);
    owner.ask().await.expect(202);
    owner.send(&owner.code).await.session();
    owner.client.send_code(body.reset, Uuid::new_v4(), &code).await.refused(422, "wrong-code");
    assert!(owner.opens(OTHER).await);
}

#[tokio::test]
async fn a_stranger_does_not_see_that_the_owner_set_another_password() {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let mut owner = Owner::new(&central, EMAIL).await;
    let stranger = Client::new(&central);
    let mut seen = Vec::new();
    for email in [EMAIL, NOBODY] {
        if email == NOBODY {
            let body = stranger.prepare(email, PASSWORD).await;
            stranger.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
        }
        let body = stranger.prepare_reset(email, "Kunci-Asing-1", CodeChannel::Mail).await;
        stranger.post("/v1/passwords", Some(Uuid::new_v4()), &body).await.expect(202);
        central.clock().advance_ms(RESEND_AFTER_MS);
        if email == EMAIL {
            central.code_for(EMAIL).await.unwrap();
            owner.ask().await.expect(202);
            owner.send(&owner.code).await.session();
        } else {
            let own = stranger.prepare_reset(email, OTHER, CodeChannel::Mail).await;
            stranger.post("/v1/passwords", Some(Uuid::new_v4()), &own).await.expect(202);
        }
        let id = body.reset;
        let wrong = stranger.send_code(id, Uuid::new_v4(), "000000").await;
        central.clock().advance_ms(10 * RESEND_AFTER_MS * 2);
        let over = stranger.send_code(id, Uuid::new_v4(), "000000").await;
        let resent = stranger.post(&format!("/v1/accounts/{id}/resend"), None, &json!({})).await;
        let told = |answer: &Answer, name: &str| (answer.status, answer.code().to_owned(), answer.json[name].clone());
        seen.push([told(&wrong, "details"), told(&over, "details"), told(&resent, "resends_left")]);
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0].each_ref().map(|(status, ..)| *status), [422, 410, 202]);
    assert!(owner.opens(OTHER).await);
}

#[tokio::test]
async fn nobody_learns_whether_an_address_has_an_account_or_a_phone() {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    let owner = Owner::new(&central, EMAIL).await;
    let stranger = Client::new(&central);
    for by in [CodeChannel::Mail, CodeChannel::Sms] {
        let mut seen = Vec::new();
        for email in [EMAIL, NOBODY] {
            // The sign-up took one code of its address.
            if email != EMAIL && by == CodeChannel::Mail {
                let body = stranger.prepare(email, PASSWORD).await;
                stranger.post("/v1/accounts", Some(Uuid::new_v4()), &body).await.expect(202);
            }
            let body = stranger.prepare_reset(email, OTHER, by).await;
            let mut answer = stranger.post("/v1/passwords", Some(Uuid::new_v4()), &body).await.expect(202).json;
            let wrong = stranger.send_code(body.reset, Uuid::new_v4(), "000000").await;
            for id in ["sign_up", "request_id"] {
                answer.as_object_mut().unwrap().remove(id);
            }
            let mut wrong = wrong.refused(422, "wrong-code").json;
            wrong.as_object_mut().unwrap().remove("request_id");
            seen.push((answer, wrong));
        }
        central.clock().advance_ms(RESEND_AFTER_MS);
        assert_eq!(seen[0], seen[1], "{by:?}");
    }
    assert!(owner.opens(PASSWORD).await);
    assert_eq!(count(&central, "select count(*) from person").await, 1);
}

/// Where an account stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Account {
    Active,
    /// `password_reset_pending`.
    Resetting,
    /// The same, and the code was guessed too often.
    NoGuess,
    /// By the operator, while another password was asked for.
    Locked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Ask,
    RightCode,
    WrongCode,
    Resend,
    TimePasses,
    OldPassword,
    NewPassword,
}

use Account::{Active, Locked, NoGuess, Resetting};
use Event::{Ask, NewPassword, OldPassword, Resend, RightCode, TimePasses, WrongCode};

type Then = Result<Account, &'static str>;

const EVENTS: [Event; 7] = [Ask, RightCode, WrongCode, Resend, TimePasses, OldPassword, NewPassword];
const CLOSED: Then = Err("the record does not open");

/// From each state by each of [`EVENTS`].
const TABLE: [(Account, [Then; 7]); 4] = [
    (Active, [Ok(Resetting), Err("not-found"), Err("not-found"), Err("not-found"), Ok(Active), Ok(Active), CLOSED]),
    // A code that is over may be asked for again.
    (Resetting, [Ok(Resetting), Ok(Active), Err("wrong-code"), Ok(Resetting), Ok(Resetting), Ok(Resetting), CLOSED]),
    (
        NoGuess,
        [Ok(Resetting), Err("code-locked"), Err("code-locked"), Ok(Resetting), Ok(Resetting), Ok(NoGuess), CLOSED],
    ),
    // A mailbox does not open the operator's lock.
    (
        Locked,
        [Ok(Locked), Err("account-locked"), Err("wrong-code"), Ok(Locked), Ok(Locked), Err("account-locked"), CLOSED],
    ),
];

impl Owner<'_> {
    async fn comes_to(&mut self, state: Account) {
        if state != Active {
            self.ask().await.expect(202);
        }
        if state == NoGuess {
            for _ in 0..5 {
                self.happens(WrongCode).await.unwrap_err();
            }
        }
        if state == Locked {
            change(self.central.data_dir(), &self.email, Change::Lock).await.unwrap();
        }
    }

    async fn happens(&mut self, event: Event) -> Result<(), String> {
        let word = |answer: Answer| if answer.status < 400 { Ok(()) } else { Err(answer.code().to_owned()) };
        match event {
            Ask => {
                self.central.clock().advance_ms(RESEND_AFTER_MS);
                word(self.ask().await)
            }
            RightCode => {
                let code = if self.code.is_empty() { "123456" } else { &self.code };
                word(self.send(code).await)
            }
            WrongCode => {
                self.wrong += 1;
                let wrong = (self.code.parse::<u32>().unwrap_or(0) + self.wrong) % 1_000_000;
                word(self.send(&format!("{wrong:06}")).await)
            }
            Resend => {
                self.central.clock().advance_ms(RESEND_AFTER_MS);
                let id = self.reset.as_ref().map_or_else(Uuid::now_v7, |body| body.reset);
                word(self.client.post(&format!("/v1/accounts/{id}/resend"), None, &json!({})).await)?;
                self.code = self.central.code_for(&self.email).await.unwrap();
                Ok(())
            }
            TimePasses => {
                self.central.clock().advance_ms(LOCK_MS);
                Ok(())
            }
            OldPassword | NewPassword => {
                let password = if event == OldPassword { PASSWORD } else { OTHER };
                match self.client.prepare_sign_in(&self.email, password).await {
                    Some(body) => word(self.client.post("/v1/sessions", Some(Uuid::new_v4()), &body).await),
                    None => CLOSED.map(|_| ()).map_err(str::to_owned),
                }
            }
        }
    }

    async fn stands(&self) -> Account {
        let state = self.central.state().unwrap();
        let locked: Option<i64> = sqlx::query_scalar("select locked_at from person where email = $1")
            .bind(&self.email)
            .fetch_one(state.db.read())
            .await
            .unwrap();
        let waiting: Option<(i64, i64)> = sqlx::query_as(
            "select wrong_codes, code_expires_at from sign_up
             where email = $1 and purpose = 'password' and confirmed_at is null
             order by created_at desc, id desc limit 1",
        )
        .bind(&self.email)
        .fetch_optional(state.db.read())
        .await
        .unwrap();
        match (locked, waiting) {
            (Some(_), _) => Locked,
            (None, None) => Active,
            (None, Some((wrong, until))) if wrong >= 5 && until > state.clock.now_ms() => NoGuess,
            (None, Some(_)) => Resetting,
        }
    }
}

#[tokio::test]
async fn every_event_moves_a_forgotten_password_or_is_refused_as_the_table_says() {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    for (row, (from, cells)) in TABLE.into_iter().enumerate() {
        for (column, (event, then)) in EVENTS.into_iter().zip(cells).enumerate() {
            let place = format!("{from:?} {event:?}");
            let mut owner = Owner::new(&central, &format!("orang{row}{column}@contoh.id")).await;
            owner.comes_to(from).await;
            assert_eq!(owner.stands().await, from, "{place}");
            let came = owner.happens(event).await;
            let expected = then.map(|_| ()).map_err(str::to_owned);
            assert_eq!((came, owner.stands().await), (expected, then.unwrap_or(from)), "{place}");
        }
    }
}
