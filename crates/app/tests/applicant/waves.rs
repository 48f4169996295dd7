//! Waves and joining them, offline: the table of who may join what, and what is shown of it.

use std::collections::BTreeMap;

use prakerja_app::App;
use prakerja_app::ipc::{Attention, Delivery, ErrorCode};
use prakerja_domain::application::ApplicationState;
use prakerja_domain::registration::{Facts, IdentityMatch, StepRefusal, TestProgress};
use prakerja_domain::scheme::{ConsentMoment, SCHEME_2023, Scheme};
use prakerja_domain::wave::WaveState;
use serde_json::{Value, json};

use super::desk::{DAY, Desk, HOUR, NOW, PERSON, complete, profile};
use super::stub::Stub;
use super::support::wait::until;

/// Wave 70 is over, 71 is open, 72 comes, 73 is open for Bali only, 74 is being drawn.
fn waves() -> Value {
    let wave = |number: u32, opens: i64, closes: i64| json!({ "number": number, "opens_at": opens, "closes_at": closes, "scheme": "2023", "quota": 1000 });
    let mut open = wave(71, NOW - DAY, NOW + DAY);
    open["late"] = json!({ "grace_ms": HOUR });
    open["region_quotas"] = json!({ "21": 40 });
    let mut bali = wave(73, NOW - DAY, NOW + DAY);
    bali["provinces"] = json!(["51"]);
    bali["overrides"] = json!({ "membership": { "first_purchase_days": 20 } });
    let mut drawn = wave(74, NOW - DAY, NOW + DAY);
    drawn["drawing"] = json!("committed");
    json!([wave(70, NOW - 9 * DAY, NOW - DAY), open, wave(72, NOW + 2 * DAY, NOW + 5 * DAY), bali,
        drawn, { "number": "a newer kind of wave" }])
}

fn consents() -> Vec<String> {
    let scheme = Scheme::read(SCHEME_2023).unwrap();
    let asked = scheme.consents.into_iter().filter(|consent| consent.at == ConsentMoment::Join);
    asked.map(|consent| consent.id).collect()
}

async fn refusal(app: &App, wave: u32) -> ErrorCode {
    app.join_wave(wave, consents(), BTreeMap::new()).await.unwrap_err().code
}

#[tokio::test]
async fn the_table_of_who_may_join_what() {
    let not_passed = Facts { test: Some(TestProgress::NotPassed), ..complete() };
    let cases = [
        ("not registered", Facts::default(), 71, Some(ErrorCode::StepRefused)),
        ("half-way", Facts { test: None, ..complete() }, 71, Some(ErrorCode::StepRefused)),
        ("blocked", Facts { blocked: true, ..complete() }, 71, Some(ErrorCode::StepRefused)),
        (
            "a recipient before",
            Facts { identity: Some(IdentityMatch::AlreadyRecipient), ..complete() },
            71,
            Some(ErrorCode::StepRefused),
        ),
        ("being drawn", complete(), 74, Some(ErrorCode::WaveNotOpen)),
        ("unknown", complete(), 99, Some(ErrorCode::WaveNotOpen)),
        ("another province", complete(), 73, Some(ErrorCode::NotInRegion)),
        ("open", complete(), 71, None),
    ];
    let must_pass = Scheme::read(SCHEME_2023).unwrap().test.must_pass;
    let not_passed = ("not passed", not_passed, 71, must_pass.then_some(ErrorCode::StepRefused));
    for (name, facts, wave, expected) in cases.into_iter().chain([not_passed]) {
        let desk = Desk::new().await;
        desk.waves(waves()).await;
        desk.told(&[("profile", 1, profile())]).await;
        desk.registered(facts).await;
        let app = desk.open().await;
        let view = app.get_waves().await.unwrap();
        let joinable = view.waves.iter().any(|row| row.number == wave && row.joinable);
        assert_eq!(joinable, expected.is_none(), "{name}");
        match expected {
            Some(expected) => assert_eq!(refusal(&app, wave).await, expected, "{name}"),
            None => assert!(app.join_wave(wave, consents(), BTreeMap::new()).await.is_ok(), "{name}"),
        }
        app.close().await;
    }
}

#[tokio::test]
async fn only_centrals_clock_turns_anybody_away() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.waves(waves()).await;
    desk.told(&[("profile", 1, profile())]).await;
    desk.registered(complete()).await;
    // Somebody set this computer's clock: by it wave 71 has closed.
    desk.clock.set(NOW + 3 * DAY);
    let app = desk.open().await;
    let joined = app.join_wave(71, consents(), BTreeMap::new()).await.unwrap();
    assert_eq!(joined.application.unwrap().wave, 71);
    app.close().await;
    let waiting = desk.with(async |store| store.waiting(PERSON).await.unwrap()).await;
    assert_eq!(waiting.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>(), ["wave.join"]);

    stub.tells(NOW);
    let app = desk.open().await;
    until("central tells its time", || async { app.get_sync().await.unwrap().summary.online.filter(|online| *online) })
        .await;
    for wave in [70, 72] {
        assert_eq!(refusal(&app, wave).await, ErrorCode::WaveNotOpen, "{wave}");
    }
    app.close().await;
}

#[tokio::test]
async fn what_central_told_is_evidence_until_the_computer_is_started_anew() {
    let stub = Stub::start().await;
    let desk = Desk::at(stub.url.clone()).await;
    desk.waves(waves()).await;
    desk.told(&[("profile", 1, profile())]).await;
    desk.registered(complete()).await;
    let app = desk.open().await;
    assert!(!app.get_waves().await.unwrap().provable, "central was never heard");
    app.close().await;
    stub.tells(NOW);
    let app = desk.open().await;
    until("central was heard, even if it had no room", || async {
        app.get_sync().await.unwrap().summary.next_try_at?;
        app.get_waves().await.unwrap().provable.then_some(())
    })
    .await;
    app.close().await;

    // Nine hours later, without central.
    stub.tells_no_time();
    desk.clock.passes(9 * HOUR);
    let app = desk.open().await;
    let joined = app.join_wave(71, consents(), BTreeMap::new()).await.unwrap();
    assert_eq!((joined.provable, joined.application.unwrap().provable), (true, Some(true)));
    app.close().await;
    let clock = desk.with(async |store| store.waiting(PERSON).await.unwrap().remove(0)).await.clock;
    assert_eq!(clock["since_anchor_ms"], json!(9 * HOUR));
    let apart = clock["anchor_server_ms"].as_i64().unwrap() - NOW;
    assert!((0..60_000).contains(&apart), "half of a round trip: {apart}");

    desk.clock.reboot();
    let app = desk.open().await;
    let view = app.get_waves().await.unwrap();
    assert_eq!((view.provable, view.application.unwrap().provable), (false, Some(true)), "it was made before");
    app.close().await;
}

#[tokio::test]
async fn a_join_waits_counts_once_and_can_be_taken_back() {
    let desk = Desk::new().await;
    desk.waves(waves()).await;
    desk.told(&[("profile", 1, profile())]).await;
    desk.registered(complete()).await;
    let app = desk.open().await;
    // What was sent once may have arrived and could only be voided: the first try has failed, and no other follows here.
    until("the first try has failed", || async {
        (app.get_state().await.unwrap().sync.online == Some(false)).then_some(())
    })
    .await;
    let view = app.get_waves().await.unwrap();
    let shown: Vec<_> = view.waves.iter().map(|row| (row.number, row.state, row.for_me, row.joinable)).collect();
    let expected = [
        (73, WaveState::Open, Some(false), false),
        (72, WaveState::Announced, Some(true), false),
        (71, WaveState::Open, Some(true), true),
    ];
    assert_eq!(shown, expected, "newest first, and no history");
    assert_eq!((view.none_open, view.next_opens_at, view.member), (false, Some(NOW + 2 * DAY), false));
    assert_eq!((view.refused, view.as_of), (None, Some(NOW)));
    assert!(view.waves.iter().all(|row| row.my_province.as_deref() == Some("Kepulauan Riau")));
    assert_eq!((view.waves[0].first_purchase_days, view.waves[0].provinces.as_slice()), (20, &["Bali".to_owned()][..]));
    assert_eq!((view.waves[2].my_region_quota, view.waves[2].late_until), (Some(40), Some(NOW + DAY + HOUR)));

    let missing = app.join_wave(71, Vec::new(), BTreeMap::new()).await.unwrap_err();
    assert_eq!((missing.code, missing.fields.len()), (ErrorCode::Validation, consents().len()));
    app.join_wave(71, consents(), BTreeMap::new()).await.unwrap();
    let joined = app.join_wave(71, consents(), BTreeMap::new()).await.unwrap();
    assert_eq!(app.get_sync().await.unwrap().waiting.len(), 1, "asked twice, sent once");
    let mine = joined.application.unwrap();
    assert_eq!((mine.wave, mine.state, mine.counted), (71, None, None), "no status before central said so");
    assert!(matches!(mine.delivery, Delivery::Saved { .. } | Delivery::Waiting { .. }), "{:?}", mine.delivery);
    assert!(joined.waves.iter().all(|row| !row.joinable));

    app.cancel_command(mine.command.unwrap()).await.unwrap();
    let back = app.get_waves().await.unwrap();
    assert!(back.application.is_none() && back.waves.iter().any(|row| row.joinable));
    app.close().await;
}

#[tokio::test]
async fn what_central_says_of_an_application_is_a_line_of_its_own() {
    let desk = Desk::new().await;
    desk.waves(waves()).await;
    desk.told(&[("profile", 1, profile())]).await;
    desk.registered(complete()).await;
    let app = desk.open().await;
    app.join_wave(71, consents(), BTreeMap::new()).await.unwrap();
    app.close().await;
    let closed = json!({ "code": "wave-closed", "status": 409, "title": "closed" });
    desk.answered("wave.join", "rejected", Some(closed)).await;
    desk.clock.set(NOW + 2 * DAY);
    let app = desk.open().await;
    let view = app.get_waves().await.unwrap();
    let mine = view.application.unwrap();
    assert_eq!((mine.refused.as_deref(), mine.state), (Some("wave_closed"), None));
    assert!(matches!(mine.delivery, Delivery::NeedsYou { why: Attention::WaveClosed, .. }), "{:?}", mine.delivery);
    app.cancel_command(mine.command.unwrap()).await.unwrap();
    assert!(app.get_waves().await.unwrap().application.is_none(), "taken note of");
    app.close().await;

    let application = |state: &str| {
        json!({ "wave": 71, "state": state, "counted": "by_evidence", "received_at": NOW,
            "blind": "00112233445566778899aabbccddeeff", "class": "general", "region": "21" })
    };
    desk.told(&[("application", 7, application("joined_waiting_close"))]).await;
    let app = desk.open().await;
    let mine = app.get_waves().await.unwrap().application.unwrap();
    assert_eq!(mine.state, Some(ApplicationState::Processing), "the wave has closed since");
    assert!(mine.command.is_none() && mine.counted.is_some());
    app.close().await;

    desk.told(&[("application", 7, application("not_accepted"))]).await;
    desk.clock.set(NOW + 3 * DAY);
    let app = desk.open().await;
    let view = app.get_waves().await.unwrap();
    assert_eq!(view.application.unwrap().state, Some(ApplicationState::NotAccepted));
    // The next wave needs nothing typed again.
    let next = app.join_wave(72, consents(), BTreeMap::new()).await.unwrap();
    assert_eq!(next.application.unwrap().wave, 72);
    app.close().await;
    let payload = desk.with(async |store| store.waiting(PERSON).await.unwrap().remove(0)).await;
    assert_eq!((payload.lane.as_str(), &payload.payload["wave"]), ("apply:72", &json!(72)));
}

#[tokio::test]
async fn a_participant_joins_no_other_wave_whatever_became_of_the_membership() {
    for state in ["active", "suspended", "revoked", "finished"] {
        let desk = Desk::new().await;
        desk.waves(waves()).await;
        desk.told(&[("profile", 1, profile()), ("membership", 8, super::member::membership(state))]).await;
        desk.registered(complete()).await;
        let app = desk.open().await;
        let view = app.get_waves().await.unwrap();
        assert!(view.member && view.waves.iter().all(|row| !row.joinable), "{state}");
        assert_eq!(refusal(&app, 71).await, ErrorCode::AlreadyMember, "{state}");
        assert!(app.get_state().await.unwrap().member, "{state}");
        app.close().await;
    }
}

#[tokio::test]
async fn the_application_that_was_accepted_says_most() {
    let desk = Desk::new().await;
    desk.waves(waves()).await;
    let applied = |wave: u32, state: &str| {
        json!({ "wave": wave, "state": state, "counted": "in_time", "received_at": NOW, "class": "general", "region": "21",
            "blind": "00112233445566778899aabbccddeeff" })
    };
    desk.told(&[("application", 7, applied(70, "accepted")), ("application", 9, applied(71, "joined_waiting_close"))])
        .await;
    let app = desk.open().await;
    let view = app.get_waves().await.unwrap();
    let application = view.application.unwrap();
    assert_eq!((application.wave, application.state), (70, Some(ApplicationState::Accepted)));
    app.close().await;
    // It ends as every other draw of a participant does: without a word about the first one.
    desk.told(&[("application", 9, applied(71, "not_accepted"))]).await;
    let app = desk.open().await;
    assert_eq!(app.get_waves().await.unwrap().application.unwrap().wave, 70);
    app.close().await;
}

#[tokio::test]
async fn before_anything_is_known_there_is_no_wave_and_no_claim() {
    let desk = Desk::new().await;
    let app = desk.open().await;
    let view = app.get_waves().await.unwrap();
    assert!(view.none_open && view.waves.is_empty() && view.application.is_none() && view.as_of.is_none());
    assert_eq!(view.refused, Some(StepRefusal::TooEarly));
    app.close().await;
}
