//! Answers that are not central's, and secure connections that are not secure, harm nothing.

use prakerja_central::clock::Clock;
use prakerja_domain::profile::ProfileField;
use prakerja_sync::core::Session;
use prakerja_sync::failure::Class;
use prakerja_testkit::central::Central;
use prakerja_testkit::clock::real_now_ms;
use prakerja_testkit::fault_proxy::{FaultKind, FaultProxy, Mode, Plan, Portal, When};
use prakerja_testkit::tls::{Authority, TlsFront, Validity};

use crate::person::{Person, at_central, quick};

const EMAIL: &str = "siti@example.org";

#[tokio::test]
async fn no_answer_of_a_captive_portal_or_a_gateway_harms_the_queue() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    let trainings = person.free_trainings(4).await;
    let modes =
        [Mode::Portal(Portal::Html), Mode::Portal(Portal::Redirect), Mode::Portal(Portal::Required), Mode::BadGateway];
    for (mode, training) in modes.into_iter().zip(&trainings) {
        proxy.set(Plan::mode(mode)).await.unwrap();
        let command = person.enrol(*training, None).await;
        person.until_status("the stranger to be recognised", |s| s.obstacle == Some(Class::NotOurServer)).await;
        person.until("two tries", async || person.row(command).await.attempts >= 2).await;
        let row = person.row(command).await;
        assert_eq!(
            (row.status, row.failures),
            (None, 0),
            "{mode:?}: kept, and not counted as a failure of the command"
        );
        assert_eq!(person.sync.status().session, Session::Active, "{mode:?}: nobody was signed out");
        assert_eq!(person.sync.status().parked, 0, "{mode:?}");
        proxy.restore().await.unwrap();
        assert_eq!(person.finished(command).await, "applied", "{mode:?}");
    }
}

#[tokio::test]
async fn no_answer_of_a_stranger_to_a_renewal_ends_the_session() {
    let central = Central::start_with(Clock::fake(real_now_ms()), |_| {}).await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    let trainings = person.free_trainings(3).await;
    for (kind, training) in [FaultKind::BadGateway, FaultKind::TooLarge, FaultKind::Fail].into_iter().zip(&trainings) {
        let before = proxy.counters().faults;
        proxy.set(Plan::fault(kind, When::Next(2)).on("/v1/sessions/refresh")).await.unwrap();
        central.clock().advance_ms(16 * 60 * 1_000);
        let command = person.enrol(*training, None).await;
        assert_eq!(person.finished(command).await, "applied", "{kind:?}");
        assert_eq!(proxy.counters().faults, before + 2, "{kind:?}");
        assert_eq!(person.sync.status().session, Session::Active, "{kind:?}");
        assert_eq!(person.accounts().sessions().await.unwrap().len(), 1, "{kind:?}: still the same session");
    }
}

#[tokio::test]
async fn a_network_that_swallows_everything_is_survived() {
    let central = Central::start().await.unwrap();
    let proxy = FaultProxy::start(central.address()).await.unwrap();
    let person = Person::signed_up(&central, EMAIL, &proxy.base_url()).await;
    let training = person.free_trainings(1).await[0];
    proxy.set(Plan::mode(Mode::Blackhole)).await.unwrap();
    let command = person.enrol(training, None).await;
    person.until_status("the silence to be noticed", |status| status.obstacle == Some(Class::Network)).await;
    proxy.restore().await.unwrap();
    assert_eq!(person.finished(command).await, "applied");
}

#[tokio::test]
async fn behind_tls_everything_works_and_an_unknown_authority_holds_the_queue() {
    let central = Central::start().await.unwrap();
    let known = Authority::new("Kantor Prakerja").unwrap();
    let stranger = Authority::new("Warnet Cepat").unwrap();
    let front = TlsFront::start(known.server(Validity::Now).unwrap(), central.address()).await.unwrap();
    let roots = vec![known.certificate().to_vec()];
    let mut person = Person::with(EMAIL, &front.base_url(), quick(), roots.clone()).await;
    person.sign_up(&central).await;
    person.caught_up().await;
    let training = person.free_trainings(1).await[0];

    person.sync.shutdown().await;
    person.write(ProfileField::KtpAddress, "Batam").await;
    for (authority, validity, class) in [
        (&stranger, Validity::Now, Class::TlsUnknownAuthority),
        (&known, Validity::Expired, Class::TlsCertificateTime),
        (&known, Validity::NotYet, Class::TlsCertificateTime),
    ] {
        let bad = TlsFront::start(authority.server(validity).unwrap(), central.address()).await.unwrap();
        person.sync.shutdown().await;
        person.sync = crate::person::start(&person.store, &bad.base_url(), quick(), roots.clone()).await;
        person
            .until_status("the certificate to be refused and the queue kept", |status| {
                (status.obstacle, status.waiting) == (Some(class), 1)
            })
            .await;
    }
    person.sync.shutdown().await;
    person.sync = crate::person::start(&person.store, &front.base_url(), quick(), roots).await;
    let command = person.enrol(training, None).await;
    assert_eq!(person.finished(command).await, "applied");
    person.caught_up().await;
    assert_eq!(at_central(&central, EMAIL).await.profile_rev, 1);
}
