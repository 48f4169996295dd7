//! The membership, what is told of it outside of the window, the inbox, and the addresses that may be opened.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use prakerja_app::ipc::wave::{MemberRules, WithdrawnView};
use prakerja_app::ipc::{ErrorCode, IpcError};
use prakerja_app::{CalendarWords, Clipboard, NoticeKind, Reminder};
use serde_json::{Value, json};

use super::desk::{DAY, Desk, NOW};
use super::support::wait::until;

/// 16 December 2026, the end of the day in Jakarta.
const UNTIL: i64 = 1_797_440_399_000;
/// Nine in the morning, ten days before.
const TEN_DAYS: i64 = UNTIL - 10 * DAY - 15 * 3_600_000 + 1_000;

pub(crate) fn membership(state: &str) -> Value {
    json!({ "state": state, "prakerja_number": "6201123456789012", "balance_idr": 3_500_000, "scheme": "2023", "wave": 71,
        "decree": "SK-71", "appointed_at": UNTIL - 15 * DAY, "first_purchase_until": UNTIL,
        "reminder_days": [10, 5, 3, 1] })
}

fn notice(what: &str, at: i64) -> Value {
    json!({ "what": what, "at": at, "numbers": { "wave": 71 }, "note": "catatan" })
}

#[tokio::test]
async fn the_number_is_masked_until_the_person_asks() {
    let desk = Desk::new().await;
    let app = desk.open().await;
    assert!(app.get_membership().await.unwrap().is_none());
    assert_eq!(app.reveal_card_number().await.unwrap_err().code, ErrorCode::NotFound);
    app.close().await;
    desk.told(&[("membership", 8, membership("active"))]).await;
    let app = desk.open().await;
    let view = app.get_membership().await.unwrap().unwrap();
    assert_eq!((view.number_masked.as_str(), view.balance_idr), ("**** **** **** 9012", 3_500_000));
    assert!(view.awaits_first_purchase && view.first_purchase_until == UNTIL && view.now == NOW);
    let days: Vec<_> = view.reminders.iter().map(|reminder| reminder.days).collect();
    assert_eq!((days.as_slice(), view.reminders[0].at), (&[10, 5, 3, 1][..], TEN_DAYS));
    assert_eq!(app.reveal_card_number().await.unwrap(), "6201123456789012");
    app.close().await;
}

#[tokio::test]
async fn the_last_day_of_the_balance_and_the_rules_are_told() {
    let desk = Desk::new().await;
    let mut told = membership("learning");
    told["balance_use_until"] = json!(UNTIL + DAY);
    desk.told(&[("membership", 8, told.clone())]).await;
    let app = desk.open().await;
    let view = app.get_membership().await.unwrap().unwrap();
    assert_eq!((view.balance_use_until, view.withdrawn), (Some(UNTIL + DAY), None));
    let rules = MemberRules { first_purchase_days: 15, next_purchase_days: 15, refund_days: 60 };
    assert_eq!(view.rules, rules);
    app.close().await;
    // The wave has a rule of its own, and the rest was withdrawn.
    desk.waves(json!([{ "number": 71, "opens_at": NOW - 9 * DAY, "closes_at": NOW - DAY, "scheme": "2023", "quota": 4,
        "overrides": { "membership": { "next_purchase_days": 20 } } }]))
        .await;
    told["balance_idr"] = json!(0);
    told["withdrawn"] = json!({ "at": UNTIL + DAY + 1, "amount_idr": 3_500_000 });
    desk.told(&[("membership", 8, told)]).await;
    let app = desk.open().await;
    let view = app.get_membership().await.unwrap().unwrap();
    assert_eq!(view.withdrawn, Some(WithdrawnView { at: UNTIL + DAY + 1, amount_idr: 3_500_000 }));
    assert_eq!((view.balance_idr, view.rules), (0, MemberRules { next_purchase_days: 20, ..rules }));
    app.close().await;
}

#[tokio::test]
async fn the_deadline_goes_into_a_calendar() {
    let desk = Desk::new().await;
    desk.told(&[("membership", 8, membership("active"))]).await;
    let app = desk.open().await;
    let words = CalendarWords { file: "batas".into(), summary: "Batas".into(), description: "Beli pelatihan".into() };
    let path = app.save_deadline_calendar(words.clone()).await.unwrap();
    assert!(path.ends_with("batas.ics"), "{path}");
    let again = app.save_deadline_calendar(words.clone()).await.unwrap();
    assert!(again.ends_with("batas-2.ics"), "what is there stays: {again}");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains("DTSTART:20261216T165959Z\r\n") && text.matches("BEGIN:VALARM").count() == 4);
    assert!(text.contains("\r\nSEQUENCE:1\r\n") && text.contains("\r\nLAST-MODIFIED:"), "{text}");
    assert!(!text.contains("6201") && !text.contains("3500000"), "nothing personal");
    app.close().await;
    // The deadline moved: the same entry, and a calendar takes the newer one.
    let mut moved = membership("active");
    moved["first_purchase_until"] = json!(UNTIL + DAY);
    desk.told(&[("membership", 8, moved)]).await;
    let app = desk.open().await;
    let later = std::fs::read_to_string(app.save_deadline_calendar(words.clone()).await.unwrap()).unwrap();
    app.close().await;
    let line = |text: &str, name: &str| text.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert_eq!(line(&text, "UID:"), line(&later, "UID:"));
    assert_eq!(
        (line(&later, "SEQUENCE:"), line(&later, "DTSTART:")),
        ("SEQUENCE:2".into(), "DTSTART:20261217T165959Z".into())
    );
    desk.told(&[("membership", 8, membership("learning"))]).await;
    let app = desk.open().await;
    assert_eq!(app.save_deadline_calendar(words).await.unwrap_err().code, ErrorCode::NotFound);
    app.close().await;
}

#[tokio::test]
async fn what_is_due_is_told_once_offline_and_after_a_restart() {
    let desk = Desk::new().await;
    desk.told(&[("membership", 8, membership("active")), ("notice", 1, notice("accepted", NOW - DAY))]).await;
    // The first look: what happened before is history.
    let app = desk.open_unseen().await;
    app.look_at_the_clock().await.unwrap();
    app.close().await;
    assert!(desk.heard.all().is_empty());

    desk.clock.set(TEN_DAYS);
    desk.told(&[("notice", 2, notice("balance_credited", TEN_DAYS - 1))]).await;
    let expected = [Reminder::Happened(NoticeKind::BalanceCredited), Reminder::FirstPurchase { days: 10 }];
    for start in 1..=2 {
        let app = desk.open_unseen().await;
        // By itself, and when somebody looks besides.
        until("everything was told", || async { (desk.heard.all().len() >= 2).then_some(()) }).await;
        app.look_at_the_clock().await.unwrap();
        app.close().await;
        assert_eq!(desk.heard.all(), expected, "start {start}");
    }
}

#[tokio::test]
async fn the_inbox_knows_what_was_seen() {
    let desk = Desk::new().await;
    let app = desk.open().await;
    app.read_notices().await.unwrap();
    assert!(app.list_notices().await.unwrap().is_empty());
    app.close().await;
    desk.told(&[
        ("notice", 1, notice("identity_matched", NOW - 2)),
        ("notice", 2, notice("photo_accepted", NOW - 1)),
        ("notice", 3, notice("something_newer", NOW)),
    ])
    .await;
    let app = desk.open().await;
    let rows = app.list_notices().await.unwrap();
    let kinds: Vec<_> = rows.iter().map(|row| row.what).collect();
    assert_eq!(kinds, [NoticeKind::Other, NoticeKind::PhotoAccepted, NoticeKind::IdentityMatched], "newest first");
    assert!(rows.iter().all(|row| row.unread) && rows[0].numbers["wave"] == 71);
    assert_eq!(app.get_state().await.unwrap().unread_notices, 3);
    app.read_notices().await.unwrap();
    assert_eq!(app.get_state().await.unwrap().unread_notices, 0);
    app.close().await;
    desk.told(&[("notice", 4, notice("accepted", NOW + 5))]).await;
    let app = desk.open().await;
    let unread: Vec<_> = app.list_notices().await.unwrap().into_iter().filter(|row| row.unread).collect();
    assert_eq!((unread.len(), unread[0].what), (1, NoticeKind::Accepted), "also after a restart");
    app.close().await;
}

#[tokio::test]
async fn what_arrives_later_is_new_although_it_happened_before_what_was_read() {
    let desk = Desk::new().await;
    desk.told(&[("membership", 8, membership("active"))]).await;
    desk.clock.set(TEN_DAYS - DAY);
    let app = desk.open_unseen().await;
    app.look_at_the_clock().await.unwrap();
    app.close().await;
    // Offline, the computer notes its own reminder, and the person reads it.
    desk.clock.set(TEN_DAYS + 1);
    let app = desk.open_unseen().await;
    app.look_at_the_clock().await.unwrap();
    assert_eq!(app.list_notices().await.unwrap()[0].what, NoticeKind::FirstPurchaseDue);
    app.read_notices().await.unwrap();
    assert_eq!(app.get_state().await.unwrap().unread_notices, 0);
    app.close().await;
    // Then the connection is back, with news from before that.
    desk.told(&[("notice", 3, notice("membership_suspended", TEN_DAYS - DAY / 2))]).await;
    let app = desk.open().await;
    let rows = app.list_notices().await.unwrap();
    let rows: Vec<_> = rows.iter().map(|row| (row.what, row.unread)).collect();
    assert_eq!(rows, [(NoticeKind::FirstPurchaseDue, false), (NoticeKind::MembershipSuspended, true)]);
    assert_eq!(app.get_state().await.unwrap().unread_notices, 1);
    app.close().await;
}

/// A clipboard, with how often something was taken out.
struct Board(Mutex<(String, u32)>, Duration);

impl Clipboard for Board {
    fn put(&self, secret: &str) -> Result<(), IpcError> {
        self.0.lock().unwrap().0 = secret.to_owned();
        Ok(())
    }

    fn forget(&self) {
        self.0.lock().unwrap().1 += 1;
    }

    fn stays(&self) -> Duration {
        self.1
    }
}

impl Board {
    fn lasting(stays: Duration) -> Arc<Self> {
        Arc::new(Self(Mutex::default(), stays))
    }

    fn taken_out(&self) -> u32 {
        self.0.lock().unwrap().1
    }
}

#[tokio::test]
async fn the_copied_number_is_taken_out_of_the_clipboard_again() {
    let desk = Desk::new().await;
    let (brief, long) = (Board::lasting(Duration::from_millis(5)), Board::lasting(Duration::from_secs(3_600)));
    let app = desk.open().await;
    let nothing = app.copy_card_number(Arc::<Board>::clone(&long)).await.unwrap_err();
    assert_eq!(nothing.code, ErrorCode::NotFound);
    app.close().await;
    desk.told(&[("membership", 8, membership("active"))]).await;
    let app = desk.open().await;
    app.copy_card_number(Arc::<Board>::clone(&long)).await.unwrap();
    // Copied once more, only the newest time counts.
    app.copy_card_number(Arc::<Board>::clone(&brief)).await.unwrap();
    assert_eq!(brief.0.lock().unwrap().0, "6201123456789012");
    until("it is gone", || async { (brief.taken_out() == 1).then_some(()) }).await;
    assert_eq!(long.taken_out(), 0);
    app.close().await;
}

#[tokio::test]
async fn only_known_addresses_are_opened() {
    let desk = Desk::at("http://127.0.0.1:8099".into()).await;
    let app = desk.open().await;
    for good in ["http://127.0.0.1:8099/sandbox/mailbox", "http://127.0.0.1:8099/f/abc?x=1#y"] {
        assert_eq!(app.link(good).unwrap(), good);
    }
    for bad in [
        "http://127.0.0.1:8098/",
        "https://127.0.0.1:8099/",
        "http://127.0.0.1:8099@evil.example/",
        "http://user:pw@127.0.0.1:8099/",
        "https://face.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ms-settings:privacy",
        "\\\\server\\share",
        "",
    ] {
        assert_eq!(app.link(bad).unwrap_err().code, ErrorCode::NotFound, "{bad}");
    }
    app.close().await;
}
