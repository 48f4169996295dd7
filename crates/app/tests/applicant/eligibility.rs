//! May I take part? Before there is an account, without a network.

use prakerja_app::ipc::ErrorCode;
use prakerja_app::ipc::registration::{EligibilityForm, RegionLevel};
use prakerja_domain::eligibility::{Answer, Eligibility, EmploymentStatus, Position, Reason};
use prakerja_domain::field::FieldErrorCode;

use super::support::{FakeKeyring, Mood, open};

fn good() -> EligibilityForm {
    EligibilityForm {
        citizen: Some(Answer::Yes),
        birth_date: Some("2000-1-1".into()),
        in_formal_education: Some(Answer::No),
        employment: Some(EmploymentStatus::LaidOff),
        position: Some(Position::None),
        receives_other_aid: None,
        was_recipient: Some(Answer::No),
        family_card_full: Some(Answer::No),
    }
}

#[tokio::test]
async fn the_check_answers_before_there_is_an_account_and_after_a_restart() {
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let app = open(folder.path(), &keyring).await;
    let before = app.get_eligibility().await.unwrap();
    assert_eq!((before.scheme.as_str(), before.min_age, before.max_age), ("2023", 18, Some(64)));
    assert!(!before.asks_other_aid && before.result.is_none() && before.checked_at.is_none());
    let cases = [
        (good(), Eligibility::Eligible),
        (
            EligibilityForm { citizen: Some(Answer::No), birth_date: Some("2015-06-01".into()), ..good() },
            Eligibility::Ineligible { reasons: vec![Reason::NotCitizen, Reason::TooYoung] },
        ),
        (
            EligibilityForm { position: Some(Position::Police), ..good() },
            Eligibility::Ineligible { reasons: vec![Reason::Police] },
        ),
        (
            EligibilityForm { family_card_full: Some(Answer::Unsure), ..good() },
            Eligibility::NeedsServerCheck { about: vec![Reason::FamilyCardFull] },
        ),
    ];
    for (answers, expected) in cases {
        let view = app.check_eligibility(answers.clone()).await.unwrap();
        assert_eq!((view.result, &view.answers), (Some(expected.clone()), &answers));
        assert_eq!(app.get_eligibility().await.unwrap().result, Some(expected));
    }
    app.close().await;
    let app = open(folder.path(), &keyring).await;
    assert!(app.get_eligibility().await.unwrap().checked_at.is_some(), "kept");
}

#[tokio::test]
async fn open_questions_are_named_and_what_was_answered_stays() {
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let app = open(folder.path(), &keyring).await;
    let partly = EligibilityForm { employment: None, was_recipient: None, birth_date: Some("besok".into()), ..good() };
    let refused = app.check_eligibility(partly.clone()).await.unwrap_err();
    let fields: Vec<_> = refused.fields.iter().map(|error| (error.field.as_str(), error.code)).collect();
    let required = FieldErrorCode::Required;
    let expected = [("was_recipient", required), ("employment", required), ("birth_date", FieldErrorCode::InvalidDate)];
    assert_eq!((refused.code, fields.as_slice()), (ErrorCode::Validation, &expected[..]));
    let kept = app.get_eligibility().await.unwrap();
    assert_eq!((kept.answers, kept.result), (partly, None));
    let future = EligibilityForm { birth_date: Some("2999-01-01".into()), ..good() };
    let refused = app.check_eligibility(future).await.unwrap_err();
    assert_eq!(refused.fields[0].code, FieldErrorCode::InFuture);
}

#[tokio::test]
async fn every_region_is_found_offline() {
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let app = open(folder.path(), &keyring).await;
    let provinces = app.search_regions(RegionLevel::Province, None, " ".into()).await.unwrap();
    assert_eq!(provinces.len(), 38);
    let batam = app.search_regions(RegionLevel::Regency, Some("21".into()), "batam".into()).await.unwrap();
    assert_eq!((batam[0].code.as_str(), batam[0].within.as_slice()), ("2171", &["Kepulauan Riau".to_owned()][..]));
    let districts = app.search_regions(RegionLevel::District, Some("2171".into()), String::new()).await.unwrap();
    assert!(districts.iter().all(|district| district.code.starts_with("2171")) && !districts.is_empty());
    assert!(app.search_regions(RegionLevel::Village, Some("2171".into()), String::new()).await.unwrap().is_empty());
    let path = app.get_region("2171041003".into()).await.unwrap();
    let codes: Vec<_> = path.iter().map(|region| region.code.as_str()).collect();
    assert_eq!(codes, ["21", "2171", "217104", "2171041003"]);
    assert_eq!(path[3].within.len(), 3);
    assert!(app.get_region("99".into()).await.unwrap().is_empty());
}
