//! Waves open and close by the clock: the window hears of it, and who may join is told, without a network.

use prakerja_app::ipc::{AppEvent, Changed};
use prakerja_app::{NoticeKind, Reminder};
use prakerja_domain::registration::{Facts, TestProgress};
use serde_json::{Value, json};

use super::desk::{DAY, Desk, HOUR, NOW, complete, profile};

/// When the wave opens.
const OPENS: i64 = NOW + HOUR;

fn waves(provinces: &[&str]) -> Value {
    json!([{ "number": 74, "opens_at": OPENS, "closes_at": OPENS + DAY, "scheme": "2023", "quota": 9, "provinces": provinces },
        { "number": 75, "opens_at": OPENS + 9 * DAY, "closes_at": OPENS + 10 * DAY, "scheme": "2023", "quota": 9 }])
}

fn applied(state: &str) -> Value {
    json!({ "wave": 73, "state": state, "counted": "in_time", "received_at": NOW - DAY,
        "blind": "00112233445566778899aabbccddeeff", "class": "general", "region": "21" })
}

#[tokio::test]
async fn who_may_join_a_wave_hears_that_it_opens() {
    let not_passed = Facts { test: Some(TestProgress::NotPassed), ..complete() };
    let member = |state| vec![("membership", 8, super::member::membership(state))];
    let cases = [
        ("complete", complete(), &["21"][..], vec![], 1),
        ("half-way", Facts { test: None, ..complete() }, &["21"], vec![], 0),
        ("not passed", not_passed, &["21"], vec![], 0),
        ("another province", complete(), &["51"], vec![], 0),
        ("a participant", complete(), &["21"], member("active"), 0),
        ("once a participant", complete(), &["21"], member("finished"), 0),
        ("revoked", complete(), &["21"], member("revoked"), 0),
        ("in another wave", complete(), &["21"], vec![("application", 7, applied("joined_waiting_close"))], 0),
        ("not accepted before", complete(), &["21"], vec![("application", 7, applied("not_accepted"))], 1),
    ];
    for (name, facts, provinces, more, expected) in cases {
        let desk = Desk::new().await;
        desk.waves(waves(provinces)).await;
        desk.told(&[("profile", 1, profile())]).await;
        desk.told(&more).await;
        desk.registered(facts).await;
        let app = desk.open_unseen().await;
        app.look_at_the_clock().await.unwrap();
        assert!(desk.heard.all().is_empty(), "{name}: before it opens");
        desk.clock.set(OPENS + 1);
        app.look_at_the_clock().await.unwrap();
        app.look_at_the_clock().await.unwrap();
        app.close().await;
        // Once, also after a restart.
        let app = desk.open_unseen().await;
        app.look_at_the_clock().await.unwrap();
        let opened = Reminder::Happened(NoticeKind::WaveOpened);
        assert_eq!(desk.heard.all(), vec![opened; expected], "{name}");
        let rows = app.list_notices().await.unwrap();
        let rows: Vec<_> = rows.iter().map(|row| (row.what, row.numbers.get("wave").copied(), row.unread)).collect();
        assert_eq!(rows, vec![(NoticeKind::WaveOpened, Some(74), true); expected], "{name}");
        app.read_notices().await.unwrap();
        assert_eq!(app.get_state().await.unwrap().unread_notices, 0, "{name}");
        app.close().await;
    }
}

#[tokio::test]
async fn the_window_hears_when_a_wave_opens_or_closes() {
    let desk = Desk::new().await;
    desk.waves(waves(&[])).await;
    let (app, mut events) = desk.open_and_settle().await;
    app.look_at_the_clock().await.unwrap();
    for (now, expected) in [(OPENS - 1, 0), (OPENS, 1), (OPENS + DAY, 0), (OPENS + DAY + 1, 1), (OPENS + DAY + 2, 0)] {
        while events.try_recv().is_ok() {}
        desk.clock.set(now);
        app.look_at_the_clock().await.unwrap();
        let heard = std::iter::from_fn(|| events.try_recv().ok());
        let told = heard.filter(|event| matches!(event, AppEvent::Changed { what: Changed::Waves })).count();
        assert_eq!(told, expected, "{now}");
    }
    app.close().await;
}
