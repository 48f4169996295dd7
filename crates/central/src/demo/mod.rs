//! Demo data: a believable catalogue, so that the program can be tried and tested without an office behind it.
//!
//! Everything is written from the tables in [`skills`] and [`places`]; nothing here is read outside of `serve --demo`
//! and tests. Dates are relative to the day of seeding. Ids of trainings never change (see
//! [`crate::catalogue::training_id`]), so tests can name trainings by slug; a schedule's id follows from its first day.

mod places;
mod skills;
mod write;

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use prakerja_domain::province::FIRST_ROLLOUT;

use crate::catalogue::{ApplyError, CatalogueFile, WaveRow};
use crate::db::Db;

/// A free training in person in Batam with exactly one seat, in one schedule.
pub const FREE_ONE_SEAT: &str = "blk-batam-panel-surya-kelas-kecil";
/// A paid training in person in Batam with exactly one seat, in one schedule.
pub const PAID_ONE_SEAT: &str = "batam-barista-kelas-privat";
/// A free training in person in Manado whose enrolment closed yesterday, with one schedule.
pub const FREE_CLOSED: &str = "blk-manado-pipa-air-sudah-tutup";
/// A free training in person in Denpasar without a seat left, with one schedule.
pub const FREE_FULL: &str = "blk-denpasar-tata-rias-penuh";
/// A free training in person in Batam with twenty free seats in the first of two schedules and twenty in the second.
pub const FREE_ROOMY: &str = "blk-batam-instalasi-listrik-terbuka";
/// A free webinar with two hundred free seats, in one schedule.
pub const FREE_WEBINAR: &str = "blk-tanjungpinang-keselamatan-kerja-webinar";
/// A free self-paced training.
pub const FREE_SELF_PACED: &str = "blk-denpasar-bahasa-inggris-kerja-mandiri";

/// The demo's catalogue as it is written on `today` (the day in Jakarta).
pub fn catalogue(today: Date) -> CatalogueFile {
    CatalogueFile {
        trainings: write::trainings(today),
        retire: Vec::new(),
        waves: waves(today),
        rollout_provinces: Some(FIRST_ROLLOUT.map(str::to_owned).to_vec()),
    }
}

/// Days after which a demo that is started again gets new dates, before its open wave has closed.
const STALE_DAYS: i32 = 4;

/// Writes the demo's catalogue. A second start changes nothing, unless the dates have become stale, or `fast` is another.
pub(crate) async fn seed(db: &Db, now_ms: i64, fast: bool) -> Result<(), ApplyError> {
    let today = jiff::tz::offset(7).to_datetime(Timestamp::from_millisecond(now_ms).unwrap_or_default()).date();
    let mut tx = db.begin().await?;
    let (seeded, was_fast): (Option<String>, Option<i64>) =
        sqlx::query_as("select demo_day, demo_fast from catalogue_head where one = 1").fetch_one(&mut *tx).await?;
    let seeded = seeded.and_then(|text| text.parse::<Date>().ok());
    let same_pace = was_fast == Some(i64::from(fast));
    if same_pace && seeded.is_some_and(|day| (0..STALE_DAYS).contains(&(today - day).get_days())) {
        return Ok(());
    }
    let mut file = catalogue(today);
    if fast {
        file.waves = fast_waves(now_ms);
    }
    // What was drawn stays as it was, and what was voided, and a wave that somebody joined under other rules.
    let kept = if same_pace {
        "select wave from selection union select wave from voided_selection"
    } else {
        "select wave from selection union select wave from voided_selection union select wave from application"
    };
    let kept: Vec<i64> = sqlx::query_scalar(kept).fetch_all(&mut *tx).await?;
    file.waves.retain(|wave| !kept.contains(&i64::from(wave.number)));
    let applied = crate::catalogue::apply_in(&mut tx, &file).await?;
    sqlx::query("update catalogue_head set demo_day = $1, demo_fast = $2 where one = 1")
        .bind(today.to_string())
        .bind(i64::from(fast))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    tracing::info!(trainings = applied.added + applied.changed, version = applied.version, "demo data written");
    Ok(())
}

/// The wave of the scheme of 2020 of a fast demo: places for everybody.
pub const WAVE_OF_2020: u32 = 47;
/// The wave of a fast demo with few places for many.
pub const FEW_PLACES: u32 = 73;
/// The wave that opens when [`FEW_PLACES`] was drawn: places for everybody.
pub const NEXT_WAVE: u32 = 74;
/// Quota of a wave that takes everybody.
const PLACES_FOR_ALL: u64 = 5_000;
const DAY: i64 = 24 * 60 * 60 * 1_000;
/// Invented applicants beside the real ones.
pub(crate) const OTHER_APPLICANTS: [(u32, usize); 3] = [(WAVE_OF_2020, 24), (FEW_PLACES, 60), (NEXT_WAVE, 24)];

/// Two waves that are open, one of each scheme, and one that follows. They close when somebody has joined.
fn fast_waves(now_ms: i64) -> Vec<WaveRow> {
    let at = |ms: i64| Timestamp::from_millisecond(now_ms.saturating_add(ms)).unwrap_or(Timestamp::MAX);
    [
        (WAVE_OF_2020, "2020", -60_000, PLACES_FOR_ALL),
        (FEW_PLACES, "2023", -60_000, 12),
        (NEXT_WAVE, "2023", 20 * DAY, PLACES_FOR_ALL),
    ]
    .map(|(number, scheme, opens, quota)| fast_wave(number, scheme, quota, (at(opens), at(opens + 30 * DAY))))
    .to_vec()
}

/// A wave of a fast demo. It closes when somebody has joined, long before its time.
fn fast_wave(number: u32, scheme: &str, quota: u64, (opens_at, closes_at): (Timestamp, Timestamp)) -> WaveRow {
    WaveRow {
        number,
        opens_at,
        closes_at,
        provinces: Vec::new(),
        scheme: scheme.to_owned(),
        overrides: None,
        quota,
        region_quotas: BTreeMap::new(),
        grace_hours: 0,
        results_expected_at: None,
    }
}

/// A wave after the last one of a fast demo, open from now on: places for everybody.
pub(crate) fn one_more(number: u32, scheme: &str, now_ms: i64) -> WaveRow {
    let at = |ms: i64| Timestamp::from_millisecond(now_ms.saturating_add(ms)).unwrap_or(Timestamp::MAX);
    // A new wave that names no province is for those of the rollout only.
    let provinces = prakerja_domain::province::PROVINCES.iter().map(|(code, _)| (*code).to_owned()).collect();
    WaveRow { provinces, ..fast_wave(number, scheme, PLACES_FOR_ALL, (at(0), at(30 * DAY))) }
}

/// One wave that has closed, one that is open and one that is announced.
fn waves(today: Date) -> Vec<WaveRow> {
    let first: Vec<String> = FIRST_ROLLOUT.map(str::to_owned).to_vec();
    [(72, -34, -29, first.clone()), (73, -2, 5, first), (74, 26, 31, Vec::new())]
        .map(|(number, opens, closes, provinces)| WaveRow {
            number,
            opens_at: wib(today.saturating_add(i64::from(opens).days()), 12, 0),
            closes_at: wib(today.saturating_add(i64::from(closes).days()), 23, 59),
            provinces,
            scheme: "2023".to_owned(),
            overrides: None,
            quota: 200,
            region_quotas: BTreeMap::new(),
            grace_hours: 48,
            results_expected_at: Some(wib(today.saturating_add(i64::from(closes + 3).days()), 12, 0)),
        })
        .to_vec()
}

/// A moment of a day by the clock of western Indonesia (UTC+7, no summer time).
fn wib(day: Date, hour: i8, minute: i8) -> Timestamp {
    let second = if minute == 59 { 59 } else { 0 };
    let zone = TimeZone::fixed(jiff::tz::offset(7));
    // A fixed offset has no gaps; only dates at the edge of the calendar fail.
    zone.to_timestamp(day.at(hour, minute, second, 0)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::TrainingRow;
    use jiff::civil::{Weekday, date};
    use prakerja_domain::training::Method;
    use std::collections::BTreeSet;

    const TODAY: Date = date(2026, 11, 23);

    fn by_slug(slug: &str) -> TrainingRow {
        catalogue(TODAY).trainings.into_iter().find(|row| row.slug == slug).unwrap()
    }

    #[test]
    fn every_row_passes_the_operators_checks_on_any_day() {
        for offset in 0..400 {
            let today = TODAY.checked_add(offset.days()).unwrap();
            assert_eq!(catalogue(today).check(), Ok(()), "{today}");
        }
    }

    #[test]
    fn there_is_enough_of_everything() {
        let rows = catalogue(TODAY).trainings;
        assert!(rows.len() >= 300, "{}", rows.len());
        let free: Vec<_> = rows.iter().filter(|row| row.free).collect();
        assert!(free.len() >= 80, "{}", free.len());
        assert!(free.iter().all(|row| row.institution.starts_with("BLK ") && row.platform == "SISNAKER"));
        for method in [Method::SelfPaced, Method::Webinar, Method::InPerson] {
            assert!(free.iter().filter(|row| row.method == method).count() >= 15, "{method:?}");
            assert!(rows.iter().filter(|row| !row.free && row.method == method).count() >= 30, "{method:?}");
        }
        let provinces: BTreeSet<_> =
            rows.iter().flat_map(|row| &row.schedules).filter_map(|schedule| schedule.province.clone()).collect();
        assert!(provinces.len() >= 20, "{provinces:?}");
        for city in ["Kota Batam", "Kota Tanjungpinang", "Kota Manado", "Kota Bitung", "Kota Denpasar", "Kab. Buleleng"]
        {
            let here = |row: &&&TrainingRow| row.schedules.iter().any(|s| s.city.as_deref() == Some(city));
            assert!(free.iter().filter(here).count() >= 4, "{city}");
        }
        let titles: BTreeSet<_> = rows.iter().map(|row| (&row.title, &row.institution, row.method as u8)).collect();
        assert_eq!(titles.len(), rows.len(), "the same title twice at one institution");
    }

    #[test]
    fn dates_and_seats_stay_in_their_ranges() {
        let special = [FREE_CLOSED, FREE_ROOMY, FREE_WEBINAR];
        for row in catalogue(TODAY).trainings.iter().filter(|row| !special.contains(&row.slug.as_str())) {
            for schedule in &row.schedules {
                let ahead = (schedule.starts_on - TODAY).get_days();
                assert!((7..=56).contains(&ahead), "{}: starts in {ahead} days", row.slug);
                let seats = if row.method == Method::Webinar { 1..=200 } else { 1..=30 };
                assert!(seats.contains(&schedule.capacity), "{}: {} seats", row.slug, schedule.capacity);
            }
        }
    }

    /// Hours of one day, from words such as `08.00–15.00 WIB`; whoever works past noon rests for an hour.
    fn hours_a_day(time: &str) -> i64 {
        let (hours, _) = time.split_once(' ').unwrap();
        let (from, to) = hours.split_once('–').unwrap();
        let hour = |text: &str| text.split_once('.').unwrap().0.parse::<i64>().unwrap();
        let length = hour(to) - hour(from);
        if length > 4 { length - 1 } else { length }
    }

    #[test]
    fn the_hours_fill_the_days_of_every_schedule() {
        for offset in 0..7 {
            let today = TODAY.checked_add(offset.days()).unwrap();
            for row in catalogue(today).trainings {
                for run in &row.schedules {
                    let days = run.starts_on.series(1.day()).take_while(|day| *day <= run.ends_on);
                    let weekend = |day: &Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
                    let days = i64::try_from(days.filter(|day| !weekend(day)).count()).unwrap();
                    assert!(!weekend(&run.starts_on) && !weekend(&run.ends_on), "{}: {run:?}", row.slug);
                    let each = hours_a_day(&run.time);
                    let hours = i64::from(row.hours);
                    assert!(each * days >= hours && each * (days - 1) < hours, "{}: {hours} h, {run:?}", row.slug);
                }
            }
        }
    }

    #[test]
    fn private_institutions_teach_in_rooms_of_their_own() {
        let rows = catalogue(TODAY).trainings;
        let places = |free: bool| {
            let rows = rows.iter().filter(move |row| row.free == free);
            rows.flat_map(|row| row.schedules.iter().map(move |run| (row, run)))
                .filter_map(|(row, run)| Some((row.institution.clone(), run.city.clone()?, run.address.clone()?)))
                .collect::<BTreeSet<_>>()
        };
        let public: BTreeSet<_> = places(true).into_iter().map(|(_, _, address)| address).collect();
        let private = places(false);
        assert!(private.iter().all(|(_, _, address)| !public.contains(address)), "{private:?}");
        let rooms: BTreeSet<_> = private.iter().map(|(institution, city, _)| (institution, city)).collect();
        assert_eq!(rooms.len(), private.len(), "one address in each city");
    }

    #[tokio::test]
    async fn new_dates_are_new_schedules_for_as_long_as_the_demo_runs() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&folder.path().join("central.db")).await.unwrap();
        for day in (0..60).step_by(7) {
            let today = TODAY.checked_add(day.days()).unwrap();
            seed(&db, wib(today, 8, 0).as_millisecond(), false).await.unwrap();
            // Everything is taken before the dates are written anew.
            let mut tx = db.begin().await.unwrap();
            sqlx::query("update schedule set taken = capacity").execute(&mut *tx).await.unwrap();
            tx.commit().await.unwrap();
        }
        let moved: Vec<(String, String)> = sqlx::query_as("select key, starts_on from schedule where key <> starts_on")
            .fetch_all(db.read())
            .await
            .unwrap();
        assert_eq!(moved, []);
    }

    #[test]
    fn trainings_that_tests_name_are_as_documented() {
        let now = wib(TODAY, 8, 0);
        let one = by_slug(FREE_ONE_SEAT);
        assert_eq!((one.free, one.schedules[0].capacity, one.schedules[0].taken), (true, 1, 0));
        let paid = by_slug(PAID_ONE_SEAT);
        assert_eq!((paid.free, paid.schedules[0].capacity, paid.schedules[0].taken), (false, 1, 0));
        assert!(by_slug(FREE_CLOSED).schedules[0].closes_at < now);
        let full = by_slug(FREE_FULL);
        assert_eq!(full.schedules[0].capacity, full.schedules[0].taken);
        let roomy = by_slug(FREE_ROOMY);
        assert_eq!(roomy.schedules.iter().map(|s| s.capacity - s.taken).collect::<Vec<_>>(), [20, 20]);
        assert_eq!(by_slug(FREE_WEBINAR).schedules[0].capacity, 200);
        let own = by_slug(FREE_SELF_PACED);
        assert!(own.free && own.schedules.is_empty());
        for slug in [FREE_ONE_SEAT, PAID_ONE_SEAT, FREE_FULL, FREE_ROOMY, FREE_WEBINAR] {
            assert!(by_slug(slug).schedules.iter().all(|s| s.closes_at > now), "{slug}");
        }
    }

    #[test]
    fn one_wave_is_open_one_closed_one_announced() {
        let now = wib(TODAY, 8, 0);
        let states: Vec<_> =
            catalogue(TODAY).waves.iter().map(|w| (w.number, w.opens_at <= now, w.closes_at <= now)).collect();
        assert_eq!(states, [(72, true, true), (73, true, false), (74, false, false)]);
    }

    #[test]
    fn the_texts_read_like_these() {
        let rows = catalogue(TODAY).trainings;
        let sample: Vec<_> = rows
            .iter()
            .step_by(29)
            .map(|row| {
                format!("{} | {} | {} jam | {} | {}", row.title, row.institution, row.hours, row.price_idr, row.summary)
            })
            .collect();
        insta::assert_snapshot!(sample.join("\n"));
    }
}
