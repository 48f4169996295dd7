//! A draw from the first application to everybody's result.

use std::collections::BTreeMap;

use prakerja_central::db::Id;
use prakerja_central::registration::forced;
use prakerja_central::waves::selection::{self, Due, SelectionError};
use prakerja_domain::application::{ApplicationState, LeftOff, NotDrawn};
use prakerja_domain::membership::MembershipState;
use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::{DeclarationsOutcome, Facts};
use prakerja_domain::scheme::PriorityClass;
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::sync::CommandStatus;
use prakerja_selection::{Beacon, Blind, Files, Known};
use uuid::Uuid;

use crate::applicant::*;
use crate::started::*;
use crate::states::messages;

pub(crate) const VALUE: &str = "7.234,56";

pub(crate) fn beacon(central: &Started) -> Beacon {
    let due_at_ms = central.central.clock.now_ms() + 1_000;
    Beacon { description: "closing value of the index on 2026-12-02, digits only".to_owned(), due_at_ms }
}

pub(crate) async fn set_wave(central: &Started, quota: i64, regions: &str) {
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("update wave set quota = $1, region_quotas = $2 where number = $3")
        .bind(quota)
        .bind(regions)
        .bind(i64::from(OPEN))
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Past the end of the wave's rule for late requests.
pub(crate) fn let_it_close(central: &Started) {
    central.central.clock.advance_ms(10 * 24 * 3_600_000);
}

pub(crate) async fn fetched(central: &Started, file: &str) -> Vec<u8> {
    let response = central.get(&format!("/v1/waves/{OPEN}/selection/{file}")).send().await.unwrap();
    assert_eq!(response.status(), 200, "{file}");
    response.bytes().await.unwrap().to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_are_drawn_as_anybody_can_recompute() {
    let central = Started::sqlite().await;
    set_wave(&central, 60, r#"{"71":10}"#).await;
    let mut people = Vec::new();
    for nth in 0..300_u32 {
        // Four share a card each, so that two of them are too many; a third of all in each province.
        let (nik, kk) = (Uuid::new_v4(), format!("card {}", nth / 4));
        if nth % 15 == 0 {
            let mut tx = central.central.db.begin().await.unwrap();
            sqlx::query("insert into whitelist values ($1, 'whitelisted_laid_off', 'Disnaker', 1)")
                .bind(nik.as_bytes().to_vec())
                .execute(&mut *tx)
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
        let province = ["21", "71", "51"][(nth % 3) as usize];
        let person = person_with(&central, complete(), province, (nik.as_bytes(), kk.as_bytes())).await;
        joined(&person, OPEN).await;
        people.push((person, kk));
    }
    assert!(matches!(
        selection::commit(&central.central, OPEN, beacon(&central)).await,
        Err(SelectionError::StillOpen { .. })
    ));
    let_it_close(&central);
    let files = selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap();
    assert_eq!(files.entries, 300);
    // Nobody joins a list that is public.
    assert_eq!(code(&applicant(&central).await.push(&join(OPEN)).await), ProblemCode::WaveClosed);
    let value = |due| selection::publish(&central.central, OPEN, VALUE, Some("SK 12/2026"), due);
    assert!(matches!(value(Due::Waited).await, Err(SelectionError::NotDue(_))));
    for decree in ["", "  ", "SK 12\n2026", &"x".repeat(101)] {
        let refused = selection::publish(&central.central, OPEN, VALUE, Some(decree), Due::Sandbox).await.unwrap_err();
        assert!(matches!(refused, SelectionError::Decree) && refused.is_refusal(), "{decree:?}: {refused}");
    }
    central.central.clock.advance_ms(1_000);
    let outcome = value(Due::Waited).await.unwrap();
    assert_eq!((outcome.entries, outcome.accepted), (300, 60));
    assert!(matches!(value(Due::Waited).await, Err(SelectionError::Published(OPEN))));

    let list = zstd::decode_all(fetched(&central, "list.bin.zst").await.as_slice()).unwrap();
    let (commitment, result) = (fetched(&central, "commitment.json").await, fetched(&central, "result.json").await);
    let accepted = fetched(&central, "accepted.bin").await;
    let public = Files { commitment: &commitment, list: &list, result: &result, accepted: Some(&accepted) };
    let known = Known { commitment: Some(files.commitment.parse().unwrap()), beacon_value: Some(VALUE) };
    let verified = public.verify(&known).unwrap();
    // One changed byte anywhere is found.
    for part in 0..4 {
        let mut changed = [commitment.clone(), list.clone(), result.clone(), accepted.clone()];
        let middle = changed[part].len() / 2;
        changed[part][middle] ^= 1;
        let [commitment, list, result, accepted] = &changed;
        let tampered = Files { commitment, list, result, accepted: Some(accepted) };
        assert!(tampered.verify(&known).is_err(), "part {part}");
    }

    let (mut by_region, mut by_family) = (BTreeMap::new(), BTreeMap::new());
    let mut total = 0;
    for (person, kk) in &people {
        let record = application(person).await;
        let place = verified.place(&record.blind.parse::<Blind>().unwrap()).unwrap();
        let drawn = record.drawn.clone().unwrap();
        assert_eq!((drawn.position, drawn.of, drawn.passed_over.is_none()), (place.position, 300, place.accepted));
        assert_eq!(record.state == ApplicationState::Accepted, place.accepted);
        let what = if place.accepted { NoticeKind::Accepted } else { NoticeKind::NotAccepted };
        let mut expected = vec![NoticeKind::JoinedWave, NoticeKind::SelectionBegan, what];
        expected.extend(place.accepted.then_some(NoticeKind::BalanceCredited));
        assert_eq!(told(person).await, expected);
        let memberships = memberships(person).await;
        assert_eq!(memberships.len(), usize::from(place.accepted));
        if let Some(membership) = memberships.first() {
            assert_eq!((membership.state, membership.balance_idr), (MembershipState::Appointed, 3_500_000));
            assert_eq!((membership.prakerja_number.len(), membership.decree.as_str()), (16, "SK 12/2026"));
            assert!(membership.prakerja_number.bytes().all(|byte| byte.is_ascii_digit()));
            *by_region.entry(record.region.clone()).or_insert(0) += 1;
            *by_family.entry(kk.clone()).or_insert(0) += 1;
            total += 1;
        }
        // Whoever has priority is only passed over by a limit of the own province or card.
        if record.class == PriorityClass::WhitelistedLaidOff && !place.accepted {
            assert!(matches!(drawn.passed_over, Some(NotDrawn::RegionFull | NotDrawn::FamilyFull)));
        }
    }
    assert_eq!(total, 60);
    assert!(by_region["71"] <= 10, "{by_region:?}");
    assert!(by_family.values().all(|recipients| *recipients <= 2), "{by_family:?}");
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_not_take_part_any_more_is_not_on_the_list() {
    let central = Started::sqlite().await;
    let (stays, blocked) = (applicant(&central).await, applicant(&central).await);
    let (excluded, recipient) = (applicant(&central).await, applicant(&central).await);
    for person in [&stays, &blocked, &excluded, &recipient] {
        joined(person, OPEN).await;
    }
    let ineligible = Facts { declarations: Some(DeclarationsOutcome::Excluded), ..complete() };
    forced::facts(&central.central, excluded.id, ineligible).await.unwrap();
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query(
        "insert into recipient (nik_index, kk_index, person_id, wave, appointed_at)
         select nik_index, kk_index, person_id, 48, $1 from identity_claim where person_id = $2",
    )
    .bind(NOW)
    .bind(Id(recipient.id))
    .execute(&mut *tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
    let number = case_number(&blocked).await;
    let reason = prakerja_protocol::registration::BlockReason::Proxy;
    prakerja_central::office::cases::block(&central.central, &number, reason, None).await.unwrap();
    let_it_close(&central);
    let before = messages(&central).await;
    assert_eq!(selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap().entries, 1);
    assert_eq!(messages(&central).await - before, 6, "each who is left off has a mail and a text to the phone");
    assert!(matches!(
        selection::commit(&central.central, OPEN, beacon(&central)).await,
        Err(SelectionError::Committed(OPEN))
    ));
    let left_off = [
        (&blocked, LeftOff::Blocked, NoticeKind::LeftOffBlocked),
        (&excluded, LeftOff::Excluded, NoticeKind::LeftOffExcluded),
        (&recipient, LeftOff::Recipient, NoticeKind::LeftOffRecipient),
    ];
    assert_eq!(told(&stays).await.last(), Some(&NoticeKind::SelectionBegan));
    for (person, why, notice) in &left_off {
        let record = application(person).await;
        assert_eq!((record.state, record.left_off), (ApplicationState::JoinedWaitingClose, Some(*why)));
        let told = told(person).await;
        assert_eq!(told.last(), Some(notice));
        assert!(!told.contains(&NoticeKind::SelectionBegan), "{told:?}");
    }
    selection::publish(&central.central, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    assert_eq!(messages(&central).await - before, 8, "and nobody of them another one about the draw");
    assert_eq!(application(&stays).await.state, ApplicationState::Accepted);
    for (person, why, notice) in &left_off {
        let record = application(person).await;
        let expected = (ApplicationState::NotAccepted, None, Some(*why));
        assert_eq!((record.state, record.drawn, record.left_off), expected);
        assert_eq!(told(person).await.last(), Some(notice), "the draw decided nothing about them");
        assert_eq!(memberships(person).await.len(), 0);
    }
    // Once per lifetime: the next wave is not for a participant.
    let mut tx = central.central.db.begin().await.unwrap();
    sqlx::query("update wave set opens_at = 0 where number = $1")
        .bind(i64::from(ANNOUNCED))
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(code(&stays.push(&join(ANNOUNCED)).await), ProblemCode::AlreadyMember);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_let_a_person_join_stays_as_it_was_then() {
    use ProfileField::{EmploymentStatus, MaritalStatus, Phone};
    let central = Started::sqlite().await;
    // What the person changes after the join; whether the list has the person; messages of the result: a mail, and a text
    // to a number that is verified.
    type Typed<'a> = &'a [(ProfileField, Option<&'a str>)];
    let cases: [(&str, Typed<'_>, bool, i64); 5] = [
        ("nothing", &[], true, 2),
        ("another phone", &[(Phone, Some("+6281299990000"))], true, 1),
        ("no phone", &[(Phone, None)], true, 1),
        ("a field is empty", &[(MaritalStatus, None)], true, 2),
        ("excluded by what is typed", &[(EmploymentStatus, Some("student"))], false, 2),
    ];
    let mut people = Vec::new();
    for (nth, (name, changed, ..)) in cases.iter().enumerate() {
        let person = applicant(&central).await;
        forced::facts(&central.central, person.id, Facts::default()).await.unwrap();
        let phone = format!("+628123456780{nth}");
        let typed = [(Phone, Some(phone.as_str())), (MaritalStatus, Some("single"))];
        assert_eq!(person.push(&patch(None, &typed)).await.status, CommandStatus::Applied, "{name}");
        forced::facts(&central.central, person.id, complete()).await.unwrap();
        joined(&person, OPEN).await;
        if !changed.is_empty() {
            assert_eq!(person.push(&patch(None, changed)).await.status, CommandStatus::Applied, "{name}");
        }
        people.push(person);
    }
    let_it_close(&central);
    let before = messages(&central).await;
    let files = selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap();
    assert_eq!(files.entries, cases.iter().filter(|(.., listed, _)| *listed).count() as u64);
    selection::publish(&central.central, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    for (person, (name, _, listed, _)) in people.iter().zip(cases) {
        assert_eq!(application(person).await.drawn.is_some(), listed, "{name}");
    }
    let sent: i64 = cases.iter().map(|(.., messages)| messages).sum();
    assert_eq!(messages(&central).await - before, sent);
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_value_that_is_not_named_in_a_line_closes_no_list() {
    let central = Started::sqlite().await;
    joined(&applicant(&central).await, OPEN).await;
    let_it_close(&central);
    for description in [String::new(), "  ".to_owned(), "x".repeat(501), "two\nlines".to_owned()] {
        let wrong = Beacon { description, ..beacon(&central) };
        let refused = selection::commit(&central.central, OPEN, wrong.clone()).await.unwrap_err();
        assert!(matches!(refused, SelectionError::Commitment(_)) && refused.is_refusal(), "{wrong:?}: {refused}");
        assert_eq!(selection::progress(&central.central, OPEN).await.unwrap().committed_at, None, "{wrong:?}");
    }
    selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap();
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commitment_has_time_to_leave_the_office_before_its_value_is_known() {
    const HOUR: i64 = 3_600_000;
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path());
    config.limits.beacon_ahead_s = Some(3_600);
    let central = Started::open(folder, config).await.unwrap();
    joined(&applicant(&central).await, OPEN).await;
    let_it_close(&central);
    let now = central.central.clock.now_ms();
    for due_at_ms in [now + 1, now + HOUR - 1] {
        let soon = Beacon { due_at_ms, ..beacon(&central) };
        let refused = selection::commit(&central.central, OPEN, soon).await.unwrap_err();
        assert!(matches!(refused, SelectionError::TooSoon { earliest } if earliest == now + HOUR), "{refused}");
        assert!(refused.is_refusal() && refused.code() == "too-soon");
        assert_eq!(selection::progress(&central.central, OPEN).await.unwrap().committed_at, None);
    }
    let later = Beacon { due_at_ms: now + HOUR, ..beacon(&central) };
    selection::commit(&central.central, OPEN, later).await.unwrap();
    central.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recipients_from_before_this_central_take_places_of_a_family_card() {
    let central = Started::sqlite().await;
    set_wave(&central, 60, "{}").await;
    let mut families = Vec::new();
    for earlier in [0_i64, 1, 2] {
        let kk = format!("card with {earlier}");
        let mut family = Vec::new();
        for _ in 0..3 {
            let nik = Uuid::new_v4();
            family.push(person_with(&central, complete(), "21", (nik.as_bytes(), kk.as_bytes())).await);
        }
        for person in &family {
            joined(person, OPEN).await;
        }
        // The registry told it at one of the matches only.
        let mut tx = central.central.db.begin().await.unwrap();
        sqlx::query("update identity_claim set family_recipients = $1 where person_id = $2")
            .bind(earlier)
            .bind(Id(family[1].id))
            .execute(&mut *tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        families.push((earlier, family));
    }
    let_it_close(&central);
    assert_eq!(selection::commit(&central.central, OPEN, beacon(&central)).await.unwrap().entries, 9);
    selection::publish(&central.central, OPEN, VALUE, None, Due::Sandbox).await.unwrap();
    for (earlier, family) in families {
        let mut accepted = 0;
        for person in &family {
            let record = application(person).await;
            let full = record.drawn.unwrap().passed_over == Some(NotDrawn::FamilyFull);
            assert_eq!(full, record.state == ApplicationState::NotAccepted);
            accepted += i64::from(!full);
        }
        assert_eq!(accepted, 2 - earlier, "{earlier} before");
    }
    central.stop().await;
}
