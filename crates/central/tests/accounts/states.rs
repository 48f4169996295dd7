//! The states of an account (domain.md 3.1) from the sign-up to a lock by the operator against central: what each allows, and
//! what it refuses. Block and appeal are facts of the registration and have their table there (`identity/account.rs`).
//! `password_reset_pending` has its table in `passwords.rs`, `closed` its tests in `close.rs`.

use prakerja_central::accounts::operator::{Change, OperatorError, change};
use prakerja_central::clock::Clock;
use prakerja_central::db::Id;
use prakerja_protocol::account::SignUp;
use prakerja_testkit::central::Central;
use serde_json::json;
use uuid::Uuid;

use crate::client::{Answer, Client, PASSWORD};

const NOW: i64 = 1_795_421_460_000;
/// A code is not sent again before.
const RESEND_AFTER_S: i64 = 30;
const LOCK_MS: i64 = 2 * 60 * 60 * 1_000;
/// How often a code may be asked for again, and how often be typed wrong.
const MOST: usize = 5;

/// Where an account stands. `otp_locked` of domain.md is three: no other code, no other guess of this one, or neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Account {
    /// A code is on its way, or over and another may be asked for.
    Pending,
    NoCode,
    NoGuess,
    Neither,
    Active,
    /// By the operator.
    Locked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    RightCode,
    WrongCode,
    /// Once it may be asked for.
    Resend,
    /// The two hours of the lock.
    TimePasses,
    SignIn,
    Lock,
    Unlock,
}

use Account::{Active, Locked, Neither, NoCode, NoGuess, Pending};
use Event::{Lock, Resend, RightCode, SignIn, TimePasses, Unlock, WrongCode};

/// What becomes of it, or the refusal that leaves it as it is.
type Then = Result<Account, &'static str>;

const EVENTS: [Event; 7] = [RightCode, WrongCode, Resend, TimePasses, SignIn, Lock, Unlock];

/// A sign-up that is not confirmed is no account to anybody: nothing to sign in to, nothing to lock.
const NO_RECORD: Then = Err("the record does not open");
const NO_ACCOUNT: Then = Err("no-account");

/// From each state by each of [`EVENTS`].
const TABLE: [(Account, [Then; 7]); 6] = [
    (Pending, [Ok(Active), Err("wrong-code"), Ok(Pending), Ok(Pending), NO_RECORD, NO_ACCOUNT, NO_ACCOUNT]),
    // The code that was sent last still works.
    (NoCode, [Ok(Active), Err("wrong-code"), Err("code-locked"), Ok(Pending), NO_RECORD, NO_ACCOUNT, NO_ACCOUNT]),
    // Another code may be guessed anew.
    (NoGuess, [Err("code-locked"), Err("code-locked"), Ok(Pending), Ok(Pending), NO_RECORD, NO_ACCOUNT, NO_ACCOUNT]),
    (
        Neither,
        [Err("code-locked"), Err("code-locked"), Err("code-locked"), Ok(Pending), NO_RECORD, NO_ACCOUNT, NO_ACCOUNT],
    ),
    (
        Active,
        [Err("code-expired"), Err("code-expired"), Err("not-found"), Ok(Active), Ok(Active), Ok(Locked), Ok(Active)],
    ),
    // Time does not open it.
    (
        Locked,
        [
            Err("code-expired"),
            Err("code-expired"),
            Err("not-found"),
            Ok(Locked),
            Err("account-locked"),
            Ok(Locked),
            Ok(Active),
        ],
    ),
];

/// How a sign-up comes to a state. The last step of each leads there and no step before: five times is the most.
fn way(to: Account) -> Vec<Event> {
    let (codes, guesses) = (vec![Resend; MOST], vec![WrongCode; MOST]);
    match to {
        Pending => Vec::new(),
        NoCode => codes,
        NoGuess => guesses,
        Neither => [codes, guesses].concat(),
        Active => vec![RightCode],
        Locked => vec![RightCode, Lock],
    }
}

struct Applicant<'a> {
    central: &'a Central,
    client: Client,
    email: String,
    sign_up: SignUp,
    /// The one that was sent last.
    code: String,
    wrong: u32,
}

impl<'a> Applicant<'a> {
    /// Somebody who has asked for a code.
    async fn new(central: &'a Central, email: String) -> Self {
        let client = Client::new(central);
        let sign_up = client.prepare(&email, PASSWORD).await;
        client.post("/v1/accounts", Some(Uuid::new_v4()), &sign_up).await.expect(202);
        let code = central.code_for(&email).await.unwrap();
        Self { central, client, email, sign_up, code, wrong: 0 }
    }

    async fn happens(&mut self, event: Event) -> Result<(), String> {
        match event {
            RightCode => word_of(&self.send(&self.code).await),
            WrongCode => {
                // Another one each time: the same again is no other guess.
                self.wrong += 1;
                let wrong = format!("{:06}", (self.code.parse::<u32>().unwrap() + self.wrong) % 1_000_000);
                word_of(&self.send(&wrong).await)
            }
            Resend => {
                self.central.clock().advance_ms(RESEND_AFTER_S * 1_000);
                let path = format!("/v1/accounts/{}/resend", self.sign_up.sign_up);
                word_of(&self.client.post(&path, None, &json!({})).await)?;
                self.code = self.central.code_for(&self.email).await.unwrap();
                Ok(())
            }
            TimePasses => {
                self.central.clock().advance_ms(LOCK_MS);
                Ok(())
            }
            SignIn => match self.client.prepare_sign_in(&self.email, PASSWORD).await {
                Some(body) => word_of(&self.client.post("/v1/sessions", Some(Uuid::new_v4()), &body).await),
                None => NO_RECORD.map(|_| ()).map_err(str::to_owned),
            },
            Lock => self.operator(Change::Lock).await,
            Unlock => self.operator(Change::Unlock).await,
        }
    }

    async fn send(&self, code: &str) -> Answer {
        self.client.send_code(self.sign_up.sign_up, Uuid::new_v4(), code).await
    }

    async fn operator(&self, to: Change) -> Result<(), String> {
        match change(self.central.data_dir(), &self.email, to).await {
            Err(OperatorError::NoAccount) => Err("no-account".to_owned()),
            done => {
                done.unwrap();
                Ok(())
            }
        }
    }

    async fn stands(&self) -> Account {
        let db = self.central.state().unwrap().db.read();
        let person: Option<(Option<i64>,)> = sqlx::query_as("select locked_at from person where email = $1")
            .bind(&self.email)
            .fetch_optional(db)
            .await
            .unwrap();
        if let Some((locked_at,)) = person {
            return if locked_at.is_some() { Locked } else { Active };
        }
        // The same request again takes no code: it answers how it stands.
        let sent = self.client.post("/v1/accounts", Some(Uuid::new_v4()), &self.sign_up).await.expect(202).json;
        let seconds = |name: &str| sent[name].as_i64().unwrap();
        let wrong: i64 = sqlx::query_scalar("select wrong_codes from sign_up where id = $1")
            .bind(Id(self.sign_up.sign_up))
            .fetch_one(db)
            .await
            .unwrap();
        // How often a code was guessed that is over means nothing any more.
        let no_guess = wrong >= MOST as i64 && seconds("expires_in_s") > 0;
        match (seconds("resend_after_s") > RESEND_AFTER_S, no_guess) {
            (false, false) => Pending,
            (true, false) => NoCode,
            (false, true) => NoGuess,
            (true, true) => Neither,
        }
    }
}

fn word_of(answer: &Answer) -> Result<(), String> {
    if answer.status < 400 { Ok(()) } else { Err(answer.code().to_owned()) }
}

#[tokio::test]
async fn every_event_moves_an_account_or_is_refused_as_the_table_says() {
    let central = Central::start_with(Clock::fake(NOW), |_| {}).await.unwrap();
    for (row, (from, cells)) in TABLE.into_iter().enumerate() {
        for (column, (event, then)) in EVENTS.into_iter().zip(cells).enumerate() {
            let place = format!("{from:?} {event:?}");
            let mut applicant = Applicant::new(&central, format!("orang{row}{column}@contoh.id")).await;
            let way = way(from);
            for (nth, step) in way.iter().enumerate() {
                assert_ne!(applicant.stands().await, from, "{place}: before step {nth}");
                let came = applicant.happens(*step).await;
                let wrong = *step == WrongCode;
                assert_eq!(came, if wrong { Err("wrong-code".to_owned()) } else { Ok(()) }, "{place}: step {nth}");
            }
            assert_eq!(applicant.stands().await, from, "{place}");
            let came = applicant.happens(event).await;
            let expected = then.map(|_| ()).map_err(str::to_owned);
            assert_eq!((came, applicant.stands().await), (expected, then.unwrap_or(from)), "{place}");
        }
    }
}
