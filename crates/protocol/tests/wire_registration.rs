//! Messages from registration to membership as they stand on the wire. A change here is a change for every app that is out
//! there.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use prakerja_domain::admission::TestScore;
use prakerja_domain::application::{ApplicationState, LeftOff, NotDrawn};
use prakerja_domain::declaration::DeclarationAnswer;
use prakerja_domain::eligibility::Reason;
use prakerja_domain::membership::MembershipState;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::*;
use prakerja_domain::scheme::{PriorityClass, Words};
use prakerja_domain::wave::{Counted, Drawing, LateRule};
use prakerja_protocol::application::*;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::registration::*;
use prakerja_protocol::sync::{ClockEvidence, Command, CommandEnvelope};
use prakerja_protocol::upload::{self, NewUpload, UploadStatus};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// Pins the JSON, and that reading it gives the same JSON again.
#[track_caller]
fn pin<T: Serialize + DeserializeOwned>(name: &str, value: &T) {
    let json = serde_json::to_value(value).unwrap();
    let read: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), json, "{name} changes when it is read");
    insta::assert_json_snapshot!(name, json);
}

fn consent(id: &str) -> ConsentGiven {
    ConsentGiven { id: id.into(), version: "1".into(), given_at: 2 }
}

#[test]
fn commands() {
    let attach = DocumentAttach {
        document: id(1),
        upload: id(2),
        kind: DocumentKind::KtpPhoto,
        sha256: "00".repeat(32),
        bytes: 1_500_000,
        key: "2026-1".into(),
    };
    let declarations = DeclarationsSubmit {
        scheme: "2023".into(),
        answers: vec![DeclarationAnswer { id: "police".into(), version: "1".into(), answer: false, answered_at: 1 }],
        consents: vec![consent("truthful")],
    };
    let answer = TestAnswer { attempt: id(3), item: "v-01".into(), choice: "b".into() };
    let cases = [
        (
            "command_identity_submit",
            Command::IdentitySubmit(IdentitySubmit { consents: vec![consent("data_matching")] }),
            "profile",
        ),
        ("command_document_attach", Command::DocumentAttach(attach), "doc:ktp_photo"),
        ("command_declarations_submit", Command::DeclarationsSubmit(declarations), "declarations"),
        ("command_test_answer", Command::TestAnswer(answer), "test:3"),
        ("command_test_submit", Command::TestSubmit(TestSubmit { attempt: id(3) }), "test:3"),
        (
            "command_wave_join",
            Command::WaveJoin(WaveJoin {
                application: id(4),
                wave: 48,
                consents: vec![consent("card_agreement")],
                answers: Vec::new(),
            }),
            "apply:48",
        ),
        (
            "command_appeal_submit",
            Command::AppealSubmit(AppealSubmit { appeal: id(5), text: "Saya salah ketik.".into() }),
            "appeal",
        ),
    ];
    for (name, command, lane) in cases {
        let envelope = CommandEnvelope {
            id: id(10),
            kind: command.kind().into(),
            v: 1,
            lane: lane.into(),
            base_rev: None,
            depends_on: vec![],
            payload: command.payload().unwrap(),
            clock: ClockEvidence {
                queued_wall_ms: 1,
                anchor_server_ms: Some(2),
                since_anchor_ms: Some(3),
                anchor_rtt_ms: None,
            },
            receipt: None,
            seen: None,
        };
        assert_eq!(Command::read(&envelope).unwrap(), command);
        assert_eq!(Command::known_kind(&envelope.kind), Some(command.kind()));
        pin(name, &envelope);
        let mut more = envelope.clone();
        more.payload["more"] = json!(1);
        assert!(Command::read(&more).is_err(), "{name} takes what it does not know");
    }
}

#[test]
fn the_registration_record() {
    let fresh = RegistrationRecord {
        case_number: "PRA-2345-ABCD".into(),
        scheme: "2023".into(),
        facts: Facts::default(),
        state: RegistrationState::NotStarted,
        since: 1,
        identity: None,
        face: None,
        phone: None,
        declarations: None,
        test: None,
        blocked: None,
    };
    pin("registration_fresh", &fresh);
    let full = RegistrationRecord {
        facts: Facts {
            identity: Some(IdentityMatch::Matched),
            profile_complete: true,
            ktp_photo: Some(DocumentState::Accepted),
            face: Some(FaceCheck::Verified),
            phone: Some(PhoneCheck::Verified),
            declarations: Some(DeclarationsOutcome::Clear),
            test: Some(TestProgress::Passed),
            blocked: true,
        },
        state: RegistrationState::TestEvaluated,
        identity: Some(IdentityStatus {
            at: 2,
            differs: vec![ProfileField::FullName, ProfileField::BirthDate],
            tries_left: 0,
            locked_until: Some(3),
        }),
        face: Some(FaceStatus { at: 4, tries_left: 2 }),
        phone: Some(PhoneStatus { ends_with: "7890".into(), verified_at: Some(5) }),
        declarations: Some(DeclarationsStatus { received_at: 6, reasons: vec![Reason::Police] }),
        test: Some(TestStatus {
            attempt: id(1),
            started_at: 7,
            ends_at: 8,
            closes_at: Some(13),
            submitted_at: Some(9),
            result_by: Some(10),
            evaluated_at: Some(11),
            score: Some(TestScore { right: 12, of: 24, motivation: 9, motivation_of: 18 }),
        }),
        blocked: Some(BlockedStatus { at: 12, reason: BlockReason::FalseData, note: Some("KK".into()) }),
        ..fresh
    };
    pin("registration_full", &full);
    let newer: BlockReason = serde_json::from_value(json!("not_yet_invented")).unwrap();
    assert_eq!(newer, BlockReason::Other, "a newer central does not break an older app");
}

#[test]
fn documents_and_their_bytes() {
    let refused = DocumentRecord {
        kind: DocumentKind::KtpPhoto,
        state: DocumentState::Rejected,
        source: DocumentSource::Phone,
        at: 1,
        refusal: Some(DocumentRefusal::Glare),
        note: Some("Silau di NIK".into()),
    };
    pin("document_rejected", &refused);
    let fresh = DocumentRecord {
        state: DocumentState::Awaited,
        source: DocumentSource::Desktop,
        refusal: None,
        note: None,
        ..refused
    };
    pin("document_awaited", &fresh);
    pin("new_handover", &NewHandover { kind: DocumentKind::KtpPhoto });
    pin("handover", &Handover { url: "https://central.example.org/h/x".into(), expires_in_s: 600 });
    pin("sealing_key", &SealingKey { id: "2026-1".into(), public: "AA==".into() });
    pin("new_upload", &NewUpload { document: id(1), bytes: 1_500_000, sha256: "00".repeat(32) });
    pin("upload_status", &UploadStatus { offset: 65_536, bytes: 1_500_000, expires_at: 1, complete: false });
    insta::assert_json_snapshot!(
        "upload_words",
        json!({
            "media_type": upload::MEDIA_TYPE, "offset": upload::OFFSET, "length": upload::LENGTH, "digest": upload::DIGEST,
            "max_bytes": upload::MAX_BYTES, "min_part": upload::MIN_PART, "max_part": upload::MAX_PART,
        })
    );
}

#[test]
fn phone_and_face() {
    let sent =
        PhoneCodeSent { ends_with: "7890".into(), expires_in_s: 300, resends_left: 5, resend_after_s: 60, tries: 3 };
    pin("phone_code_sent", &sent);
    pin("confirm_phone", &ConfirmPhone { code: "123456".into() });
    pin("new_face_session", &NewFaceSession { consents: [("face_check".into(), "1".into())].into() });
    let session = FaceSession {
        url: "https://face.example.org/s/1".into(),
        expires_in_s: 900,
        provider: "Contoh".into(),
        sandbox: false,
    };
    pin("face_session", &session);
}

#[test]
fn the_test_paper() {
    let words = |id: &str, en: &str| Words { id: id.into(), en: en.into() };
    let option = TestOption { key: "a".into(), text: words("Tiga", "Three"), svg: Some("<svg/>".into()) };
    let figure = TestItem {
        id: "f-01".into(),
        kind: ItemKind::Figural,
        text: words("Mana berikutnya?", "Which comes next?"),
        passage: None,
        table: None,
        svg: Some("<svg/>".into()),
        figure: Some(words("Segitiga", "A triangle")),
        options: vec![option],
    };
    let plain = TestItem {
        id: "m-01".into(),
        kind: ItemKind::Motivation,
        svg: None,
        figure: None,
        options: vec![TestOption { key: "1".into(), text: words("Setuju", "I agree"), svg: None }],
        ..figure.clone()
    };
    let paper = TestPaper {
        attempt: id(1),
        items: vec![figure, plain],
        started_at: 1,
        ends_at: 2,
        closes_at: Some(3),
        answers: BTreeMap::from([("f-01".into(), "a".into())]),
    };
    pin("test_paper", &paper);
}

#[test]
fn waves_and_applications() {
    let plain = Wave {
        number: 48,
        opens_at: 1,
        closes_at: 2,
        provinces: vec![],
        scheme: "2023".into(),
        overrides: None,
        quota: 10_000,
        region_quotas: BTreeMap::new(),
        late: LateRule::default(),
        results_expected_at: None,
        drawing: Drawing::NotBegun,
        selection: None,
        voided: Vec::new(),
    };
    pin("wave_plain", &plain);
    let files = SelectionFiles {
        commitment: "00".repeat(32),
        entries: 2_000_000,
        list_bytes: 40_000_000,
        committed_at: 3,
        published_at: Some(4),
    };
    let full = Wave {
        provinces: vec!["21".into(), "71".into()],
        overrides: Some(json!({ "membership": { "first_purchase_days": 20 } })),
        region_quotas: BTreeMap::from([("21".into(), 500)]),
        late: LateRule { grace_ms: 3_600_000 },
        results_expected_at: Some(5),
        drawing: Drawing::Published,
        selection: Some(files),
        voided: vec![VoidedSelection {
            commitment: "11".repeat(32),
            committed_at: 1,
            beacon_due_at: 2,
            voided_at: 2,
            reason: "Nilai publiknya hilang.".into(),
        }],
        ..plain
    };
    pin("wave_full", &full);
    let joined = ApplicationRecord {
        wave: 48,
        state: ApplicationState::JoinedWaitingClose,
        counted: Counted::InTime,
        received_at: 1,
        blind: "00".repeat(16),
        class: PriorityClass::General,
        region: "21".into(),
        drawn: None,
        left_off: None,
    };
    pin("application_joined", &joined);
    let drawn = Drawn { position: 812, of: 2_000, passed_over: Some(NotDrawn::FamilyFull), published_at: 9 };
    let lost = ApplicationRecord {
        state: ApplicationState::NotAccepted,
        counted: Counted::ByEvidence,
        class: PriorityClass::WhitelistedLaidOff,
        drawn: Some(drawn),
        ..joined
    };
    pin("application_not_accepted", &lost);
    let left_off = ApplicationRecord { drawn: None, left_off: Some(LeftOff::Blocked), ..lost };
    pin("application_left_off", &left_off);
    let membership = MembershipRecord {
        state: MembershipState::Appointed,
        prakerja_number: "1234567890123456".into(),
        balance_idr: 3_500_000,
        scheme: "2023".into(),
        wave: 48,
        decree: "SK-48/2026".into(),
        appointed_at: 1,
        first_purchase_until: 2,
        reminder_days: vec![10, 5, 3, 1],
        balance_use_until: Some(3),
        withdrawn: None,
        suspended: None,
    };
    assert!(!format!("{membership:?}").contains("1234567890123456"), "the number stays out of logs");
    pin("membership", &membership);
    let withdrawn = Some(Withdrawn { at: 4, amount_idr: 3_500_000 });
    pin("membership_withdrawn", &MembershipRecord { balance_idr: 0, withdrawn, ..membership });
}

#[test]
fn what_people_are_told() {
    let accepted = NoticeRecord {
        what: NoticeKind::Accepted,
        at: 1,
        numbers: BTreeMap::from([("wave".into(), 48), ("position".into(), 7), ("of".into(), 2_000)]),
        note: None,
    };
    pin("notice", &accepted);
    let blocked = NoticeRecord { what: NoticeKind::Blocked, at: 1, numbers: BTreeMap::new(), note: Some("KK".into()) };
    pin("notice_with_note", &blocked);
    let newer: NoticeKind = serde_json::from_value(json!("not_yet_invented")).unwrap();
    assert_eq!(newer, NoticeKind::Other, "a newer central does not break an older app");
    let appeal = AppealRecord { text: "Saya salah ketik.".into(), received_at: 1, answer: None };
    pin("appeal", &appeal);
    let answer = AppealAnswer { granted: true, text: "Sudah dibuka.".into(), at: 2 };
    pin("appeal_answered", &AppealRecord { answer: Some(answer), ..appeal });
}

/// Words that a client branches on.
#[test]
fn words() {
    fn words<T: Serialize>(values: &[T]) -> Vec<String> {
        values.iter().map(|value| serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()).collect()
    }
    use BlockReason as B;
    use NoticeKind as N;
    use ProblemCode as P;
    insta::assert_json_snapshot!(
        "words",
        json!({
            "notices": words(&[
                N::IdentitySubmitted, N::IdentityMatched, N::IdentityMismatch, N::KkQuotaFull, N::AlreadyRecipient,
                N::PhotoReceived, N::PhotoAccepted, N::PhotoRejected, N::FaceVerified, N::FaceFailed, N::FaceManualReview,
                N::PhoneVerified, N::DeclarationsReceived, N::Ineligible, N::TestStarted, N::TestSubmitted, N::TestPassed,
                N::TestNotPassed, N::TestVoided, N::IdentityReopened, N::DeclarationsReopened, N::TestReopened, N::JoinedWave, N::SelectionBegan, N::SelectionVoided,
                N::LeftOffBlocked, N::LeftOffExcluded, N::LeftOffRecipient, N::Accepted, N::NotAccepted, N::BalanceCredited,
                N::BalanceWithdrawn, N::MembershipRevoked, N::Blocked, N::Unblocked, N::AppealReceived, N::AppealAnswered,
            ]),
            "blocks": words(&[
                B::FalseData, B::Automation, B::Proxy, B::MissedFirstPurchase, B::UnfinishedTraining, B::TermsBroken, B::Other,
            ]),
            "items": words(&[ItemKind::Verbal, ItemKind::Numeric, ItemKind::Figural, ItemKind::Motivation]),
            "refusals": words(&[
                StepRefusal::Blocked, StepRefusal::Ended, StepRefusal::TooEarly, StepRefusal::Done, StepRefusal::UnderWay,
                StepRefusal::NotPassed,
            ]),
            "problems": words(&[
                P::StepRefused, P::NikTaken, P::ProfileIncomplete, P::WaveUnknown, P::WaveNotOpen, P::WaveClosed,
                P::NotInRegion, P::SchemeUnfit, P::AlreadyJoined, P::AlreadyMember, P::UploadOffset, P::DigestMismatch, P::UploadGone,
                P::TestOver, P::PartyUnavailable, P::CodeLocked, P::WrongCode, P::CodeExpired, P::StillParticipant,
                P::DrawUnderWay,
            ]),
        })
    );
}
