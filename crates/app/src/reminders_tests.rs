//! The table of what is told when.

use std::collections::BTreeMap;

use jiff::Timestamp;
use prakerja_domain::membership::MembershipState;

use super::*;

const DAY: i64 = 86_400_000;

fn ms(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_millisecond()
}

fn member(state: MembershipState) -> (Uuid, MembershipRecord) {
    let record = MembershipRecord {
        state,
        prakerja_number: "1234567890123456".into(),
        balance_idr: 3_500_000,
        scheme: "2023".into(),
        wave: 71,
        decree: "1".into(),
        appointed_at: ms("2026-12-01T03:00:00Z"),
        first_purchase_until: ms("2026-12-16T16:59:59Z"),
        reminder_days: vec![10, 5, 3, 1],
        balance_use_until: None,
        withdrawn: None,
        suspended: None,
    };
    (Uuid::from_u128(9), record)
}

fn happened(id: u128, what: NoticeKind, at: i64) -> (Uuid, NoticeRecord) {
    (Uuid::from_u128(id), NoticeRecord { what, at, numbers: BTreeMap::new(), note: Some("rahasia".into()) })
}

/// Looks once, tells everything that is due, and gives what was told.
fn look(told: &mut Told, known: &Known<'_>) -> Vec<Reminder> {
    let due = told.due(known);
    due.iter().for_each(|due| told.note(due));
    due.into_iter().filter_map(|due| due.reminder).collect()
}

#[test]
fn each_morning_before_the_deadline_is_told_once() {
    let member = member(MembershipState::Active);
    let mut told = Told { since: Some(0), ..Told::default() };
    let cases = [
        ("2026-12-06T01:59:59Z", vec![]),
        ("2026-12-06T02:00:00Z", vec![10]),
        ("2026-12-06T02:00:30Z", vec![]),
        // Off for eight days: two mornings passed, only the last one is told, with the days that are really left.
        ("2026-12-14T08:00:00Z", vec![2]),
        ("2026-12-14T09:00:00Z", vec![]),
        ("2026-12-16T03:00:00Z", vec![0]),
        ("2026-12-16T04:00:00Z", vec![]),
        ("2026-12-17T00:00:00Z", vec![]),
    ];
    for (now, expected) in cases {
        // What was told survives a restart.
        let kept = serde_json::to_string(&told).unwrap();
        told = serde_json::from_str(&kept).unwrap();
        let known = Known { membership: Some(&member), notices: &[], open_waves: &[], looked_at: true, now: ms(now) };
        let expected: Vec<_> = expected.into_iter().map(|days| Reminder::FirstPurchase { days }).collect();
        assert_eq!(look(&mut told, &known), expected, "{now}");
    }
}

#[test]
fn a_deadline_that_moved_is_called_to_mind_anew() {
    let (id, record) = member(MembershipState::Active);
    let mut told = Told { since: Some(0), ..Told::default() };
    let mut look_at = |until: &str, state, now| {
        let member = (id, MembershipRecord { first_purchase_until: ms(until), state, ..record.clone() });
        let known = Known { membership: Some(&member), notices: &[], open_waves: &[], looked_at: true, now: ms(now) };
        look(&mut told, &known)
    };
    let (before, after) = ("2026-12-16T16:59:59Z", "2026-12-26T16:59:59Z");
    let days = |days| vec![Reminder::FirstPurchase { days }];
    assert_eq!(look_at(before, MembershipState::Active, "2026-12-06T02:00:00Z"), days(10));
    // Held for ten days, then everything comes ten days later: those that were told before as well.
    assert_eq!(look_at(before, MembershipState::Suspended, "2026-12-11T02:00:00Z"), []);
    assert_eq!(look_at(after, MembershipState::Active, "2026-12-16T03:00:00Z"), days(10));
    assert_eq!(look_at(after, MembershipState::Active, "2026-12-17T03:00:00Z"), []);
    assert_eq!(look_at(after, MembershipState::Active, "2026-12-21T03:00:00Z"), days(5));
    let ids: BTreeSet<Uuid> = told.inbox().into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids.len(), 3, "each has a row of its own");
}

#[test]
fn nothing_is_told_of_a_deadline_that_no_longer_runs() {
    use MembershipState::*;
    let cases = [
        (Appointed, 1),
        (Onboarding, 1),
        (Active, 1),
        (Learning, 0),
        (Completed, 0),
        (Revoked, 0),
        (Suspended, 0),
        (Finished, 0),
    ];
    for (state, expected) in cases {
        let member = member(state);
        let now = ms("2026-12-11T03:00:00Z");
        let known = Known { membership: Some(&member), notices: &[], open_waves: &[], looked_at: false, now };
        let mut told = Told { since: Some(0), ..Told::default() };
        assert_eq!(look(&mut told, &known).len(), expected, "{state:?}");
    }
    // After the deadline nobody is reminded of it, also not of a morning that was missed.
    let member = member(Active);
    let now = ms("2026-12-17T00:00:00Z");
    let known = Known { membership: Some(&member), notices: &[], open_waves: &[], looked_at: false, now };
    assert!(Told::default().due(&known).is_empty());
}

#[test]
fn what_happened_is_told_once_unless_the_person_sees_it_happen() {
    use NoticeKind::*;
    let now = 100 * DAY;
    let notices = [
        happened(4, Accepted, now - 10),
        happened(3, Other, now - 20),
        happened(2, TestPassed, now - 30),
        happened(1, IdentityMatched, now - 2 * DAY),
    ];
    let known = |looked_at| Known { membership: None, notices: &notices, open_waves: &[], looked_at, now };
    let told = || Told { since: Some(now - DAY), ..Told::default() };

    let mut away = told();
    let expected = [Reminder::Happened(TestPassed), Reminder::Happened(Accepted)];
    assert_eq!(look(&mut away, &known(false)), expected, "oldest first, history and the unknown not at all");
    assert!(look(&mut away, &known(false)).is_empty());

    let mut there = told();
    assert!(look(&mut there, &known(true)).is_empty());
    assert!(look(&mut there, &known(false)).is_empty(), "the window showed it");

    assert!(Told::default().due(&known(false)).is_empty(), "a new computer does not tell an old story");
    let mut pruned = away.clone();
    pruned.keep(&notices[..1]);
    assert_eq!(pruned.notices.len(), 1);
}

#[test]
fn the_opening_of_a_wave_is_told_once_and_stays_in_the_inbox() {
    let now = 100 * DAY;
    let known = |open_waves, looked_at| Known { membership: None, notices: &[], open_waves, looked_at, now };
    let waves = [(71, now - 2 * DAY), (72, now - 5), (73, now - 9)];
    let mut told = Told { since: Some(now - DAY), ..Told::default() };
    assert!(look(&mut told, &known(&[], false)).is_empty());
    let opened = Reminder::Happened(NoticeKind::WaveOpened);
    assert_eq!(look(&mut told, &known(&waves, false)), [opened, opened], "71 was open before this computer knew of it");
    let mut told: Told = serde_json::from_str(&serde_json::to_string(&told).unwrap()).unwrap();
    assert!(look(&mut told, &known(&waves, false)).is_empty(), "once, also after a restart");
    let rows: Vec<_> = told.inbox().into_iter().map(|(_, row)| (row.what, row.at, row.numbers["wave"])).collect();
    assert_eq!(rows, [(NoticeKind::WaveOpened, now, 72), (NoticeKind::WaveOpened, now, 73)]);

    let mut there = Told { since: Some(now - DAY), ..Told::default() };
    assert!(look(&mut there, &known(&waves, true)).is_empty(), "the window shows it");
    assert_eq!(there.inbox().len(), 2);
}

#[test]
fn a_reminder_of_the_first_purchase_stays_in_the_inbox() {
    let member = member(MembershipState::Active);
    let mut told = Told { since: Some(0), ..Told::default() };
    // Off for eight days: of two mornings only the last is told, and noted.
    for now in ["2026-12-14T08:00:00Z", "2026-12-15T08:00:00Z"] {
        let known = Known { membership: Some(&member), notices: &[], open_waves: &[], looked_at: true, now: ms(now) };
        look(&mut told, &known);
    }
    let rows = told.inbox();
    assert_ne!(rows[0].0, rows[1].0);
    let rows: Vec<_> = rows.into_iter().map(|(_, row)| (row.what, row.at, row.numbers["days"])).collect();
    let due = |at, days| (NoticeKind::FirstPurchaseDue, ms(at), days);
    assert_eq!(rows, [due("2026-12-14T08:00:00Z", 2), due("2026-12-15T08:00:00Z", 1)]);
}
