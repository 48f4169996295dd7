//! The catalogue and its search.

use std::time::{Duration, Instant};

use prakerja_domain::training::Method;
use prakerja_store::{CatalogueUpdate, StoreError, TrainingQuery};
use serde_json::{Value, json};

use crate::support::{NOW, Vault, id};

const DAY: i64 = 24 * 3600 * 1000;

fn training(n: u128, title: &str, method: &str, free: bool) -> Value {
    json!({
        "id": id(n), "title": title, "summary": "Belajar dari awal", "method": method, "field": "Administrasi",
        "institution": "BLK Bekasi", "platform": "Skillhub", "free": free, "price_idr": if free { 0 } else { 350_000 },
        "hours": 20, "ratings": 0, "needs": [], "schedules": [], "later": { "kept": true },
    })
}

fn run(n: u128, starts_on: &str, closes_at: i64, province: Option<&str>, city: &str, seats: &str) -> Value {
    json!({
        "id": id(n), "starts_on": starts_on, "ends_on": starts_on, "time": "08.00", "province": province, "city": city,
        "address": "Jl. Melati", "closes_at": closes_at, "seats": seats,
    })
}

fn with(mut training: Value, runs: Vec<Value>) -> Value {
    training["schedules"] = Value::from(runs);
    training
}

fn update(version: i64, base: Option<i64>, trainings: Vec<Value>) -> CatalogueUpdate {
    let waves = json!([{ "number": 71 }]);
    let provinces = vec!["31".into(), "32".into()];
    let programme = Some(json!({ "scheme": "2023", "schemes": [], "later": 1 }));
    CatalogueUpdate { version, base, trainings, gone: Vec::new(), waves, provinces, programme }
}

async fn filled() -> Vault {
    let vault = Vault::new().await;
    let trainings = vec![
        training(1, "Barista Kafé Pemula", "self_paced", false),
        with(
            training(2, "Las Listrik", "in_person", true),
            vec![
                run(21, "2026-12-20", NOW + 9 * DAY, Some("32"), "Bandung", "few"),
                run(22, "2026-11-01", NOW - DAY, Some("31"), "Jakarta", "plenty"),
            ],
        ),
        with(
            training(3, "Desain Grafis", "webinar", true),
            vec![run(31, "2026-12-07", NOW + 5 * DAY, None, "", "full")],
        ),
        training(4, "Akuntansi Dasar", "self_paced", true),
        with(
            training(5, "Menjahit", "in_person", true),
            vec![run(51, "2026-11-02", NOW - DAY, Some("32"), "Cimahi", "plenty")],
        ),
    ];
    vault.store.apply_catalogue(&update(1, None, trainings), NOW).await.unwrap();
    vault
}

async fn search(vault: &Vault, query: TrainingQuery) -> Vec<String> {
    let query = TrainingQuery { now: NOW, limit: if query.limit == 0 { 100 } else { query.limit }, ..query };
    let page = vault.store.search_trainings(&query).await.unwrap();
    if query.offset == 0 && query.limit == 100 {
        assert_eq!(page.total as usize, page.rows.len());
    }
    page.rows.into_iter().map(|training| training.title).collect()
}

async fn words(vault: &Vault, text: &str) -> Vec<String> {
    search(vault, TrainingQuery { text: text.into(), ..TrainingQuery::default() }).await
}

#[tokio::test]
async fn without_words_free_ones_come_first_and_the_soonest_of_them() {
    let vault = filled().await;
    let expected = ["Desain Grafis", "Las Listrik", "Akuntansi Dasar", "Menjahit", "Barista Kafé Pemula"];
    assert_eq!(words(&vault, "  ").await, expected);
    assert_eq!(words(&vault, "*'\"()").await, expected);
}

#[tokio::test]
async fn words_are_found_as_people_type_them() {
    let vault = filled().await;
    let barista: &[&str] = &["Barista Kafé Pemula"];
    let cases: &[(&str, &[&str])] = &[
        ("barista", barista),
        ("BAR", barista),
        ("kafe", barista),
        ("Kafé", barista),
        ("pemula barista", barista),
        ("bandung las", &["Las Listrik"]),
        ("las bandung jakarta", &["Las Listrik"]),
        ("las surabaya", &[]),
        ("zzz", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(words(&vault, text).await, *expected, "{text}");
    }
    assert_eq!(words(&vault, "blk bekasi").await.len(), 5, "institution");
    assert_eq!(words(&vault, "administrasi").await.len(), 5, "field");
    assert_eq!(words(&vault, "awal").await.len(), 5, "summary");
}

#[tokio::test]
async fn a_word_in_the_title_weighs_most() {
    let vault = Vault::new().await;
    let mut in_summary = training(1, "Tata Boga", "self_paced", true);
    in_summary["summary"] = json!("Memasak roti dan kue, roti lagi");
    let in_title = training(2, "Roti", "self_paced", false);
    vault.store.apply_catalogue(&update(1, None, vec![in_summary, in_title]), NOW).await.unwrap();
    assert_eq!(words(&vault, "roti").await, ["Roti", "Tata Boga"]);
}

#[tokio::test]
async fn nothing_typed_is_ever_syntax() {
    let vault = filled().await;
    let hostile = [
        "\"",
        "'",
        "*",
        "a*b",
        "NEAR(",
        "NEAR(a b, 3)",
        "AND",
        "OR",
        "NOT",
        "a AND",
        "title:",
        "title:las",
        "-las",
        "^las",
        "{title} : x",
        "(",
        ")",
        "\\",
        "\0",
        "las\0",
        "'; drop table training; --",
        "\" OR \"\" = \"",
        "%",
        "_",
        "🙂",
        "é\u{301}",
        "<script>alert(1)</script>",
        "a\u{202e}b",
        "1=1",
        "+",
        "x'00'",
        "$1",
        "?1",
        ":a",
        "@a",
    ];
    for text in hostile {
        vault.store.search_trainings(&TrainingQuery { text: text.into(), ..TrainingQuery::default() }).await.unwrap();
    }
    let long = "kata ".repeat(20_000);
    vault.store.search_trainings(&TrainingQuery { text: long, ..TrainingQuery::default() }).await.unwrap();
    assert_eq!(words(&vault, "").await.len(), 5, "all are still there");
}

#[tokio::test]
async fn filters_hold_together_and_each_alone() {
    let vault = filled().await;
    let all = TrainingQuery::default();
    let cases = [
        (
            TrainingQuery { free_only: true, ..all.clone() },
            vec!["Desain Grafis", "Las Listrik", "Akuntansi Dasar", "Menjahit"],
        ),
        (
            TrainingQuery { methods: vec![Method::SelfPaced], ..all.clone() },
            vec!["Akuntansi Dasar", "Barista Kafé Pemula"],
        ),
        (
            TrainingQuery { methods: vec![Method::Webinar, Method::InPerson], ..all.clone() },
            vec!["Desain Grafis", "Las Listrik", "Menjahit"],
        ),
        (TrainingQuery { province: Some("32".into()), ..all.clone() }, vec!["Las Listrik", "Menjahit"]),
        (TrainingQuery { province: Some("31".into()), ..all.clone() }, vec!["Las Listrik"]),
        (
            TrainingQuery { with_seat: true, ..all.clone() },
            vec!["Las Listrik", "Akuntansi Dasar", "Barista Kafé Pemula"],
        ),
        // The run in Jakarta has closed: a seat elsewhere does not count for the province.
        (TrainingQuery { with_seat: true, province: Some("31".into()), ..all.clone() }, vec![]),
        (TrainingQuery { with_seat: true, province: Some("32".into()), ..all.clone() }, vec!["Las Listrik"]),
        (TrainingQuery { text: "las".into(), free_only: true, ..all.clone() }, vec!["Las Listrik"]),
        (TrainingQuery { text: "barista".into(), free_only: true, ..all.clone() }, vec![]),
        (TrainingQuery { province: Some("' or 1=1 --".into()), ..all.clone() }, vec![]),
    ];
    for (query, expected) in cases {
        assert_eq!(search(&vault, query.clone()).await, expected, "{query:?}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap() {
    let vault = filled().await;
    let whole = words(&vault, "").await;
    let mut paged = Vec::new();
    for offset in [0, 2, 4, 6] {
        let query = TrainingQuery { now: NOW, limit: 2, offset, ..TrainingQuery::default() };
        let page = vault.store.search_trainings(&query).await.unwrap();
        assert_eq!(page.total, 5);
        paged.extend(page.rows.into_iter().map(|training| training.title));
    }
    assert_eq!(paged, whole);
}

#[tokio::test]
async fn a_delta_builds_upon_its_base_only() {
    let mut vault = filled().await;
    let mut delta =
        update(2, Some(1), vec![training(2, "Las Argon", "in_person", true), training(6, "Roti", "webinar", true)]);
    delta.gone = vec![id(1), id(99)];
    let applied = vault.store.apply_catalogue(&delta, NOW + 5).await.unwrap();
    assert_eq!((applied.stored, applied.unreadable), (2, 0));
    vault.reopen().await;
    assert_eq!(words(&vault, "barista").await, NOTHING);
    assert_eq!(words(&vault, "listrik").await, NOTHING);
    assert_eq!(words(&vault, "argon").await, ["Las Argon"]);
    assert_eq!(words(&vault, "bandung").await, NOTHING, "its old runs are gone");
    let info = vault.store.catalogue().await.unwrap().unwrap();
    assert_eq!((info.version, info.as_of, info.trainings), (2, NOW + 5, 5));
    assert_eq!((info.waves, info.provinces), (json!([{ "number": 71 }]), vec!["31".to_owned(), "32".to_owned()]));

    let result = vault.store.apply_catalogue(&update(9, Some(1), vec![]), NOW).await;
    assert!(matches!(result, Err(StoreError::WrongBase)), "{result:?}");
    assert_eq!(vault.store.catalogue().await.unwrap().unwrap().version, 2);
    vault.store.touch_catalogue(NOW + 9).await.unwrap();
    assert_eq!(vault.store.catalogue().await.unwrap().unwrap().as_of, NOW + 9);

    let result = Vault::new().await.store.apply_catalogue(&update(2, Some(1), vec![]), NOW).await;
    assert!(matches!(result, Err(StoreError::WrongBase)), "a delta is no beginning");
}

const NOTHING: [String; 0] = [];

#[tokio::test]
async fn one_unreadable_training_does_not_hold_up_the_others() {
    let vault = Vault::new().await;
    let twice = training(1, "Barista Lama", "self_paced", true);
    let trainings = vec![twice, json!({ "id": 5 }), training(1, "Barista Baru", "self_paced", true), json!(null)];
    let applied = vault.store.apply_catalogue(&update(1, None, trainings), NOW).await.unwrap();
    assert_eq!((applied.stored, applied.unreadable), (2, 2));
    assert_eq!(words(&vault, "barista").await, ["Barista Baru"]);
    assert_eq!(words(&vault, "lama").await, NOTHING);
    assert_eq!(vault.store.training(id(1)).await.unwrap().unwrap().title, "Barista Baru");
    assert_eq!(vault.store.training(id(2)).await.unwrap(), None);
}

/// Bounds that catch a statement a row or a scan of everything, not a busy computer: each search counts with its best of
/// ten.
#[tokio::test]
async fn a_whole_catalogue_is_stored_and_searched_quickly() {
    let vault = Vault::new().await;
    let trainings: Vec<Value> = (0..1_300)
        .map(|n| {
            let runs = (0..3).map(|r| run(n * 10 + r, "2026-12-07", NOW + DAY, Some("32"), "Bandung", "few")).collect();
            with(training(n, &format!("Pelatihan Keterampilan {n} untuk Pemula"), "in_person", n % 2 == 0), runs)
        })
        .collect();
    let begin = Instant::now();
    vault.store.apply_catalogue(&update(1, None, trainings), NOW).await.unwrap();
    let stored = begin.elapsed();
    println!("1,300 trainings stored in {stored:?}");
    assert!(stored.as_secs() < 60, "{stored:?}");
    for (text, total) in [("", 1_300), ("pelatihan", 1_300), ("pelatihan pemula", 1_300), ("777", 1), ("zzz", 0)] {
        let query =
            TrainingQuery { text: text.into(), with_seat: true, now: NOW, limit: 20, ..TrainingQuery::default() };
        let mut best = Duration::MAX;
        for _ in 0..10 {
            let begin = Instant::now();
            let page = vault.store.search_trainings(&query).await.unwrap();
            best = best.min(begin.elapsed());
            assert_eq!((page.total, page.rows.len()), (total, total.min(20) as usize), "{text}");
        }
        println!("search {text:?}: {best:?}");
        assert!(best.as_millis() < 200, "{text}: {best:?}");
    }
}
