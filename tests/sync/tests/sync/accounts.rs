//! Sign-up and sign-in, also when answers are lost.

use std::time::Duration;

use prakerja_central::clock::Clock;
use prakerja_central::config::Config;
use prakerja_protocol::account::CodeChannel;
use prakerja_protocol::problem::ProblemCode;
use prakerja_sync::account::{AccountError, CodeForm, Wish};
use prakerja_testkit::central::Central;
use prakerja_testkit::fault_proxy::{FaultKind, FaultProxy, Plan, When};
use secrecy::SecretString;

use crate::person::{PASSWORD, Person, form, quick, start};

#[tokio::test]
async fn a_person_signs_up_signs_out_and_signs_in_again() {
    let central = Central::start().await.unwrap();
    let person = Person::signed_up(&central, "siti@example.org", &central.base_url()).await;
    let first = person.account().await;
    assert_eq!(person.accounts().sessions().await.unwrap().len(), 1);
    person.accounts().sign_out().await.unwrap();
    assert!(person.store.current_account().await.unwrap().is_none());
    assert!(matches!(person.accounts().sessions().await, Err(AccountError::SignedOut)));
    person.sign_in().await;
    assert_eq!(person.account().await, first);
    assert_eq!(person.accounts().sessions().await.unwrap().len(), 1, "the first session was ended at central, too");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_the_same() {
    let central = Central::start().await.unwrap();
    let person = Person::signed_up(&central, "siti@example.org", &central.base_url()).await;
    for (email, password) in [("siti@example.org", "Bukan-ini-99"), ("budi@example.org", PASSWORD)] {
        let password = SecretString::from(password);
        let error = person.accounts().sign_in(email, &password, "Laptop", false).await.unwrap_err();
        assert_eq!(error.code(), Some(ProblemCode::WrongCredentials), "{email}: {error:?}");
    }
}

#[tokio::test]
async fn a_sign_up_whose_answers_are_all_lost_once_makes_one_account() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::new("siti@example.org", &proxy.base_url()).await;
    let lose_next = || Plan::fault(FaultKind::LoseAnswer, When::Next(1)).on("/v1/accounts");
    proxy.set(lose_next()).await.unwrap();
    person.accounts().ask_for_code(&form("siti@example.org")).await.unwrap();
    let code = central.code_for("siti@example.org").await.unwrap();
    proxy.set(lose_next()).await.unwrap();
    person.accounts().confirm_code(&code, "Laptop").await.unwrap();
    assert_eq!(person.accounts().sessions().await.unwrap().len(), 1, "one session for one lost answer");
    assert!(person.accounts().waiting_sign_up().await.unwrap().is_none());
}

#[tokio::test]
async fn the_same_form_sent_again_after_an_outage_is_the_same_sign_up() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::new("siti@example.org", &proxy.base_url()).await;
    // The first request passes, the second arrives and its answers are lost: central has the sign-up, this computer does
    // not know.
    proxy.set(Plan::fault(FaultKind::LoseAnswer, When::After(1)).on("/v1/accounts")).await.unwrap();
    let error = person.accounts().ask_for_code(&form("siti@example.org")).await.unwrap_err();
    assert!(matches!(error, AccountError::Unreachable { .. }), "{error:?}");
    let stored = person.store.sign_up().await.unwrap().expect("it was stored before it was sent");
    proxy.restore().await.unwrap();
    person.accounts().ask_for_code(&form("siti@example.org")).await.unwrap();
    assert_eq!(person.store.sign_up().await.unwrap().unwrap().id, stored.id);
    assert_eq!(central.wait_for_mails("siti@example.org", 1).await.unwrap().len(), 1, "one sign-up, one mail");
    let code = central.code_for("siti@example.org").await.unwrap();
    person.accounts().confirm_code(&code, "Laptop").await.unwrap();
}

#[tokio::test]
async fn a_sign_up_goes_on_after_the_program_was_closed() {
    let central = Central::start().await.unwrap();
    let mut person = Person::new("siti@example.org", &central.base_url()).await;
    person.accounts().ask_for_code(&form("siti@example.org")).await.unwrap();
    person.sync.shutdown().await;
    person.sync = start(&person.store, &central.base_url(), quick(), Vec::new()).await;
    let waiting = person.accounts().waiting_sign_up().await.unwrap().expect("it waits for its code");
    assert_eq!(waiting.email, "siti@example.org");
    let code = central.code_for("siti@example.org").await.unwrap();
    person.accounts().confirm_code(&code, "Laptop").await.unwrap();
}

#[tokio::test]
async fn a_wrong_code_says_how_many_tries_are_left() {
    let central = Central::start().await.unwrap();
    let person = Person::new("siti@example.org", &central.base_url()).await;
    person.accounts().ask_for_code(&form("siti@example.org")).await.unwrap();
    let code = central.code_for("siti@example.org").await.unwrap();
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let error = person.accounts().confirm_code(wrong, "Laptop").await.unwrap_err();
    let AccountError::Refused { code: ProblemCode::WrongCode, numbers, .. } = &error else { panic!("{error:?}") };
    assert_eq!(numbers.get("attempts_left"), Some(&4));
    person.accounts().confirm_code(&code, "Laptop").await.unwrap();
}

#[tokio::test]
async fn without_a_network_the_form_says_so_and_nothing_is_stored() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::new("siti@example.org", &proxy.base_url()).await;
    proxy.cut().await.unwrap();
    let error = person.accounts().ask_for_code(&form("siti@example.org")).await.unwrap_err();
    assert!(matches!(error, AccountError::Unreachable { .. }), "{error:?}");
    assert!(person.store.sign_up().await.unwrap().is_none());
}

#[tokio::test]
async fn a_form_that_central_refuses_leaves_what_waited_before() {
    let central = Central::start().await.unwrap();
    let person = Person::new("siti@example.org", &central.base_url()).await;
    let refused = CodeForm { wish: Wish::Account { consents: Vec::new() }, ..form("budi@example.org") };
    let ask = async |form: &CodeForm| person.accounts().ask_for_code(form).await;
    assert_eq!(ask(&refused).await.unwrap_err().code(), Some(ProblemCode::Validation));
    assert!(person.accounts().waiting_sign_up().await.unwrap().is_none());
    let waiting = ask(&form("siti@example.org")).await.unwrap();
    let stored = person.store.sign_up().await.unwrap().unwrap();
    assert_eq!(ask(&refused).await.unwrap_err().code(), Some(ProblemCode::Validation));
    assert_eq!(person.accounts().waiting_sign_up().await.unwrap(), Some(waiting.clone()));
    // The same form once more is still the same request.
    assert_eq!(ask(&form("siti@example.org")).await.unwrap(), waiting);
    assert_eq!(person.store.sign_up().await.unwrap().unwrap().id, stored.id);
    let code = central.code_for("siti@example.org").await.unwrap();
    person.accounts().confirm_code(&code, "Laptop").await.unwrap();
}

#[tokio::test]
async fn a_form_that_may_have_arrived_stays_the_same_request_whatever_is_answered_then() {
    // Its first step, the form and nothing more in a minute.
    let limit = |config: &mut Config| config.limits.address_per_minute = 2;
    let central = Central::start_with(Clock::System, limit).await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::new("siti@example.org", &proxy.base_url()).await;
    proxy.set(Plan::fault(FaultKind::LoseAnswer, When::Next(1)).on("/v1/passwords")).await.unwrap();
    let forgotten = CodeForm { wish: Wish::Password(CodeChannel::Mail), ..form("siti@example.org") };
    let refused = person.accounts().ask_for_code(&forgotten).await.unwrap_err();
    assert_eq!(refused.code(), Some(ProblemCode::RateLimited), "{refused:?}");
    let stored = person.store.sign_up().await.unwrap().expect("central may have it");
    assert_eq!(stored.email, "siti@example.org");
}

#[tokio::test]
async fn an_answer_that_comes_after_the_sign_up_was_given_up_does_not_bring_it_back() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::new("siti@example.org", &proxy.base_url()).await;
    let waits = async || person.store.sign_up().await.unwrap().is_some();
    let give_up = async || {
        person.until("the sign-up to be stored", waits).await;
        person.accounts().abandon_sign_up().await.unwrap();
    };
    proxy.set(Plan::default().round_trip(Duration::from_secs(1))).await.unwrap();
    let accounts = person.accounts();
    let form = form("siti@example.org");
    let (asked, ()) = tokio::join!(accounts.ask_for_code(&form), give_up());
    assert!(matches!(asked, Err(AccountError::NoSignUp)), "{asked:?}");
    assert!(!waits().await);
}

#[tokio::test]
async fn a_sign_up_stays_with_the_central_that_was_asked() {
    let (first, second) = (Central::start().await.unwrap(), Central::start().await.unwrap());
    let mut person = Person::new("siti@example.org", &first.base_url()).await;
    // Another address is chosen while the first central is being asked.
    person.store.use_origin(&second.base_url()).await.unwrap();
    person.accounts().ask_for_code(&form("siti@example.org")).await.unwrap();
    person.sync.shutdown().await;
    person.sync = start(&person.store, &second.base_url(), quick(), Vec::new()).await;
    assert!(person.accounts().waiting_sign_up().await.unwrap().is_none());
    assert!(matches!(person.accounts().resend_code().await, Err(AccountError::NoSignUp)));
    let code = first.code_for("siti@example.org").await.unwrap();
    assert!(matches!(person.accounts().confirm_code(&code, "Laptop").await, Err(AccountError::NoSignUp)));

    // What was begun before the address changed is asked for by nobody else, either.
    person.store.use_origin(&first.base_url()).await.unwrap();
    assert!(person.store.sign_up().await.unwrap().is_some());
    assert!(matches!(person.accounts().resend_code().await, Err(AccountError::NoSignUp)));
    person.reopen().await;
    person.accounts().confirm_code(&code, "Laptop").await.unwrap();
}
