//! Which rows of an import are refused, and why.

use super::*;

fn valid() -> serde_json::Value {
    serde_json::json!({
        "slug": "las-smaw-batam", "title": "Dasar Las Busur", "summary": "Belajar mengelas dari nol sampai bisa.",
        "method": "in_person", "field": "Manufaktur", "institution": "BLK Batam", "platform": "SISNAKER",
        "free": true, "price_idr": 0, "hours": 80, "needs": ["Sepatu tertutup"],
        "schedules": [{
            "key": "1", "starts_on": "2026-12-07", "ends_on": "2026-12-18", "time": "08.00–15.00 WIB",
            "province": "21", "city": "Kota Batam", "address": "Jl. Industri Raya No. 8",
            "closes_at": "2026-12-01T23:59:59+07:00", "capacity": 16
        }]
    })
}

fn read_with(change: impl FnOnce(&mut serde_json::Value)) -> Result<CatalogueFile, Vec<RowError>> {
    let mut row = valid();
    change(&mut row);
    CatalogueFile::read(&serde_json::json!({ "trainings": [row] }).to_string())
}

#[test]
fn a_right_row_is_read() {
    let last_moment = serde_json::json!("2026-12-07T00:00:00+07:00");
    assert!(read_with(|row| row["schedules"][0]["closes_at"] = last_moment).is_ok());
    let file = read_with(|_| {}).unwrap();
    assert_eq!(file.trainings[0].schedules[0].closes_at.as_millisecond(), 1_796_144_399_000);
}

#[test]
fn every_wrong_row_is_named_with_its_reason() {
    use serde_json::json;
    type Change = fn(&mut serde_json::Value);
    let cases: &[(Change, &str)] = &[
        (|r| r["slug"] = json!("Las SMAW"), "slug is not"),
        (|r| r["slug"] = json!("-las"), "slug is not"),
        (|r| r["title"] = json!("Las"), "title has 3 characters"),
        (|r| r["title"] = json!(" Dasar Las "), "white space around"),
        (|r| r["summary"] = json!("Belajar\u{0}mengelas dari nol."), "control characters"),
        (|r| r["method"] = json!("offline"), "unknown variant `offline`"),
        (|r| r["price_idr"] = json!(1), "free training is not 0"),
        (|r| r["free"] = json!(false), "price_idr is not 1 to"),
        (|r| r["hours"] = json!(0), "hours is not"),
        (|r| r["hours"] = json!(-3), "invalid value"),
        (|r| r["rating_x10"] = json!(47), "go together"),
        (|r| r["surprise"] = json!(1), "unknown field `surprise`"),
        (|r| r["schedules"] = json!([]), "a schedule is needed"),
        (|r| r["method"] = json!("self_paced"), "has no schedules"),
        (|r| r["method"] = json!("webinar"), "belongs to trainings in person only"),
        (|r| r["schedules"][0]["ends_on"] = json!("2026-12-06"), "ends_on is before"),
        (|r| r["schedules"][0]["starts_on"] = json!("2026-13-06"), "month"),
        (|r| r["schedules"][0]["closes_at"] = json!("2026-12-07T00:00:01+07:00"), "closes_at is after the beginning"),
        (|r| r["schedules"][0]["closes_at"] = json!("2026-12-01T23:59:59"), "offset"),
        (|r| r["schedules"][0]["province"] = json!("99"), "is no province"),
        (|r| r["schedules"][0]["city"] = json!(null), "city is missing"),
        (|r| r["schedules"][0]["capacity"] = json!(0), "capacity is not"),
        (|r| r["schedules"][0]["taken"] = json!(17), "taken is not"),
    ];
    for (change, reason) in cases {
        let errors = read_with(change).unwrap_err();
        assert!(errors.iter().any(|e| e.reason.contains(reason)), "{reason}: {errors:?}");
        assert!(errors.iter().all(|e| e.place.starts_with("trainings[0] (")), "{errors:?}");
    }
}

#[test]
fn errors_of_several_rows_come_together() {
    let mut second = valid();
    second["title"] = serde_json::json!("x");
    let file = serde_json::json!({
        "trainings": [valid(), second],
        "waves": [{ "number": 7, "opens_at": "2026-12-02T00:00:00Z", "closes_at": "2026-12-01T00:00:00Z",
            "provinces": ["98"], "scheme": "1999", "quota": 1 }],
        "rollout_provinces": ["00"],
    });
    let errors = CatalogueFile::read(&file.to_string()).unwrap_err();
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "trainings[1] (las-smaw-batam): title has 1 characters, not 5 to 150",
            "trainings[1] (las-smaw-batam): the slug is in the file twice",
            "waves[0] (7): closes_at is not after opens_at",
            "waves[0] (7): \"98\" is no province",
            "rollout_provinces: \"00\" is no province",
        ]
    );
}

#[test]
fn ids_are_the_same_everywhere_and_for_ever() {
    assert_eq!(training_id("las-smaw-batam"), training_id("las-smaw-batam"));
    assert_eq!(training_id("las-smaw-batam").get_version_num(), 8);
    assert_ne!(training_id("x"), schedule_id("x", "1"));
    assert_eq!(training_id("las-smaw-batam").to_string(), "bcd812ed-21ed-8d49-b910-c3306a356c30");
}

#[test]
fn a_wave_names_a_scheme_that_is_in_force() {
    let schemes = Schemes::load(&crate::config::Config::default()).unwrap();
    let file = |scheme: &str, overrides: serde_json::Value| CatalogueFile {
        waves: vec![WaveRow {
            number: 7,
            opens_at: Timestamp::MIN,
            closes_at: Timestamp::MAX,
            provinces: Vec::new(),
            scheme: scheme.to_owned(),
            overrides: Some(overrides),
            quota: 1,
            region_quotas: BTreeMap::new(),
            grace_hours: 0,
            results_expected_at: None,
        }],
        ..CatalogueFile::default()
    };
    let good = serde_json::json!({ "membership": { "first_purchase_days": 20 } });
    assert_eq!(file("2020", good.clone()).check_schemes(&schemes), Ok(()));
    for (scheme, overrides, expected) in [
        ("1999", good, "there is no such scheme"),
        ("2020", serde_json::json!({ "test": { "min_right": 6 } }), "overrides: a wave cannot override test: "),
    ] {
        let errors = file(scheme, overrides).check_schemes(&schemes).unwrap_err();
        assert!(errors[0].reason.starts_with(expected), "{}", errors[0]);
        assert_eq!((errors.len(), errors[0].place.as_str()), (1, "waves[0] (7)"));
    }
}
