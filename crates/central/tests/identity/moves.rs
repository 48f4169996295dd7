//! How outside events move a registration from state to state, and which come too early, too late or to nobody. Each row
//! begins in a state and follows events; `No` leaves everything as it was.

use prakerja_central::config::{Config, Review};
use prakerja_central::registration::{forced, operator};
use prakerja_domain::registration::{Facts, RegistrationState as S};
use prakerja_protocol::registration::BlockReason;
use uuid::Uuid;

use crate::applicant::*;
use crate::journey::journey;
use crate::life::Event::{self, *};
use crate::life::{Life, office};
use crate::started::*;

#[derive(Debug, Clone, Copy)]
enum Then {
    To(S),
    /// Refused with this word or code.
    No(&'static str),
}

use Then::{No, To};

type Row = (S, &'static [(Event, Then)]);

const FITS: Event = Registry(1);
const DIFFERS: Event = Registry(9);
const UNKNOWN: Event = Registry(5);
const RECIPIENT: Event = Registry(8);
const FAMILY_FULL: Event = Registry(7);

const REGISTRY: &[Row] = &[
    (S::NotStarted, &[(FITS, To(S::ProfileCompleted)), (FITS, No("done"))]),
    (S::NotStarted, &[(DIFFERS, To(S::NikMismatch)), (UNKNOWN, To(S::NikMismatch)), (FITS, To(S::ProfileCompleted))]),
    (
        S::NotStarted,
        &[(FAMILY_FULL, To(S::KkQuotaFull)), (FAMILY_FULL, To(S::KkQuotaFull)), (DIFFERS, To(S::NikMismatch))],
    ),
    (S::NotStarted, &[(RECIPIENT, To(S::NikAlreadyRecipient)), (FITS, No("ended"))]),
    (S::NikMismatch, &[(RECIPIENT, To(S::NikAlreadyRecipient))]),
    (S::KkQuotaFull, &[(FITS, To(S::ProfileCompleted))]),
    (S::NikSubmitted, &[(FITS, No("under_way"))]),
    (S::NikMatched, &[(FITS, No("done"))]),
    (S::Ineligible, &[(FITS, No("ended"))]),
    (S::TestEvaluated, &[(FITS, No("done"))]),
    // What came before its turn counts when the registry has answered.
    (S::NotStarted, &[(Declares(true), To(S::Ineligible)), (FITS, No("ended"))]),
    (S::NotStarted, &[(Declares(false), To(S::NotStarted)), (FITS, To(S::ProfileCompleted))]),
    (S::NotStarted, &[(PhotoComes, To(S::NotStarted)), (FITS, To(S::KtpPhotoSubmitted))]),
    // The office looks at it for the name and number that were matched, whatever was typed before.
    (
        S::NotStarted,
        &[
            (PhotoComes, To(S::NotStarted)),
            (Photo(true), No("too_early")),
            (DIFFERS, To(S::NikMismatch)),
            (Photo(true), No("too_early")),
            // Refused it may be before: another one may come.
            (Photo(false), To(S::NikMismatch)),
            (PhotoComes, To(S::NikMismatch)),
            (FITS, To(S::KtpPhotoSubmitted)),
            (Photo(true), To(S::KtpPhotoAccepted)),
        ],
    ),
];

const PHOTO: &[Row] = &[
    (
        S::ProfileCompleted,
        &[(Photo(true), No("not-found")), (PhotoComes, To(S::KtpPhotoSubmitted)), (PhotoComes, No("under_way"))],
    ),
    (
        S::ProfileCompleted,
        &[
            (PhotoComes, To(S::KtpPhotoSubmitted)),
            (Photo(true), To(S::KtpPhotoAccepted)),
            (Photo(false), No("already-applied")),
        ],
    ),
    (
        S::ProfileCompleted,
        &[
            (PhotoComes, To(S::KtpPhotoSubmitted)),
            (Photo(false), To(S::KtpPhotoRejected)),
            (Photo(true), No("already-applied")),
            (PhotoComes, To(S::KtpPhotoSubmitted)),
            (Photo(true), To(S::KtpPhotoAccepted)),
            (PhotoComes, No("done")),
        ],
    ),
];

const FACE: &[Row] = &[
    (S::ProfileCompleted, &[(Face("pass"), No("too_early"))]),
    (S::KtpPhotoAccepted, &[(Face("pass"), To(S::FaceVerified)), (Face("fail"), No("done"))]),
    (S::KtpPhotoAccepted, &[(Face("fail"), To(S::FaceFailed)), (Face("pass"), To(S::FaceVerified))]),
    (
        S::KtpPhotoAccepted,
        &[
            (OfficeFace(true), No("too_early")),
            (Face("fail"), To(S::FaceFailed)),
            (OfficeFace(true), No("too_early")),
            (Face("fail"), To(S::FaceFailed)),
            (Face("fail"), To(S::ManualReview)),
            (Face("pass"), No("under_way")),
            (OfficeFace(false), To(S::FaceFailed)),
            (Face("pass"), To(S::FaceVerified)),
            (OfficeFace(false), No("too_early")),
        ],
    ),
    (S::ManualReview, &[(OfficeFace(true), To(S::FaceVerified))]),
    (S::FacePending, &[(Face("pass"), To(S::FaceVerified))]),
    (S::Ineligible, &[(Face("pass"), No("ended"))]),
];

const REST: &[Row] = &[
    (S::KtpPhotoAccepted, &[(CodeSent, No("too_early")), (Code(true), No("too_early"))]),
    (
        S::FaceVerified,
        &[
            (Code(true), No("too_early")),
            (CodeSent, To(S::PhoneOtpSent)),
            (Code(false), No("wrong-code")),
            (Code(true), To(S::PhoneVerified)),
            (CodeSent, No("done")),
            (OtherPhone, To(S::FaceVerified)),
        ],
    ),
    (S::PhoneOtpSent, &[(OtherPhone, To(S::FaceVerified)), (Code(true), No("too_early"))]),
    (S::PhoneVerified, &[(Declares(false), To(S::TestAvailable)), (Declares(true), No("done"))]),
    (
        S::PhoneVerified,
        &[(TestBegins, No("too_early")), (Declares(true), To(S::Ineligible)), (Declares(false), No("ended"))],
    ),
    (
        S::TestAvailable,
        &[
            (TestHandedIn, No("too_early")),
            (TestBegins, To(S::TestInProgress)),
            (TestHandedIn, To(S::TestEvaluated)),
            (TestBegins, No("done")),
            (TestHandedIn, No("done")),
        ],
    ),
    // The number that was verified is another's now: the phone is open again, and nothing else.
    (S::TestEvaluated, &[(OtherPhone, To(S::FaceVerified)), (TestBegins, No("done"))]),
];

/// A central whose office looks at photos.
async fn central() -> Started {
    let folder = tempfile::tempdir().unwrap();
    let mut config: Config = config(folder.path());
    config.documents.review = Some(Review::Office);
    Started::open(folder, config).await.unwrap()
}

fn facts_of(state: S) -> Facts {
    journey().into_iter().find(|(named, _)| *named == state).unwrap().1
}

async fn live(central: &Started, rows: &[Row]) {
    for (nth, (from, events)) in (1..).zip(rows) {
        let serial = nth * 10;
        let person = with_profile(central, &nik(serial)).await;
        let complete = case(&person).await.facts.profile_complete;
        let facts = Facts { profile_complete: complete && *from != S::NikMatched, ..facts_of(*from) };
        forced::facts(&central.central, person.id, facts).await.unwrap();
        let mut life = Life::new(central, person, serial);
        for (at, (event, then)) in events.iter().enumerate() {
            let before = case(&life.person).await;
            let came = life.happens(*event).await;
            let after = case(&life.person).await;
            let place = format!("row {nth} from {from:?}, event {at}: {event:?}");
            match then {
                To(state) => assert_eq!((came, after.state), (Ok(()), *state), "{place}"),
                No(why) => {
                    assert_eq!(came, Err((*why).to_owned()), "{place}");
                    assert_eq!((after.state, after.facts), (before.state, before.facts), "{place}");
                }
            }
        }
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_registry_moves_a_registration() {
    live(&central().await, REGISTRY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_moves_a_photo() {
    live(&central().await, PHOTO).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn provider_and_office_move_a_face_check() {
    live(&central().await, FACE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn phone_declarations_and_test_move_the_rest() {
    live(&central().await, REST).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_moves_no_state_and_is_lifted_from_each() {
    let central = central().await;
    for (nth, (state, facts)) in (1..).zip(journey()) {
        let person = with_profile(&central, &nik(nth * 10)).await;
        forced::facts(&central.central, person.id, facts).await.unwrap();
        let mut life = Life::new(&central, person, nth * 10);
        for (event, blocked) in [(Unblock, false), (Block, true), (Block, true), (Unblock, false), (Unblock, false)] {
            assert_eq!(life.happens(event).await, Ok(()));
            let case = case(&life.person).await;
            assert_eq!((case.state, case.facts), (state, Facts { blocked, ..facts }), "{event:?}");
            assert_eq!(case.blocked.is_some(), blocked);
            if blocked {
                assert_eq!(life.happens(Declares(true)).await, Err("blocked".to_owned()), "{state:?}");
            }
        }
    }
    let nobody = operator::block(&central.central, Uuid::now_v7(), BlockReason::Automation, None).await;
    assert_eq!(office(nobody), Err("not-found".to_owned()));
    central.stop().await;
}
