//! Bad input: the app and central refuse the same values of every field, for the same reason. Central is asked through
//! the real queue, with commands that the app itself would never make.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests stop at the first surprise")]

mod support;

use std::collections::BTreeMap;

use prakerja_app::ipc::{ErrorCode, SignUpForm};
use prakerja_app::{App, ProfileField};
use prakerja_central::clock::Clock;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::scheme::{ConsentMoment, SCHEME_2020, SCHEME_2023, Scheme};
use prakerja_store::kind;
use prakerja_testkit::central::Central;
use support::person::sign_up;
use support::process::Process;
use support::queue::{answered, smuggle, store, verdicts};
use support::wait::until;
use support::{FakeKeyring, Mood, open};

const EMAIL: &str = "budi.s@contoh.id";
const PASSWORD: &str = "Kuda7hijau-minum";

/// What no field may take, and why.
fn refused() -> Vec<(ProfileField, String, FieldErrorCode)> {
    use FieldErrorCode::*;
    use ProfileField::*;
    let long = "x".repeat(400);
    let cases: Vec<(ProfileField, &str, FieldErrorCode)> = vec![
        (FullName, "   ", Required),
        (FullName, &long, TooLong),
        (FullName, "Budi123", InvalidCharacters),
        (FullName, "<script>alert(1)</script>", InvalidCharacters),
        (FullName, "Budi'; drop table person;--", InvalidCharacters),
        (FullName, "Budi\u{202e}idub", InvalidCharacters),
        (FullName, "布迪", InvalidCharacters),
        (Nik, "", Required),
        (Nik, "217101410203000", WrongLength),
        (Nik, "21710141020300070", WrongLength),
        (Nik, "2171014102030o07", NotDigits),
        (Nik, "2171017213030007", InvalidDate),
        (Nik, "2171014102030000", ZeroSerial),
        (KkNumber, "21710101", WrongLength),
        (KkNumber, "2171010102030000", ZeroSerial),
        (BirthDate, "2003-02-30", InvalidDate),
        (BirthDate, "besok", InvalidDate),
        (BirthDate, "2099-01-01", InFuture),
        (BirthDate, "2020-01-01", TooYoung),
        (BirthDate, "1930-01-01", TooOld),
        (Gender, "perempuan", UnknownOption),
        (Phone, "021 555 1234", InvalidPhone),
        (Phone, "+1 812 3456 7890", InvalidPhone),
        (Phone, "0812345678; drop", InvalidPhone),
        (KtpAddress, "Jl.", TooShort),
        (KtpAddress, &long, TooLong),
        (KtpAddress, "Jl. \u{200b}Kenanga 12", InvalidCharacters),
        (KtpRegion, "", Required),
        (KtpRegion, "2171", WrongLength),
        (KtpRegion, "9971041003", UnknownOption),
        (KtpRegion, "Batu Selicin", NotDigits),
        (DomicileSameAsKtp, "ya", UnknownOption),
        (DomicileAddress, "Jl. \u{202e}Kenanga 12", InvalidCharacters),
        (DomicileRegion, "2171040000", UnknownOption),
        (EducationLevel, "SMA", UnknownOption),
        (MaritalStatus, "kawin", UnknownOption),
        (DependantsCount, "21", OutOfRange),
        (DependantsCount, "-1", OutOfRange),
        (DependantsCount, "dua", NotDigits),
        (TrainingInterests, "terbang", UnknownOption),
        (TrainingInterests, "office,sales,design,food,farming,business", TooMany),
        (EmploymentStatus, "astronaut", UnknownOption),
    ];
    cases.into_iter().map(|(field, value, code)| (field, value.to_owned(), code)).collect()
}

/// What the app says of a value.
async fn by_the_app(app: &App, field: ProfileField, value: &str) -> Option<FieldError> {
    app.save_profile_field(field, value.to_owned()).await.unwrap();
    app.check_profile_fields(vec![field]).await.unwrap().errors.into_iter().next()
}

#[tokio::test]
async fn every_field_has_its_table() {
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let app = open(folder.path(), &keyring).await;
    for (field, value, code) in refused() {
        if matches!(field, ProfileField::DomicileAddress | ProfileField::DomicileRegion) {
            // Asked only of who lives elsewhere.
            app.save_profile_field(ProfileField::DomicileSameAsKtp, "no".to_owned()).await.unwrap();
        }
        let error = by_the_app(&app, field, &value).await;
        let error = error.unwrap_or_else(|| panic!("{field:?} took {value:?}"));
        assert_eq!((error.field.as_str(), error.code), (field.as_str(), code), "{value:?}");
    }
    // A name of one word is a name, and what a person writes with spaces is read.
    for (field, value) in [
        (ProfileField::FullName, "Suharto"),
        (ProfileField::FullName, "Ma\u{2019}ruf, S.Pd."),
        (ProfileField::Nik, "2171 0141 0203 0007"),
        (ProfileField::Phone, "(0812) 3456-7890"),
        (ProfileField::BirthDate, "2003-2-1"),
    ] {
        assert_eq!(by_the_app(&app, field, value).await, None, "{value:?}");
    }
    let endless = app.save_profile_field(ProfileField::DomicileAddress, "x".repeat(1_001)).await.unwrap_err();
    assert_eq!((endless.code, endless.fields[0].code), (ErrorCode::Validation, FieldErrorCode::TooLong));
}

/// The revision of the personal data that central has. The app is closed.
async fn record(folder: &std::path::Path, keyring: &FakeKeyring) -> Option<i64> {
    let store = store(folder, keyring).await;
    let account = store.current_account().await.unwrap().unwrap().id;
    let record = store.profile(account).await.unwrap().base_rev;
    store.close().await;
    record
}

#[tokio::test(flavor = "multi_thread")]
async fn declarations_are_refused_alike_in_every_scheme() {
    for text in [SCHEME_2020, SCHEME_2023] {
        let scheme = Scheme::read(text).unwrap();
        let version = scheme.version.clone();
        let central = Central::start_with(Clock::System, |config| config.scheme = version).await.unwrap();
        let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
        let process = Process::start(folder.path(), &keyring, central.base_url()).await;
        sign_up(&process, &central, EMAIL).await;
        until("the app knows the scheme", || async {
            let view = process.ask(|app| async move { app.get_registration().await }).await.unwrap();
            (view.scheme == scheme.version).then_some(())
        })
        .await;
        let by_the_app = async || process.ask(|app| async move { app.submit_declarations().await }).await.unwrap_err();
        // Nothing; then everything but the last question and the first consent.
        let nothing = by_the_app().await;
        let sheet = process.ask(|app| async move { app.get_declarations().await }).await.unwrap();
        let (last, first) = (&sheet.questions.last().unwrap().id, &sheet.consents[0].id);
        for id in sheet.questions.iter().map(|row| row.id.clone()).filter(|id| id != last) {
            process.ask(move |app| async move { app.save_declaration(&id, true).await }).await.unwrap();
        }
        for id in sheet.consents.iter().map(|row| row.id.clone()).filter(|id| id != first) {
            process.ask(move |app| async move { app.save_consent(&id, true).await }).await.unwrap();
        }
        let almost = by_the_app().await;
        assert_eq!((nothing.code, almost.fields.len()), (ErrorCode::Validation, 2), "{almost:?}");
        process.quit().await;

        let answers = scheme.declarations.iter().filter(|it| it.id != *last);
        let answers: Vec<_> = answers
            .map(|it| serde_json::json!({ "id": it.id, "version": it.version, "answer": true, "answered_at": 1 }))
            .collect();
        let asked = scheme.consents.iter().filter(|it| it.at == ConsentMoment::Declarations && it.id != *first);
        let consents: Vec<_> =
            asked.map(|it| serde_json::json!({ "id": it.id, "version": it.version, "given_at": 1 })).collect();
        let submit = |answers, consents| {
            let payload = serde_json::json!({ "scheme": scheme.version, "answers": answers, "consents": consents });
            (kind::DECLARATIONS_SUBMIT, payload)
        };
        smuggle(folder.path(), &keyring, &[submit(Vec::new(), Vec::new()), submit(answers, consents)]).await;
        answered(folder.path(), &keyring, &central).await.quit().await;
        let verdicts = verdicts(folder.path(), &keyring, kind::DECLARATIONS_SUBMIT).await;
        for (number, said) in [nothing.fields, almost.fields].into_iter().enumerate() {
            let (status, problem) = &verdicts[&number];
            assert_eq!((status.as_str(), &problem.as_ref().unwrap().fields), ("rejected", &said), "{}", scheme.version);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn central_refuses_the_same_for_the_same_reason() {
    let central = Central::start().await.unwrap();
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let process = Process::start(folder.path(), &keyring, central.base_url()).await;
    sign_up(&process, &central, EMAIL).await;
    process.quit().await;

    let values = refused();
    let patch = |(field, value, _): &(ProfileField, String, FieldErrorCode)| {
        (kind::PROFILE_PATCH, serde_json::json!({ "fields": { field.as_str(): value } }))
    };
    smuggle(folder.path(), &keyring, &values.iter().map(patch).collect::<Vec<_>>()).await;
    let process = answered(folder.path(), &keyring, &central).await;
    let profile = process.ask(|app| async move { app.get_profile().await }).await.unwrap();
    let newest: BTreeMap<_, _> = values.iter().map(|(field, value, code)| (*field, (value.clone(), *code))).collect();
    let shown = |field: &ProfileField| profile.values.get(field).cloned().unwrap_or_default();
    assert!(newest.iter().all(|(field, (value, _))| shown(field) == *value), "lost: {:?}", profile.values);
    let named: BTreeMap<_, _> = profile.refused.iter().map(|error| (error.field.clone(), error.code)).collect();
    let expected = newest.iter().map(|(field, (_, code))| (field.as_str().to_owned(), *code));
    assert_eq!(named, expected.collect(), "the newest of every field is named");
    process.quit().await;

    assert_eq!(record(folder.path(), &keyring).await, None, "nothing of it took effect");
    let verdicts = verdicts(folder.path(), &keyring, kind::PROFILE_PATCH).await;
    assert_eq!(verdicts.len(), values.len());
    for (number, (field, value, code)) in values.iter().enumerate() {
        let (status, problem) = &verdicts[&number];
        assert_eq!(status, "rejected", "{field:?} {value:?}");
        let fields = &problem.as_ref().unwrap_or_else(|| panic!("{field:?} {value:?} has no reason")).fields;
        let said: Vec<_> = fields.iter().map(|error| (error.field.as_str(), error.code)).collect();
        assert_eq!(said, [(field.as_str(), *code)], "{value:?}");
    }
}

#[tokio::test]
async fn the_sign_up_form_names_every_wrong_field() {
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let app = open(folder.path(), &keyring).await;
    let form = |email: &str, password: &str, again: &str, terms, privacy| SignUpForm {
        email: email.into(),
        password: password.into(),
        password_confirmation: again.into(),
        accept_terms: terms,
        accept_privacy: privacy,
    };
    use FieldErrorCode::*;
    let long = "aB1".repeat(70);
    let cases: Vec<(SignUpForm, Vec<(&str, FieldErrorCode)>)> = vec![
        (
            form("", "", "", false, false),
            vec![
                ("email", Required),
                ("password", Required),
                ("accept_terms", NotAccepted),
                ("accept_privacy", NotAccepted),
            ],
        ),
        (form("budi", PASSWORD, PASSWORD, true, true), vec![("email", InvalidEmail)]),
        (form("budi@contoh.id'; drop table account;--", PASSWORD, PASSWORD, true, true), vec![("email", InvalidEmail)]),
        (form(EMAIL, "Abc1", "Abc1", true, true), vec![("password", TooShort)]),
        (form(EMAIL, &long, &long, true, true), vec![("password", TooLong)]),
        (form(EMAIL, "Budi.S2026x", "Budi.S2026x", true, true), vec![("password", ContainsEmail)]),
        (form(EMAIL, PASSWORD, "Kuda7hijau-minun", true, true), vec![("password_confirmation", Mismatch)]),
        (form(EMAIL, PASSWORD, PASSWORD, true, false), vec![("accept_privacy", NotAccepted)]),
    ];
    for (number, (form, expected)) in cases.into_iter().enumerate() {
        let error = app.sign_up(form).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Validation, "case {number}");
        let said: Vec<_> = error.fields.iter().map(|error| (error.field.as_str(), error.code)).collect();
        assert_eq!(said, expected, "case {number}");
    }
    assert_eq!(app.get_pending_code().await.unwrap(), None);
    for code in ["", "12345", "12 34 5x", "1234567"] {
        let error = app.confirm_code(code).await.unwrap_err();
        assert_eq!((error.code, error.fields[0].field.as_str()), (ErrorCode::Validation, "code"), "{code:?}");
    }
}

#[tokio::test]
async fn a_search_takes_whatever_is_typed() {
    let (folder, keyring) = (tempfile::tempdir().unwrap(), FakeKeyring::new(Mood::Working));
    let app = open(folder.path(), &keyring).await;
    let long = "barista ".repeat(1_000);
    for text in ["", "\"", "*", "AND OR NOT", "title:x", "'; drop table training;--", "<b>", "\u{202e}", "布迪", &long]
    {
        let query = prakerja_app::ipc::TrainingQuery { text: text.into(), ..Default::default() };
        let page = app.search_trainings(query).await.unwrap();
        assert_eq!((page.total, page.stored, page.as_of), (0, 0, None), "{text:?}");
    }
}
