//! What becomes of an account here when nobody answered the request to close it: nothing is taken away but by central's own
//! word.

use std::time::Duration;

use prakerja_central::clock::Clock;
use prakerja_central::db::Id;
use prakerja_domain::profile::ProfileField;
use prakerja_testkit::central::Central;
use prakerja_testkit::clock::real_now_ms;
use prakerja_testkit::fault_proxy::{FaultKind, FaultProxy, Plan, When};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::person::{PASSWORD, Person};

const EMAIL: &str = "siti@example.org";
const FACT: &str = "closing";

/// Somebody whose program ended while it asked to close the account, with something that was not sent.
struct Unanswered {
    person: Person,
    account: Uuid,
    unsent: Uuid,
    /// The session that was opened to close it.
    session: Uuid,
}

impl Unanswered {
    async fn new(central: &Central, base: &str) -> Self {
        let person = Person::signed_up(central, EMAIL, base).await;
        person.sync.shutdown().await;
        let account = person.account().await;
        let unsent = person.write(ProfileField::FullName, "Siti").await;
        let other = Person::new(EMAIL, &central.base_url()).await;
        other.sign_in().await;
        other.sync.shutdown().await;
        let opened = other.store.current_account().await.unwrap().unwrap();
        let tokens = opened.tokens.unwrap();
        let asked = serde_json::json!({
            "access": tokens.access.expose_secret(),
            "refresh": tokens.refresh.expose_secret(),
        });
        person.store.set_fact(account, FACT, Some(&asked.to_string())).await.unwrap();
        Self { person, account, unsent, session: opened.session.unwrap() }
    }

    /// The program is opened again, with another address of central.
    async fn goes_to(&mut self, central: &Central) {
        self.person.sync.shutdown().await;
        self.person.base = central.base_url();
        self.person.store.use_origin(&self.person.base).await.unwrap();
        self.person.reopen().await;
    }

    async fn is_known(&self) -> bool {
        self.person.store.facts(FACT).await.unwrap().is_empty()
    }

    /// The account is shown here and nothing of it was lost.
    async fn assert_stays(&self, why: &str) {
        let shown = self.person.store.current_account().await.unwrap().map(|account| account.id);
        assert_eq!(shown, Some(self.account), "{why}");
        assert!(self.person.store.command(self.account, self.unsent).await.unwrap().is_some(), "{why}");
    }

    async fn assert_gone(&self) {
        assert!(self.person.store.account(self.account).await.unwrap().is_none());
        assert!(self.person.store.command(self.account, self.unsent).await.unwrap().is_none());
        assert!(self.is_known().await);
    }
}

async fn closed_elsewhere(central: &Central) {
    let other = Person::new(EMAIL, &central.base_url()).await;
    other.sign_in().await;
    other.accounts().close(EMAIL, &SecretString::from(PASSWORD), "Laptop lain").await.unwrap();
}

#[tokio::test]
async fn an_account_that_central_did_not_close_stays_whatever_became_of_its_sessions() {
    let cases = [
        ("nothing has happened", 0, "select $1"),
        ("the access token is over", 16, "select $1"),
        ("the session has ended", 0, "update session set ended_at = 1, ended_because = 'signed_out' where id = $1"),
        ("central does not know the session", 0, "delete from session where id = $1"),
        ("central knows no session of it", 0, "delete from session where $1 is not null"),
        ("central does not know the account", 0, "delete from person where $1 is not null"),
        ("the account is locked", 0, "update person set locked_at = 1 where $1 is not null"),
    ];
    for (why, minutes, statement) in cases {
        let central = Central::start_with(Clock::fake(real_now_ms()), |_| {}).await.unwrap();
        let mut asked = Unanswered::new(&central, &central.base_url()).await;
        central.clock().advance_ms(minutes * 60_000);
        let mut tx = central.state().unwrap().db.begin().await.unwrap();
        sqlx::query(statement).bind(Id(asked.session)).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
        asked.person.reopen().await;
        asked.person.until(why, async || asked.is_known().await).await;
        asked.assert_stays(why).await;
        let open: i64 = sqlx::query_scalar("select count(*) from session where id = $1 and ended_at is null")
            .bind(Id(asked.session))
            .fetch_one(central.state().unwrap().db.read())
            .await
            .unwrap();
        // Nobody gets in with a session of a locked account; it ends by itself.
        let stays = i64::from(statement.contains("locked_at"));
        assert_eq!(open, stays, "{why}: the session that was opened for it is over");
        asked.person.sync.shutdown().await;
    }
}

#[tokio::test]
async fn an_account_that_central_closed_is_forgotten() {
    let central = Central::start().await.unwrap();
    let mut asked = Unanswered::new(&central, &central.base_url()).await;
    closed_elsewhere(&central).await;
    asked.person.reopen().await;
    asked.person.until("the end of the account", async || asked.is_known().await).await;
    asked.assert_gone().await;
}

#[tokio::test]
async fn it_is_asked_again_until_central_says_what_became_of_it() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let mut asked = Unanswered::new(&central, &proxy.base_url()).await;
    closed_elsewhere(&central).await;
    let question = format!("/v1/accounts/{}/closed", asked.account);
    proxy.set(Plan::fault(FaultKind::BadGateway, When::Always).on(&question)).await.unwrap();
    let before = proxy.counters().faults;
    asked.person.reopen().await;
    proxy.wait_until(|counters| counters.faults > before + 2).await.unwrap();
    asked.assert_stays("nobody said that it is closed").await;
    assert!(!asked.is_known().await);
    proxy.restore().await.unwrap();
    asked.person.until("the end of the account", async || asked.is_known().await).await;
    asked.assert_gone().await;
}

#[tokio::test]
async fn another_central_is_not_asked_and_what_nobody_can_read_is_dropped() {
    let (first, second) = (Central::start().await.unwrap(), Central::start().await.unwrap());
    let mut asked = Unanswered::new(&first, &first.base_url()).await;
    let kept = asked.person.store.facts(FACT).await.unwrap();
    asked.goes_to(&second).await;
    asked.person.email = "budi@example.org".to_owned();
    asked.person.sign_up(&second).await;
    let budi = asked.person.account().await;
    assert!(budi > asked.account, "his is settled last");
    asked.person.store.set_fact(budi, FACT, Some("of another version")).await.unwrap();
    asked.person.reopen().await;
    let facts = async || asked.person.store.facts(FACT).await.unwrap();
    asked.person.until("the unreadable one to go", async || !facts().await.iter().any(|fact| fact.0 == budi)).await;
    assert_eq!(facts().await, kept, "the first central's waits for it");
    assert_eq!(asked.person.account().await, budi);

    asked.goes_to(&first).await;
    asked.person.until("the first central to be asked", async || asked.is_known().await).await;
    let siti = asked.person.store.account(asked.account).await.unwrap();
    assert!(siti.is_some_and(|siti| siti.signed_in));
}

#[tokio::test]
async fn what_was_asked_a_moment_ago_is_asked_about_without_a_restart() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    let account = person.account().await;
    let people = async || -> i64 {
        let db = &central.state().unwrap().db;
        sqlx::query_scalar("select count(*) from person").fetch_one(db.read()).await.unwrap()
    };
    let plan = Plan::fault(FaultKind::LoseAnswer, When::Always).on("/v1/accounts/current");
    proxy.set(plan.round_trip(Duration::from_secs(1))).await.unwrap();
    let breaking = async {
        person.until("central to close it", async || people().await == 0).await;
        proxy.cut().await.unwrap();
    };
    let (password, accounts) = (SecretString::from(PASSWORD), person.accounts());
    let (refused, ()) = tokio::join!(accounts.close(EMAIL, &password, "Laptop"), breaking);
    let refused = refused.unwrap_err();
    assert!(matches!(refused, prakerja_sync::account::AccountError::ClosingUnknown), "{refused:?}");
    assert!(accounts.is_closing(account).await.unwrap());
    proxy.restore().await.unwrap();
    person.until("the end of the account", async || person.store.account(account).await.unwrap().is_none()).await;
    assert!(!accounts.is_closing(account).await.unwrap());
    person.until("nobody to be shown", async || person.store.current_account().await.unwrap().is_none()).await;
}
