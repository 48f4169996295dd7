//! What was matched cannot be changed; everything else can.

use prakerja_central::registration::forced;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::profile::ProfileField::{self, *};
use prakerja_domain::registration::{Facts, IdentityMatch, PhoneCheck, RegistrationState as S};
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus::{Applied, Rejected};

use crate::applicant::*;
use crate::started::*;

/// Another valid value of each field.
fn others() -> Vec<(ProfileField, &'static str, bool)> {
    vec![
        (FullName, "Sari W", true),
        (Nik, "2171014102030002", true),
        (KkNumber, "2171010506180009", true),
        (BirthDate, "2003-02-02", true),
        (Gender, "male", true),
        (Phone, "081299990000", false),
        (KtpAddress, "Jl. Kenanga 5", false),
        (KtpRegion, "2171041004", false),
        (DomicileSameAsKtp, "no", false),
        (DomicileAddress, "Jl. Ahmad Yani 5", false),
        (DomicileRegion, "2171041003", false),
        (EducationLevel, "s2", false),
        (MaritalStatus, "married", false),
        (DependantsCount, "3", false),
        (EmploymentStatus, "laid_off", false),
        (TrainingInterests, "sales", false),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn matched_fields_are_refused_one_by_one_and_the_others_stay_editable() {
    let central = Started::sqlite().await;
    for identity in [IdentityMatch::Matched, IdentityMatch::Pending] {
        let person = with_profile(&central, &nik(1)).await;
        let facts = Facts { identity: Some(identity), ..Facts::default() };
        forced::facts(&central.central, person.id, facts).await.unwrap();
        for (field, value, frozen) in others() {
            let result = person.push(&patch(None, &[(field, Some(value))])).await;
            if frozen {
                assert_eq!((result.status, code(&result)), (Rejected, ProblemCode::Validation), "{field:?}");
                let expected = FieldError::new(field.as_str(), FieldErrorCode::Frozen);
                assert_eq!(result.problem.unwrap().fields, [expected]);
                assert_eq!(code(&person.push(&patch(None, &[(field, None)])).await), ProblemCode::Validation);
            } else {
                assert_eq!(result.status, Applied, "{field:?}");
            }
        }
        // The value that is there is no change, and one frozen field holds the whole patch back.
        assert_eq!(person.push(&patch(None, &[(Nik, Some(nik(1).as_str()))])).await.status, Applied);
        let both =
            person.push(&patch(None, &[(FullName, Some("Ani")), (DependantsCount, Some("9")), (Nik, None)])).await;
        let names: Vec<String> = both.problem.unwrap().fields.into_iter().map(|error| error.field).collect();
        assert_eq!(names, ["full_name", "nik"]);
    }
    for identity in [IdentityMatch::Mismatch, IdentityMatch::KkQuotaFull] {
        let person = with_profile(&central, &nik(1)).await;
        let facts = Facts { identity: Some(identity), ..Facts::default() };
        forced::facts(&central.central, person.id, facts).await.unwrap();
        for (field, value, _) in others() {
            assert_eq!(person.push(&patch(None, &[(field, Some(value))])).await.status, Applied, "{field:?}");
        }
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_case_follows_the_personal_data() {
    let central = Started::sqlite().await;
    let person = matched(&central, &nik(1)).await;
    person.push(&patch(None, &[(EducationLevel, None)])).await;
    assert_eq!(case(&person).await.state, S::NikMatched);
    let before = feed(&person).await.0.len();
    person.push(&patch(None, &[(MaritalStatus, Some("married"))])).await;
    assert_eq!(feed(&person).await.0.len(), before + 1, "a case that stays the same is not told again");
    person.push(&patch(None, &[(EducationLevel, Some("s2"))])).await;
    assert_eq!(case(&person).await.state, S::ProfileCompleted);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_age_counts_at_registration() {
    let central = Started::sqlite().await;
    let mut people = Vec::new();
    // A week before the 65th birthday; whether an edit after it leaves the personal data complete.
    for (identity, complete_after) in [
        (IdentityMatch::Matched, true),
        (IdentityMatch::Pending, true),
        (IdentityMatch::Mismatch, false),
        (IdentityMatch::KkQuotaFull, false),
    ] {
        let person = with_profile(&central, &nik(1)).await;
        let born = person.push(&patch(None, &[(BirthDate, Some("1961-11-30"))])).await;
        assert_eq!(born.status, Applied, "{born:?}");
        let facts = Facts { identity: Some(identity), profile_complete: true, ..Facts::default() };
        forced::facts(&central.central, person.id, facts).await.unwrap();
        people.push((person, identity, complete_after));
    }
    central.central.clock.advance_ms(10 * 24 * 3_600_000);
    for (person, identity, complete_after) in people {
        assert_eq!(person.push(&patch(None, &[(EducationLevel, Some("s2"))])).await.status, Applied, "{identity:?}");
        assert_eq!(case(&person).await.facts.profile_complete, complete_after, "{identity:?}");
        let again = person.push(&patch(None, &[(BirthDate, Some("1961-11-30"))])).await;
        assert_eq!(again.status == Applied, complete_after, "{identity:?}: the date that is there");
    }
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_phone_is_not_the_one_that_was_verified() {
    let central = Started::sqlite().await;
    let person = with_photo(&central, &nik(1)).await;
    let facts = Facts {
        face: Some(prakerja_domain::registration::FaceCheck::Verified),
        phone: Some(PhoneCheck::Verified),
        ..case(&person).await.facts
    };
    forced::facts(&central.central, person.id, facts).await.unwrap();
    assert_eq!(case(&person).await.state, S::PhoneVerified);
    person.push(&patch(None, &[(Phone, Some("081299990000"))])).await;
    let changed = case(&person).await;
    assert_eq!((changed.state, changed.phone), (S::FaceVerified, None));
    assert_eq!(code_sent(&person).await.ends_with, "0000");
    central.stop().await;
}
