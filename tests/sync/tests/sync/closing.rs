//! Closing an account when answers are lost, when it is refused, and with a queue that was never sent.

use prakerja_central::db::Id;
use prakerja_domain::profile::ProfileField;
use prakerja_protocol::problem::ProblemCode;
use prakerja_sync::account::AccountError;
use prakerja_sync::core::Session;
use prakerja_testkit::central::Central;
use prakerja_testkit::fault_proxy::{FaultKind, FaultProxy, Plan, When};
use secrecy::SecretString;

use crate::person::{PASSWORD, Person};

const EMAIL: &str = "siti@example.org";

async fn close(person: &Person, password: &str) -> Result<(), AccountError> {
    person.accounts().close(EMAIL, &SecretString::from(password), "Laptop").await
}

async fn count(central: &Central, statement: &'static str) -> i64 {
    sqlx::query_scalar(statement).fetch_one(central.state().unwrap().db.read()).await.unwrap()
}

#[tokio::test]
async fn what_was_never_sent_goes_with_the_account() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    proxy.set(Plan::fault(FaultKind::Fail, When::Always).on("/v1/sync/push")).await.unwrap();
    person.write(ProfileField::FullName, "Siti").await;
    let account = person.account().await;
    close(&person, PASSWORD).await.unwrap();
    assert!(person.store.current_account().await.unwrap().is_none());
    assert!(person.store.account(account).await.unwrap().is_none());
    assert!(person.store.waiting(account).await.unwrap().is_empty());
    assert!(person.store.feed(account).await.unwrap().is_none());
    assert_eq!(person.sync.status().session, Session::SignedOut);
    assert_eq!(count(&central, "select count(*) from person").await, 0);
    assert!(matches!(close(&person, PASSWORD).await, Err(AccountError::SignedOut)));

    // The computer goes on with whoever comes, also under the same address.
    proxy.restore().await.unwrap();
    person.sign_up(&central).await;
    person.caught_up().await;
    assert_ne!(person.account().await, account);
}

#[tokio::test]
async fn an_account_whose_answers_are_lost_is_closed_once() {
    for (name, when) in [("one", When::Next(1)), ("two", When::Next(2)), ("every", When::Always)] {
        let central = Central::start().await.unwrap();
        let proxy = FaultProxy::start(central.address()).await.unwrap();
        let person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
        proxy.set(Plan::fault(FaultKind::LoseAnswer, when).on("/v1/accounts/current")).await.unwrap();
        // Where no answer comes at all, the session that was opened for it says what became of it.
        close(&person, PASSWORD).await.unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(count(&central, "select count(*) from person").await, 0, "{name}");
        assert!(person.store.current_account().await.unwrap().is_none(), "{name}");
        assert!(person.store.facts("closing").await.unwrap().is_empty(), "{name}");
        assert_eq!(person.sync.status().session, Session::SignedOut, "{name}");
    }
}

#[tokio::test]
async fn a_request_that_did_not_arrive_has_closed_nothing() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    proxy.set(Plan::fault(FaultKind::Fail, When::Always).on("/v1/accounts/current")).await.unwrap();
    let failed = close(&person, PASSWORD).await.unwrap_err();
    assert!(matches!(failed, AccountError::Unreachable { .. }), "{failed:?}");
    assert!(!person.accounts().is_closing(person.account().await).await.unwrap(), "it is known");
    assert_eq!(person.accounts().sessions().await.unwrap().len(), 1);
    proxy.restore().await.unwrap();
    close(&person, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_refusal_changes_nothing_here_and_leaves_no_session_behind() {
    let central = Central::start().await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &central.base_url()).await;
    let account = person.account().await;
    let wrong = close(&person, "Bukan-ini-99").await.unwrap_err();
    assert_eq!(wrong.code(), Some(ProblemCode::WrongCredentials), "{wrong:?}");
    let mut tx = central.state().unwrap().db.begin().await.unwrap();
    sqlx::query(
        "insert into membership (person_id, id, wave, rev, state, number_index, first_purchase_until, content)
         values ($1, randomblob(16), 73, 1, 'revoked', randomblob(32), 1, x'00')",
    )
    .bind(Id(account))
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let refused = close(&person, PASSWORD).await.unwrap_err();
    assert_eq!(refused.code(), Some(ProblemCode::StillParticipant), "{refused:?}");
    assert_eq!(person.account().await, account);
    assert_eq!(person.sync.status().session, Session::Active);
    assert_eq!(person.accounts().sessions().await.unwrap().len(), 1, "the one that was opened for it is over");
}

#[tokio::test]
async fn what_is_shown_of_another_central_is_forgotten_by_its_address() {
    let (first, second) = (Central::start().await.unwrap(), Central::start().await.unwrap());
    let mut person = Person::signed_up(&first, EMAIL, &first.base_url()).await;
    let account = person.account().await;
    person.sync.shutdown().await;
    person.base = second.base_url();
    person.store.use_origin(&person.base).await.unwrap();
    person.reopen().await;
    person.accounts().forget_account(EMAIL).await.unwrap();
    assert!(person.store.account(account).await.unwrap().is_none());
    assert!(matches!(person.accounts().forget_account(EMAIL).await, Err(AccountError::NotHere)));
    assert_eq!(count(&first, "select count(*) from person").await, 1, "central hears nothing of it");
}
