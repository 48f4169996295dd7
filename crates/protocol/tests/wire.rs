//! Every message of the protocol as it stands on the wire. A change here is a change for every app that is out there.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;

use prakerja_domain::enrolment::EnrolmentState;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::profile::ProfileField;
use prakerja_domain::scheme::{SCHEME_2023, Scheme};
use prakerja_domain::training::{Method, SeatBand};
use prakerja_domain::wave::{Drawing, LateRule};
use prakerja_protocol::account::*;
use prakerja_protocol::catalogue::*;
use prakerja_protocol::password::StretchParams;
use prakerja_protocol::probe::*;
use prakerja_protocol::problem::*;
use prakerja_protocol::receipt::Receipt;
use prakerja_protocol::registration::SealingKey;
use prakerja_protocol::sync::*;
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

#[test]
fn probe() {
    let probe = Probe {
        nonce: "n-1".into(),
        server_ms: 1_795_421_500_123,
        load: Load::Normal,
        min_version: "0.1.0".into(),
        probe_budget: ProbeBudget::default(),
        thresholds: Thresholds::default(),
        capabilities: vec!["long-poll".into()],
        operator: "Contoh".into(),
        demo: true,
    };
    pin("probe", &Marked { api: prakerja_protocol::API_MARK.into(), request_id: id(1), body: probe });
}

#[test]
fn accounts() {
    let stretch = StretchParams::default();
    pin("sign_up_start", &SignUpStart { email: "sari@contoh.id".into(), request: "AA==".into() });
    pin("sign_up_started", &SignUpStarted { response: "AA==".into(), stretch });
    pin(
        "sign_up",
        &SignUp {
            sign_up: id(1),
            email: "sari@contoh.id".into(),
            upload: "AA==".into(),
            stretch,
            language: Language::Id,
            consents: vec![Consent { id: "terms".into(), version: "1".into(), accepted_at: 1 }],
        },
    );
    pin("code_sent", &CodeSent { sign_up: id(1), expires_in_s: 600, resends_left: 5, resend_after_s: 60 });
    let by = CodeChannel::Sms;
    let (email, upload, language) = ("sari@contoh.id".into(), "AA==".into(), Language::Id);
    pin("password_reset", &PasswordReset { reset: id(1), email, upload, stretch, language, by });
    pin("account_closed", &AccountClosed { closed: true });
    pin("confirm_code", &ConfirmCode { code: "123456".into(), device_name: "Laptop".into() });
    pin("sign_in_start", &SignInStart { email: "sari@contoh.id".into(), request: "AA==".into() });
    pin("sign_in_started", &SignInStarted { attempt: id(2), response: "AA==".into(), stretch });
    pin("sign_in", &SignIn { attempt: id(2), finalization: "AA==".into(), device_name: "Laptop".into() });
    pin("refresh", &Refresh { refresh_token: "t".into() });
    let session = Session {
        person: id(3),
        session: id(4),
        email: "sari@contoh.id".into(),
        access_token: "a".into(),
        access_expires_in_s: 900,
        refresh_token: "r".into(),
        epoch: id(5),
        receipt_key: "k".into(),
    };
    assert!(!format!("{session:?}").contains("\"a\""), "tokens stay out of logs");
    pin("session", &session);
    let info = SessionInfo { session: id(4), device_name: "Laptop".into(), created_at: 1, used_at: 2, current: true };
    pin("session_list", &SessionList { sessions: vec![info] });
}

#[test]
fn problems() {
    let wrong = FieldError::new("nik", FieldErrorCode::WrongLength).with("expected", 16).with("actual", 15);
    let problem = Problem::new(ProblemCode::Validation, 422, "fields are wrong").with_fields(vec![wrong]);
    pin("problem_validation", &problem);
    let locked = Problem::new(ProblemCode::CodeLocked, 429, "locked").with_retry_after_ms(7_200_000);
    pin("problem_locked", &locked.with_detail("attempts_left", 0));
    let newer: Problem =
        serde_json::from_value(json!({"code": "not-yet-invented", "status": 409, "title": "x"})).unwrap();
    assert_eq!(newer.code, ProblemCode::Unknown, "a newer central does not break an older app");
}

fn envelope(command: &Command, lane: &str) -> CommandEnvelope {
    CommandEnvelope {
        id: id(10),
        kind: command.kind().into(),
        v: 1,
        lane: lane.into(),
        base_rev: Some(17),
        depends_on: vec![id(9)],
        payload: command.payload().unwrap(),
        clock: ClockEvidence {
            queued_wall_ms: 1,
            anchor_server_ms: Some(2),
            since_anchor_ms: Some(3),
            anchor_rtt_ms: None,
        },
        receipt: None,
        seen: None,
    }
}

#[test]
fn commands() {
    let patch = ProfilePatch {
        fields: BTreeMap::from([(ProfileField::FullName, Some("Sari".into())), (ProfileField::Phone, None)]),
    };
    let cases = [
        ("command_profile_patch", Command::ProfilePatch(patch), "profile"),
        (
            "command_enrolment_request",
            Command::EnrolmentRequest(EnrolmentRequest { enrolment: id(1), training: id(2), schedule: Some(id(3)) }),
            "enrol:2",
        ),
        ("command_enrolment_cancel", Command::EnrolmentCancel(EnrolmentCancel { enrolment: id(1) }), "enrol:2"),
        ("command_void", Command::Void(CommandVoid { target: id(1) }), "profile"),
    ];
    for (name, command, lane) in cases {
        let envelope = envelope(&command, lane);
        assert_eq!(Command::read(&envelope).unwrap(), command);
        assert_eq!(Command::known_kind(&envelope.kind), Some(command.kind()));
        pin(name, &envelope);
    }
    let again = CommandEnvelope {
        receipt: Some("json.signature".into()),
        ..envelope(&Command::Void(CommandVoid { target: id(1) }), "profile")
    };
    pin("command_again", &again);
    let unknown = CommandEnvelope {
        kind: "certificate.rate".into(),
        ..envelope(&Command::Void(CommandVoid { target: id(1) }), "x")
    };
    assert!(matches!(Command::read(&unknown), Err(CommandError::Unsupported)));
    assert_eq!(Command::known_kind(&unknown.kind), None);
    let odd = CommandEnvelope { payload: json!({"target": "x", "more": 1}), kind: "command.void".into(), ..unknown };
    assert!(matches!(Command::read(&odd), Err(CommandError::Malformed(_))));
}

#[test]
fn a_fingerprint_depends_on_content_and_on_nothing_else() {
    let command = Command::EnrolmentCancel(EnrolmentCancel { enrolment: id(1) });
    let one = envelope(&command, "a");
    let later = CommandEnvelope {
        id: id(11),
        lane: "b".into(),
        clock: ClockEvidence::default(),
        receipt: Some("r".into()),
        ..one.clone()
    };
    let other = CommandEnvelope { base_rev: None, ..one.clone() };
    assert_eq!(one.fingerprint(), later.fingerprint());
    assert_ne!(one.fingerprint(), other.fingerprint());
    insta::assert_snapshot!("fingerprint", hex::encode(one.fingerprint()));
}

#[test]
fn push_and_pull() {
    let command = Command::EnrolmentCancel(EnrolmentCancel { enrolment: id(1) });
    let push = Push { device: id(1), epoch: Some(id(2)), batch: id(3), commands: vec![envelope(&command, "enrol:2")] };
    pin("push", &push);
    let applied = CommandResult {
        id: id(10),
        status: CommandStatus::Applied,
        rev: Some(18),
        seq: Some(412),
        received_at: Some(1_795_421_500_123),
        replayed: false,
        receipt: Some("r".into()),
        problem: None,
        current: None,
        position: None,
        retry_after_ms: None,
    };
    let rejected = CommandResult {
        status: CommandStatus::Rejected,
        problem: Some(Problem::new(ProblemCode::SeatFull, 409, "no seat is left")),
        ..applied.clone()
    };
    let pushed = Pushed { epoch: id(2), server_ms: 1, results: vec![applied, rejected], backoff_ms: 0, pull_hint: 413 };
    pin("pushed", &pushed);
    let record = EnrolmentRecord {
        training: id(2),
        schedule: Some(id(3)),
        state: EnrolmentState::SeatConfirmed,
        title: "Las Listrik Dasar".into(),
        received_at: 1,
        run: Some(Run {
            starts_on: "2026-12-07".into(),
            ends_on: "2026-12-18".into(),
            time: "08.00–15.00 WIB".into(),
            province: Some("21".into()),
            city: Some("Kota Batam".into()),
            address: Some("Jl. Industri Raya No. 8".into()),
        }),
    };
    let put = Change {
        seq: 410,
        kind: "enrolment".into(),
        id: id(1),
        rev: 3,
        op: Op::Put,
        data: Some(serde_json::to_value(record).unwrap()),
        by: Some(id(10)),
    };
    let gone = Change { seq: 411, kind: "notice".into(), op: Op::Del, data: None, by: None, ..put.clone() };
    let page = Page {
        epoch: id(2),
        changes: vec![put.clone(), gone],
        cursor: "c".into(),
        more: false,
        state_hash: Some("00".into()),
    };
    pin("page", &page);
    let snapshot =
        SnapshotPage { epoch: id(2), as_of_seq: 411, records: vec![put], next: Some("n".into()), cursor: "c".into() };
    pin("snapshot_page", &snapshot);
}

#[test]
fn the_state_hash_ignores_order_and_sees_every_revision() {
    let one = ("enrolment", id(1), 1);
    let two = ("profile", id(2), 7);
    assert_eq!(state_hash([one, two]), state_hash([two, one]));
    assert_ne!(state_hash([one, two]), state_hash([one, ("profile", id(2), 8)]));
    insta::assert_snapshot!("state_hash", state_hash([one, two]));
}

#[test]
fn catalogue() {
    let schedule = Schedule {
        id: id(3),
        starts_on: "2026-12-07".into(),
        ends_on: "2026-12-11".into(),
        time: "08.00–15.00 WIB".into(),
        province: Some("21".into()),
        city: Some("Kota Batam".into()),
        address: Some("Jl. Contoh 1".into()),
        closes_at: 1_796_000_000_000,
        seats: SeatBand::Few,
    };
    let training = Training {
        id: id(2),
        title: "Las Listrik Dasar".into(),
        summary: "Mengelas pelat baja.".into(),
        method: Method::InPerson,
        field: "Teknik".into(),
        institution: "BLK Batam".into(),
        platform: "SISNAKER".into(),
        free: true,
        price_idr: 0,
        hours: 40,
        rating_x10: Some(47),
        ratings: 311,
        needs: vec!["KTP".into()],
        schedules: vec![schedule],
    };
    let wave = Wave {
        number: 72,
        opens_at: 1,
        closes_at: 2,
        provinces: vec!["21".into()],
        scheme: "2023".into(),
        overrides: None,
        quota: 500,
        region_quotas: BTreeMap::from([("21".into(), 100)]),
        late: LateRule { grace_ms: 172_800_000 },
        results_expected_at: Some(3),
        drawing: Drawing::NotBegun,
        selection: None,
        voided: Vec::new(),
    };
    let catalogue = Catalogue {
        version: 8,
        base: Some(7),
        trainings: vec![training],
        gone: vec![id(9)],
        waves: vec![wave],
        rollout_provinces: vec!["21".into(), "51".into(), "71".into()],
        programme: Some(Programme {
            schemes: vec![Scheme::read(SCHEME_2023).unwrap()],
            scheme: "2023".into(),
            sealing_key: Some(SealingKey { id: "k".into(), public: "AA==".into() }),
        }),
    };
    pin("catalogue", &catalogue);
}

#[test]
fn receipts_verify_and_forged_ones_do_not() {
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let receipt = Receipt {
        command: id(10),
        person: id(3),
        fingerprint: "00".into(),
        status: "applied".into(),
        seq: 412,
        received_at: 1,
    };
    let text = receipt.sign(&key);
    insta::assert_snapshot!("receipt", text);
    assert_eq!(Receipt::verify(&text, &key.verifying_key()), Ok(receipt));
    let other = ed25519_dalek::SigningKey::from_bytes(&[8; 32]).verifying_key();
    assert!(Receipt::verify(&text, &other).is_err());
    for broken in ["", ".", "x.y", &text[1..], &text.replace('.', "")] {
        assert!(Receipt::verify(broken, &key.verifying_key()).is_err(), "{broken}");
    }
    insta::assert_snapshot!("receipt_number", Receipt::number(id(10)));
}
