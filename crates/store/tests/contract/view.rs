//! What the window shows: central's records with the person's own commands on top.

use prakerja_domain::enrolment::EnrolmentState;
use prakerja_domain::profile::ProfileField;
use prakerja_store::{Activity, ActivityState};
use serde_json::json;

use crate::support::{BUDI, NOW, SITI, Vault, cancel, enrolment, id, outcome, patch, put, request, void};

async fn only(vault: &Vault) -> Activity {
    let mut activities = vault.store.activities(SITI).await.unwrap();
    assert_eq!(activities.len(), 1, "{activities:#?}");
    activities.remove(0)
}

#[tokio::test]
async fn an_enrolment_is_shown_only_when_central_said_so() {
    let vault = Vault::new().await;
    assert!(vault.store.activities(SITI).await.unwrap().is_empty());
    vault.add(&request(1, 11, 111)).await;
    let shown = only(&vault).await;
    assert_eq!((shown.enrolment, shown.training, shown.state), (id(11), id(111), ActivityState::Requested));
    assert_eq!((shown.title.as_deref(), shown.received_at, shown.at), (Some("Pelatihan 111"), None, NOW));
    assert_eq!(shown.command.unwrap().id, id(1));
    assert!(vault.store.activities(BUDI).await.unwrap().is_empty());

    // Answered, and the feed has not shown it yet: still "asked for", never gone in between.
    vault.send(id(1)).await;
    vault.finish(outcome(1, "applied", 7)).await;
    assert_eq!(only(&vault).await.state, ActivityState::Requested);

    vault.page("c1", vec![put(7, "enrolment", 11, 1, enrolment(111, "seat_confirmed"))]).await;
    let shown = only(&vault).await;
    assert_eq!(shown.state, ActivityState::Enrolled(EnrolmentState::SeatConfirmed));
    assert_eq!((shown.title.as_deref(), shown.received_at), (Some("Barista"), Some(NOW + 1)));
    assert_eq!(shown.command.unwrap().receipt.unwrap().number.as_deref(), Some("PK-1"));
}

#[tokio::test]
async fn an_activity_knows_when_and_where_without_the_catalogue() {
    let run = json!({ "starts_on": "2026-12-07", "ends_on": "2026-12-18", "time": "08.00–15.00 WIB", "province": "21",
        "city": "Kota Batam", "address": "Jl. Industri Raya No. 8" });
    for (run, told) in [(run, true), (json!(null), false), (json!({ "newer": "shape" }), false)] {
        let vault = Vault::new().await;
        let mut record = enrolment(111, "seat_confirmed");
        record["run"] = run;
        vault.page("c1", vec![put(7, "enrolment", 11, 1, record)]).await;
        let shown = only(&vault).await;
        assert_eq!(shown.state, ActivityState::Enrolled(EnrolmentState::SeatConfirmed));
        let place = shown.run.map(|run| (run.starts_on, run.city, run.address));
        let expected =
            || ("2026-12-07".to_owned(), Some("Kota Batam".to_owned()), Some("Jl. Industri Raya No. 8".to_owned()));
        assert_eq!(place, told.then(expected));
    }
}

#[tokio::test]
async fn the_feed_may_be_faster_than_the_answer() {
    let vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    vault.send(id(1)).await;
    let mut change = put(7, "enrolment", 11, 1, enrolment(111, "in_progress"));
    change.by = Some(id(1));
    vault.page("c1", vec![change]).await;
    // The answer was lost; the command still waits for it.
    let shown = only(&vault).await;
    assert_eq!(shown.state, ActivityState::Enrolled(EnrolmentState::InProgress));
    assert_eq!(vault.store.counts(SITI).await.unwrap().waiting(), 1);
}

#[tokio::test]
async fn a_refused_request_is_shown_until_the_person_took_note() {
    let vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    let mut refused = outcome(1, "rejected", 7);
    refused.problem = Some(json!({ "type": "seat-full" }));
    vault.finish(refused).await;
    let shown = only(&vault).await;
    assert_eq!(shown.state, ActivityState::Refused);
    assert_eq!(shown.command.unwrap().last_problem, Some(json!({ "type": "seat-full" })));
    vault.store.acknowledge(SITI, id(1), NOW).await.unwrap();
    assert!(vault.store.activities(SITI).await.unwrap().is_empty());
}

#[tokio::test]
async fn giving_a_place_back_is_shown_step_by_step() {
    let vault = Vault::new().await;
    vault.page("c1", vec![put(1, "enrolment", 11, 1, enrolment(111, "scheduled"))]).await;
    vault.add(&cancel(2, 11, 111)).await;
    let shown = only(&vault).await;
    assert_eq!((shown.state, shown.command.unwrap().id), (ActivityState::Cancelling, id(2)));
    vault.finish(outcome(2, "applied", 5)).await;
    assert_eq!(only(&vault).await.state, ActivityState::Cancelling);
    vault.page("c2", vec![put(5, "enrolment", 11, 2, enrolment(111, "cancelled"))]).await;
    assert_eq!(only(&vault).await.state, ActivityState::Enrolled(EnrolmentState::Cancelled));

    // Refused: the place is shown as before.
    vault.page("c3", vec![put(6, "enrolment", 22, 1, enrolment(222, "scheduled"))]).await;
    vault.add(&cancel(3, 22, 222)).await;
    vault.finish(outcome(3, "rejected", 8)).await;
    let activities = vault.store.activities(SITI).await.unwrap();
    let second = activities.iter().find(|activity| activity.enrolment == id(22)).unwrap();
    assert_eq!(second.state, ActivityState::Enrolled(EnrolmentState::Scheduled));
    assert_eq!(second.command.as_ref().unwrap().status.as_deref(), Some("rejected"));
}

#[tokio::test]
async fn a_request_on_its_way_that_is_cancelled_is_cancelling() {
    let vault = Vault::new().await;
    vault.add(&request(1, 11, 111)).await;
    vault.send(id(1)).await;
    vault.add(&cancel(2, 11, 111)).await;
    assert_eq!(only(&vault).await.state, ActivityState::Cancelling);
}

#[tokio::test]
async fn a_state_of_a_later_version_hides_only_its_own_activity() {
    let vault = Vault::new().await;
    vault
        .page(
            "c1",
            vec![
                put(1, "enrolment", 11, 1, enrolment(111, "teleported")),
                put(2, "enrolment", 22, 1, enrolment(222, "completed")),
                put(3, "enrolment", 33, 1, json!("nonsense")),
            ],
        )
        .await;
    assert_eq!(only(&vault).await.enrolment, id(22));
}

#[tokio::test]
async fn after_a_snapshot_only_what_it_does_not_hold_lies_on_top() {
    let vault = Vault::new().await;
    for n in [1, 2] {
        vault.add(&request(n, n * 11, n * 111)).await;
        vault.finish(outcome(n, "applied", n as i64 * 10)).await;
    }
    let page = prakerja_store::SnapshotPage {
        epoch: id(2),
        as_of_seq: 15,
        records: vec![put(10, "enrolment", 11, 1, enrolment(111, "scheduled"))],
        next: None,
        cursor: "s".into(),
    };
    vault.store.apply_snapshot_page(SITI, &page, NOW).await.unwrap();
    let mut states: Vec<_> =
        vault.store.activities(SITI).await.unwrap().into_iter().map(|shown| (shown.enrolment, shown.state)).collect();
    states.sort_by_key(|(enrolment, _)| *enrolment);
    let scheduled = ActivityState::Enrolled(EnrolmentState::Scheduled);
    assert_eq!(states, [(id(11), scheduled), (id(22), ActivityState::Requested)]);
}

#[tokio::test]
async fn personal_data_is_the_record_with_confirmed_changes_on_top() {
    let vault = Vault::new().await;
    assert_eq!(vault.store.profile(SITI).await.unwrap(), prakerja_store::Profile::default());
    let record = json!({ "fields": { "ktp_address": "Bogor", "phone": "+62811", "shoe_size": "38" } });
    vault.page("c1", vec![put(1, "profile", 5, 17, record)]).await;
    vault.add(&patch(1, json!({ "ktp_address": "Depok", "phone": null, "domicile_address": "Jl. Melati 1" }))).await;
    vault.store.save_draft(SITI, "profile", "ktp_address", "Dep", NOW).await.unwrap();
    let profile = vault.store.profile(SITI).await.unwrap();
    assert_eq!(profile.base_rev, Some(17));
    assert_eq!(profile.base[&ProfileField::KtpAddress], "Bogor");
    assert_eq!(profile.values[&ProfileField::KtpAddress], "Depok");
    assert_eq!(profile.values[&ProfileField::DomicileAddress], "Jl. Melati 1");
    assert!(!profile.values.contains_key(&ProfileField::Phone));
    assert_eq!(profile.command.unwrap().id, id(1));

    // In conflict: central's value is shown, the command says so.
    vault.finish(outcome(1, "conflict", 3)).await;
    let profile = vault.store.profile(SITI).await.unwrap();
    assert_eq!(profile.values, profile.base);
    assert_eq!(profile.command.unwrap().status.as_deref(), Some("conflict"));

    vault.add(&patch(2, json!({ "ktp_address": "Tegal" }))).await;
    vault.finish(outcome(2, "applied", 4)).await;
    assert_eq!(vault.store.profile(SITI).await.unwrap().values[&ProfileField::KtpAddress], "Tegal");
    vault.page("c2", vec![put(4, "profile", 5, 18, json!({ "fields": { "ktp_address": "Semarang" } }))]).await;
    assert_eq!(vault.store.profile(SITI).await.unwrap().values[&ProfileField::KtpAddress], "Semarang");
}

#[tokio::test]
async fn a_refused_patch_is_kept_as_far_as_nothing_later_says_the_same() {
    let vault = Vault::new().await;
    vault.page("c1", vec![put(1, "profile", 5, 17, json!({ "fields": { "ktp_address": "Bogor" } }))]).await;
    vault.add(&patch(1, json!({ "ktp_address": "Depok", "phone": "+1", "gender": null }))).await;
    vault.finish(outcome(1, "rejected", 2)).await;
    let profile = vault.store.profile(SITI).await.unwrap();
    assert_eq!(profile.values, profile.base, "nothing of it took effect");
    assert_eq!(profile.refusals.len(), 1);
    let carried = &profile.refusals[0].fields;
    assert_eq!(carried[&ProfileField::KtpAddress].as_deref(), Some("Depok"));
    assert_eq!((carried.len(), &carried[&ProfileField::Gender]), (3, &None));

    vault.add(&patch(2, json!({ "phone": "+62811" }))).await;
    let profile = vault.store.profile(SITI).await.unwrap();
    let left: Vec<_> = profile.refusals[0].fields.keys().copied().collect();
    assert_eq!(left, [ProfileField::Gender, ProfileField::KtpAddress], "the phone was said again");
    vault.store.acknowledge(SITI, id(1), NOW).await.unwrap();
    assert!(vault.store.profile(SITI).await.unwrap().refusals.is_empty(), "the person took note");
}

#[tokio::test]
async fn what_is_being_taken_back_is_not_confirmed() {
    let vault = Vault::new().await;
    vault.page("c1", vec![put(1, "profile", 5, 17, json!({ "fields": { "ktp_address": "Bogor" } }))]).await;
    let sent = patch(1, json!({ "ktp_address": "Depok" }));
    vault.add(&sent).await;
    vault.store.mark_sending(SITI, &[sent.id], NOW).await.unwrap();
    vault.add(&void(2, &sent)).await;
    let profile = vault.store.profile(SITI).await.unwrap();
    assert_eq!((profile.values[&ProfileField::KtpAddress].as_str(), profile.command), ("Bogor", None));
    // The void came too late: what central has carried out counts.
    vault.finish(outcome(1, "applied", 2)).await;
    vault.finish(outcome(2, "rejected", 3)).await;
    let profile = vault.store.profile(SITI).await.unwrap();
    assert_eq!(profile.values[&ProfileField::KtpAddress], "Depok");
}
