//! Each case asks the parties of its own scheme, and where its scheme has none those that all share.

use prakerja_central::config::{self, Config, OfScheme};
use prakerja_domain::registration::{DocumentState, FaceCheck, Facts, IdentityMatch};
use prakerja_protocol::problem::ProblemCode::PartyUnavailable;
use prakerja_protocol::sync::CommandStatus::{Applied, Retry};
use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

use crate::adapters::fits;
use crate::applicant::*;
use crate::started::*;
use crate::stub::{Answer, Asked, Stub};

/// One of each party.
struct Parties {
    name: &'static str,
    registry: Stub,
    sms: Stub,
    face: Stub,
}

impl Parties {
    async fn start(name: &'static str) -> Self {
        // Begins a check, and says that it was passed whenever it is asked.
        let checked = json!({ "id": "s", "url": "https://wajah.example.org/s", "result": "passed" });
        Self {
            name,
            registry: Stub::start(fits()).await,
            sms: Stub::start(Answer::Json(json!({ "accepted": true }))).await,
            face: Stub::start(Answer::Json(checked)).await,
        }
    }

    fn token(&self) -> Option<SecretString> {
        Some(SecretString::from(self.name))
    }

    fn registry(&self) -> Option<config::Registry> {
        Some(config::Registry { url: self.registry.url.clone(), token: self.token(), timeout_s: 5 })
    }

    fn sms(&self) -> Option<config::Sms> {
        let (url, sender) = (self.sms.url.clone(), self.name.to_owned());
        Some(config::Sms { url, token: self.token(), sender, timeout_s: 5 })
    }

    fn face(&self) -> Option<config::Face> {
        let (url, provider) = (self.face.url.clone(), self.name.to_owned());
        Some(config::Face { url, token: self.token(), provider, timeout_s: 5, poll_s: 5 })
    }

    fn of_scheme(&self) -> OfScheme {
        OfScheme { registry: self.registry(), sms: self.sms(), face: self.face(), question_files: None }
    }

    async fn were_not_asked(&self) -> bool {
        self.registry.nothing_more().await && self.sms.nothing_more().await && self.face.nothing_more().await
    }
}

/// With which token a party was asked.
fn bearer_of(asked: &Asked) -> &str {
    asked.headers["authorization"].to_str().unwrap()
}

/// Somebody who registered under the scheme of 2020, and a central of 2023 on the same data, configured anew.
async fn moved_on(configure: impl FnOnce(&mut Config)) -> (Person, Started) {
    let folder = tempfile::tempdir().unwrap();
    let before = Config { demo: false, scheme: "2020".to_owned(), ..config(folder.path()) };
    let first = Started::open(folder, before).await.unwrap();
    let person = with_profile(&first, &nik(1)).await;
    first.stop().await;
    let Started { folder, .. } = first;
    let mut after = Config { demo: false, scheme: "2023".to_owned(), ..config(folder.path()) };
    configure(&mut after);
    let second = Started::open(folder, after).await.unwrap();
    let person = person.at(&second.base);
    assert_eq!(case(&person).await.scheme, "2020");
    (person, second)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_case_asks_the_parties_of_its_own_scheme() {
    let (own, shared) = (Parties::start("milik-2020").await, Parties::start("bersama").await);
    let (sari, central) = moved_on(|config| {
        config.by_scheme.insert("2020".to_owned(), own.of_scheme());
        (config.registry, config.sms, config.face) = (shared.registry(), shared.sms(), shared.face());
    })
    .await;
    let budi = with_profile(&central, &nik(2)).await;
    assert_eq!(case(&budi).await.scheme, "2023");
    for (person, number, asked, others) in [(&sari, nik(1), &own, &shared), (&budi, nik(2), &shared, &own)] {
        let bearer = format!("Bearer {}", asked.name);
        assert_eq!(person.push(&submit()).await.status, Applied);
        let matched = until(person, |case| case.facts.identity == Some(IdentityMatch::Matched)).await;
        let question = asked.registry.next().await;
        assert_eq!((question.body["nik"].as_str(), bearer_of(&question)), (Some(number.as_str()), bearer.as_str()));

        let facts = Facts { ktp_photo: Some(DocumentState::Accepted), ..matched.facts };
        prakerja_central::registration::forced::facts(&central.central, person.id, facts).await.unwrap();
        let session = face_session(person).await;
        assert_eq!((session.provider.as_str(), session.sandbox), (asked.name, false));
        until(person, |case| case.facts.face == Some(FaceCheck::Verified)).await;
        for path in ["/api/sessions", "/api/sessions/s"] {
            let request = asked.face.next().await;
            assert_eq!((request.path.as_str(), bearer_of(&request)), (path, bearer.as_str()));
        }

        code_sent(person).await;
        let text = asked.sms.next().await;
        assert_eq!((text.body["sender"].as_str(), bearer_of(&text)), (Some(asked.name), bearer.as_str()));
        assert!(others.were_not_asked().await && asked.were_not_asked().await, "{}", asked.name);
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scheme_without_a_party_of_its_own_has_the_shared_one_or_none() {
    let (own, shared) = (Parties::start("milik-2020").await, Parties::start("bersama").await);
    // The old scheme has its registry and nothing else; only face checks are shared.
    let (sari, central) = moved_on(|config| {
        let of_scheme = OfScheme { registry: own.registry(), ..OfScheme::default() };
        config.by_scheme.insert("2020".to_owned(), of_scheme);
        config.face = shared.face();
    })
    .await;
    let budi = with_profile(&central, &nik(2)).await;
    let waits = budi.push(&submit()).await;
    assert_eq!((waits.status, code(&waits)), (Retry, PartyUnavailable));
    assert_eq!(sari.push(&submit()).await.status, Applied);
    let matched = until(&sari, |case| case.facts.identity == Some(IdentityMatch::Matched)).await;
    own.registry.next().await;

    let facts = Facts { ktp_photo: Some(DocumentState::Accepted), ..matched.facts };
    prakerja_central::registration::forced::facts(&central.central, sari.id, facts).await.unwrap();
    assert_eq!(face_session(&sari).await.provider, "bersama");
    until(&sari, |case| case.facts.face == Some(FaceCheck::Verified)).await;
    assert_eq!(problem_of(ask_code(&sari, Uuid::new_v4()).await).await.code, PartyUnavailable);
    assert!(own.were_not_asked().await && shared.registry.nothing_more().await && shared.sms.nothing_more().await);
    central.stop().await;
}
