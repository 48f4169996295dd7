//! Writes trainings from the tables: titles, summaries, hours, prices, dates and seats.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use prakerja_domain::training::Method;
use sha2::{Digest, Sha256};

use super::places::{INSTITUTIONS, PLACES, PLATFORMS, Place, STREETS};
use super::skills::{SKILLS, Skill, Ways};
use crate::catalogue::{ScheduleRow, TrainingRow};

/// How far a training goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Basic,
    Advanced,
    Exam,
}

/// Small numbers that look random and are the same on every computer: bytes of a digest of the slug.
struct Dice([u8; 32], usize);

impl Dice {
    fn of(slug: &str) -> Self {
        Self(Sha256::digest(slug.as_bytes()).into(), 0)
    }

    /// A number from `least` to `most`.
    fn roll(&mut self, least: i64, most: i64) -> i64 {
        let byte = self.0[self.1 % self.0.len()];
        self.1 += 1;
        least + i64::from(byte) % (most - least + 1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let last = i64::try_from(from.len()).unwrap_or(1) - 1;
        let index = usize::try_from(self.roll(0, last)).unwrap_or(0);
        &from[index]
    }
}

/// All trainings of the demo.
pub(super) fn trainings(today: Date) -> Vec<TrainingRow> {
    let mut rows = Vec::new();
    for (index, place) in PLACES.iter().enumerate() {
        free_of_place(place, index, today, &mut rows);
    }
    for (index, skill) in SKILLS.iter().enumerate() {
        paid_of_skill(skill, index, today, &mut rows);
    }
    named(today, &mut rows);
    rows
}

fn skill(key: &str) -> Option<&'static Skill> {
    SKILLS.iter().find(|skill| skill.key == key)
}

fn free_of_place(place: &Place, index: usize, today: Date, rows: &mut Vec<TrainingRow>) {
    for (nth, key) in place.workshops.iter().enumerate() {
        let Some(skill) = skill(key) else { continue };
        let level = if (index + nth) % 4 == 3 { Level::Exam } else { Level::Basic };
        let runs = if nth == 0 { 2 } else { 1 };
        rows.push(free(place, skill, level, Method::InPerson, runs, today, ""));
    }
    let Some(skill) = skill(place.online) else { return };
    let own = (Method::SelfPaced, "-mandiri");
    let live = (Method::Webinar, "-webinar");
    let (first, second) = if index.is_multiple_of(2) { (own, live) } else { (live, own) };
    rows.push(free(place, skill, Level::Basic, first.0, 1, today, first.1));
    // Every third centre also offers the other way of learning online.
    if index.is_multiple_of(3) {
        rows.push(free(place, skill, Level::Advanced, second.0, 1, today, second.1));
    }
}

fn free(
    place: &Place,
    skill: &Skill,
    level: Level,
    method: Method,
    runs: usize,
    today: Date,
    suffix: &str,
) -> TrainingRow {
    let slug = format!("blk-{}-{}{suffix}", place.key, skill.key);
    let mut dice = Dice::of(&slug);
    let ratings = u32::try_from(dice.roll(0, 90)).unwrap_or(0);
    let row = TrainingRow {
        title: title(skill, level, method),
        summary: summary(skill, level, method),
        method,
        field: skill.field.to_owned(),
        institution: format!("BLK {}", place.city),
        platform: "SISNAKER".to_owned(),
        free: true,
        price_idr: 0,
        hours: hours(skill, level, method),
        rating_x10: (ratings > 0).then(|| u32::try_from(dice.roll(41, 49)).unwrap_or(45)),
        ratings,
        needs: needs(skill, level, method),
        schedules: Vec::new(),
        slug,
    };
    TrainingRow { schedules: schedules(&row, place, runs, today), ..row }
}

fn paid_of_skill(skill: &Skill, index: usize, today: Date, rows: &mut Vec<TrainingRow>) {
    if skill.ways.online() {
        rows.push(paid(skill, Level::Basic, Method::SelfPaced, index, today));
        rows.push(paid(skill, Level::Advanced, Method::Webinar, index + 3, today));
    }
    if skill.ways.in_person() {
        rows.push(paid(skill, Level::Basic, Method::InPerson, index + 5, today));
        rows.push(paid(skill, Level::Advanced, Method::InPerson, index + 7, today));
    } else {
        rows.push(paid(skill, Level::Advanced, Method::SelfPaced, index + 1, today));
    }
}

fn paid(skill: &Skill, level: Level, method: Method, nth: usize, today: Date) -> TrainingRow {
    let place = &PLACES[nth * 7 % PLACES.len()];
    let way = match method {
        Method::SelfPaced => "mandiri".to_owned(),
        Method::Webinar => "webinar".to_owned(),
        Method::InPerson => place.key.to_owned(),
    };
    let step = if level == Level::Basic { "dasar" } else { "lanjut" };
    let slug = format!("{}-{step}-{way}", skill.key);
    let mut dice = Dice::of(&slug);
    let ratings = u32::try_from(dice.roll(0, 250) * dice.roll(1, 9)).unwrap_or(0);
    let row = TrainingRow {
        title: title(skill, level, method),
        summary: summary(skill, level, method),
        method,
        field: skill.field.to_owned(),
        institution: INSTITUTIONS[nth % INSTITUTIONS.len()].to_owned(),
        platform: (*dice.pick(PLATFORMS)).to_owned(),
        free: false,
        price_idr: price(skill, level, method),
        hours: hours(skill, level, method),
        rating_x10: (ratings > 0).then(|| u32::try_from(dice.roll(38, 49)).unwrap_or(45)),
        ratings,
        needs: needs(skill, level, method),
        schedules: Vec::new(),
        slug,
    };
    let runs = if dice.roll(0, 2) == 0 { 2 } else { 1 };
    TrainingRow { schedules: schedules(&row, place, runs, today), ..row }
}

fn title(skill: &Skill, level: Level, method: Method) -> String {
    let name = skill.name;
    match (level, method) {
        (Level::Basic, Method::SelfPaced) => format!("{name} untuk Pemula"),
        (Level::Basic, Method::Webinar) => format!("Kelas Langsung {name}"),
        (Level::Basic, Method::InPerson) => format!("Dasar-Dasar {name}"),
        (Level::Advanced, Method::SelfPaced) => format!("{name}: Langkah Berikutnya"),
        (Level::Advanced, Method::Webinar) => format!("Pendalaman {name}"),
        (Level::Advanced, Method::InPerson) => format!("{name} Tingkat Lanjut"),
        (Level::Exam, _) => format!("Persiapan Uji Kompetensi {name}"),
    }
}

fn summary(skill: &Skill, level: Level, method: Method) -> String {
    let [a, b, c, d] = skill.topics;
    let content = match level {
        Level::Basic => format!("Mulai dari nol: {a}, {b}, lalu {c}. Cocok untuk {}.", skill.audience),
        Level::Advanced => format!(
            "Untuk kamu yang sudah mengenal dasarnya: memperdalam cara {b}, {c}, sampai {d}, dengan contoh dari pekerjaan nyata."
        ),
        Level::Exam => format!(
            "Mengulang cara {a}, {c}, dan {d} sesuai unit kompetensi, lalu simulasi uji bersama asesor. Cocok untuk {}.",
            skill.audience
        ),
    };
    let way = match method {
        Method::SelfPaced => "Materi dan latihan dapat diulang kapan saja, diakhiri tes dan tugas praktik.",
        Method::Webinar => "Pengajar hadir langsung lewat daring; kehadiran dicatat pada setiap sesi.",
        Method::InPerson => "Sebagian besar waktu dipakai untuk praktik; alat dan bahan disediakan di tempat.",
    };
    format!("{content} {way}")
}

fn needs(skill: &Skill, level: Level, method: Method) -> Vec<String> {
    let mut needs: Vec<String> = match method {
        _ if method == Method::InPerson || skill.ways == Ways::Screen => {
            skill.needs.iter().map(|need| (*need).to_owned()).collect()
        }
        // Workshop clothes are of no use in front of a screen.
        _ => vec!["Ponsel atau komputer dengan koneksi internet".to_owned()],
    };
    match level {
        Level::Basic => {}
        Level::Advanced => needs.push("Pernah mengikuti tingkat dasar atau bekerja di bidang ini".to_owned()),
        Level::Exam => needs.push("Pengalaman kerja atau sertifikat pelatihan dasar".to_owned()),
    }
    if method == Method::InPerson {
        needs.push("KTP asli untuk daftar ulang".to_owned());
    }
    needs
}

fn hours(skill: &Skill, level: Level, method: Method) -> u32 {
    let base = match level {
        Level::Basic => skill.hours,
        Level::Advanced => skill.hours * 5 / 4,
        Level::Exam => skill.hours * 3 / 4,
    };
    // Nothing below 15 hours counts as a training (domain.md §2.1).
    let hours = if method == Method::InPerson { base } else { base * 3 / 5 };
    hours.div_ceil(4).max(4) * 4
}

fn price(skill: &Skill, level: Level, method: Method) -> i64 {
    let level = if level == Level::Basic { 10 } else { 14 };
    let method = match method {
        Method::SelfPaced => 8,
        Method::Webinar => 10,
        Method::InPerson => 12,
    };
    // Prices end in 5,000 as price lists do.
    (skill.price_k * level * method / 100 / 5).max(15) * 5_000
}

/// Hours of one day and the time of day in words.
#[derive(Clone, Copy)]
struct Session {
    hours: u32,
    words: &'static str,
}

/// Live lessons, by the clock of western Indonesia.
const LESSONS: [Session; 3] = [
    Session { hours: 3, words: "09.00–12.00 WIB" },
    Session { hours: 3, words: "13.00–16.00 WIB" },
    Session { hours: 2, words: "19.00–21.00 WIB" },
];

/// A day in a workshop, by the clock of the place; an hour of it is the midday rest.
fn workshop_day(place: &Place) -> Session {
    let words = match place.zone {
        "WIB" => "08.00–15.00 WIB",
        "WITA" => "08.00–15.00 WITA",
        _ => "08.30–15.30 WIT",
    };
    Session { hours: 6, words }
}

fn schedules(row: &TrainingRow, place: &Place, runs: usize, today: Date) -> Vec<ScheduleRow> {
    if row.method == Method::SelfPaced {
        return Vec::new();
    }
    let first = Dice::of(&format!("{}/jadwal", row.slug)).roll(10, 28);
    (0..runs)
        .map(|run| {
            let starts_on = workday(today, first + i64::try_from(run).unwrap_or(0) * 21);
            // By the date: the same dates have the same seats on whatever day they are written.
            let mut dice = Dice::of(&format!("{}/{starts_on}", row.slug));
            let capacity = if row.method == Method::Webinar {
                dice.roll(4, 20) * 10
            } else {
                *dice.pick(&[8, 10, 12, 16, 16, 20, 24, 30])
            };
            let taken = if dice.roll(0, 9) == 0 { capacity } else { capacity * dice.roll(0, 10) / 12 };
            let lesson = *dice.pick(&LESSONS);
            schedule(row, place, lesson, starts_on, (capacity, taken))
        })
        .collect()
}

/// `ahead` days from `today`, moved to Monday where it falls on a weekend (never beyond eight weeks).
fn workday(today: Date, ahead: i64) -> Date {
    let day = today.saturating_add(ahead.days());
    match day.weekday() {
        Weekday::Saturday => day.saturating_add(2.days()),
        Weekday::Sunday => day.saturating_add(1.days()),
        _ => day,
    }
}

/// One run. Its key is its first day: new dates are another run, and whoever is in the old one stays there.
fn schedule(
    row: &TrainingRow,
    place: &Place,
    lesson: Session,
    starts_on: Date,
    (capacity, taken): (i64, i64),
) -> ScheduleRow {
    let in_person = row.method == Method::InPerson;
    let here = |text: &str| in_person.then(|| text.to_owned());
    let session = if in_person { workshop_day(place) } else { lesson };
    let days = row.hours.div_ceil(session.hours);
    let ends_on = (1..days).fold(starts_on, |day, _| workday(day, 1));
    ScheduleRow {
        key: starts_on.to_string(),
        starts_on,
        ends_on,
        time: session.words.to_owned(),
        province: here(place.province),
        city: here(place.regency),
        address: in_person.then(|| if row.free { place.address.to_owned() } else { rooms(&row.institution, place) }),
        closes_at: super::wib(starts_on.saturating_sub(4.days()), 23, 59),
        capacity,
        taken,
    }
}

/// Where a private institution teaches in a city: rooms of its own, always the same.
fn rooms(institution: &str, place: &Place) -> String {
    let mut dice = Dice::of(&format!("{institution}/{}", place.key));
    let street = *dice.pick(STREETS);
    format!("{street} No. {}", dice.roll(1, 180))
}

/// The trainings that tests and the handbook name; see the constants in the parent module.
fn named(today: Date, rows: &mut Vec<TrainingRow>) {
    let mut add =
        |slug: &str, place: &str, key: &str, free_of: bool, method: Method, title: &str, runs: &[(i64, i64, i64)]| {
            let (Some(place), Some(skill)) = (PLACES.iter().find(|p| p.key == place), skill(key)) else { return };
            let mut row = free(place, skill, Level::Basic, method, 0, today, "");
            slug.clone_into(&mut row.slug);
            title.clone_into(&mut row.title);
            if !free_of {
                row.free = false;
                INSTITUTIONS[2].clone_into(&mut row.institution);
                PLATFORMS[1].clone_into(&mut row.platform);
                row.price_idr = price(skill, Level::Advanced, method);
            }
            row.schedules = runs
                .iter()
                .map(|(ahead, capacity, taken)| {
                    let mut run = schedule(&row, place, LESSONS[0], workday(today, *ahead), (*capacity, *taken));
                    if slug == super::FREE_CLOSED {
                        run.closes_at = super::wib(today.saturating_sub(1.days()), 23, 59);
                    }
                    run
                })
                .collect();
            rows.push(row);
        };
    add(
        super::FREE_ONE_SEAT,
        "batam",
        "panel-surya",
        true,
        Method::InPerson,
        "Panel Surya Atap: Kelas Kecil",
        &[(14, 1, 0)],
    );
    add(super::PAID_ONE_SEAT, "batam", "barista", false, Method::InPerson, "Barista: Kelas Privat", &[(17, 1, 0)]);
    add(
        super::FREE_CLOSED,
        "manado",
        "pipa-air",
        true,
        Method::InPerson,
        "Instalasi Pipa Air untuk Rumah",
        &[(2, 12, 5)],
    );
    add(
        super::FREE_FULL,
        "denpasar",
        "tata-rias",
        true,
        Method::InPerson,
        "Tata Rias Wajah Sehari-hari",
        &[(15, 16, 16)],
    );
    add(
        super::FREE_ROOMY,
        "batam",
        "instalasi-listrik",
        true,
        Method::InPerson,
        "Instalasi Listrik Rumah: Kelas Terbuka",
        &[(16, 20, 0), (37, 20, 0)],
    );
    add(
        super::FREE_WEBINAR,
        "tanjungpinang",
        "keselamatan-kerja",
        true,
        Method::Webinar,
        "Keselamatan Kerja: Kelas Langsung untuk Umum",
        &[(12, 200, 0)],
    );
}
