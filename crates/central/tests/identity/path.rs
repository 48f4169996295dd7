//! The whole path that needs no document: registry, face, phone, declarations.

use prakerja_central::config::Config;
use prakerja_central::registration::forced;
use prakerja_domain::registration::{DocumentState, FaceCheck, Facts, IdentityMatch, RegistrationState as S};
use prakerja_protocol::application::NoticeKind::*;
use prakerja_protocol::sync::CommandStatus::Applied;
use uuid::Uuid;

use crate::applicant::*;
use crate::started::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_registry_to_the_declarations_under_both_schemes() {
    for version in ["2020", "2023"] {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { scheme: version.to_owned(), ..config(folder.path()) };
        walk(&Started::open(folder, config).await.unwrap()).await;
    }
}

async fn walk(central: &Started) {
    let sari = with_profile(central, &nik(1)).await;
    assert_eq!(case(&sari).await.state, S::NotStarted);
    assert!(case(&sari).await.facts.profile_complete);

    let asked = sari.push(&submit()).await;
    assert_eq!((asked.status, asked.rev), (Applied, Some(2)));
    let found = until(&sari, |case| case.facts.identity == Some(IdentityMatch::Matched)).await;
    assert_eq!(found.state, S::ProfileCompleted);
    assert_eq!((found.identity.unwrap().differs, found.case_number.len()), (vec![], 13));

    // The photo is the documents' matter.
    let facts = Facts { ktp_photo: Some(DocumentState::Accepted), ..case(&sari).await.facts };
    forced::facts(&central.central, sari.id, facts).await.unwrap();
    let session = face_session(&sari).await;
    assert!(session.sandbox && session.url.starts_with(&central.base), "{session:?}");
    assert_eq!((session.expires_in_s, session.provider.as_str()), (900, "SANDBOX"));
    assert_eq!(case(&sari).await.state, S::FacePending);
    press(&sari, &session, "pass").await;
    until(&sari, |case| case.facts.face == Some(FaceCheck::Verified)).await;

    let sent = code_sent(&sari).await;
    assert_eq!((sent.ends_with.as_str(), sent.expires_in_s, sent.tries), ("7890", 300, 3));
    assert_eq!((sent.resends_left, sent.resend_after_s), (5, 60));
    assert_eq!(case(&sari).await.state, S::PhoneOtpSent);
    let code = code_number(central, PHONE, 1).await;
    let answer: serde_json::Value = ok(confirm(&sari, Uuid::new_v4(), &code).await).await;
    assert_eq!(answer.as_object().unwrap().keys().collect::<Vec<_>>(), ["api", "request_id"]);
    let verified = case(&sari).await;
    assert_eq!((verified.state, verified.phone.unwrap().verified_at), (S::PhoneVerified, Some(NOW)));

    assert_eq!(sari.push(&declare(&declared(central))).await.status, Applied);
    let last = case(&sari).await;
    assert_eq!((last.state, last.declarations.unwrap().reasons), (S::TestAvailable, vec![]));
    assert_eq!(
        notices(&sari).await,
        [IdentitySubmitted, IdentityMatched, FaceVerified, PhoneVerified, DeclarationsReceived]
    );
    central.stop().await;
}
