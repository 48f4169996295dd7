//! Trainings: searched on this computer, asked for with one command.

use std::collections::BTreeMap;

use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::training::{Method, SeatBand};
use prakerja_protocol::sync::{Command, EnrolmentRequest};
use prakerja_store::{Activity, DraftChange, NOBODY, Schedule, Training};
use uuid::Uuid;

use crate::activities::{activity_state, stands};
use crate::error::Answer;
use crate::ipc::{
    ActivityRow, ActivityState, Changed, ErrorCode, IpcError, ScheduleRow, TrainingDetail, TrainingPage, TrainingQuery,
    TrainingRow,
};
use crate::{App, Opened};

/// Words typed beyond this are not read.
const QUERY_CHARS: usize = 200;

impl App {
    /// Searches the trainings that are stored on this computer.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`; never for what was typed.
    pub async fn search_trainings(&self, query: TrainingQuery) -> Answer<TrainingPage> {
        let opened = self.opened()?;
        let now = self.best_now(&opened.store, &opened.exchange()).await;
        let asked = prakerja_store::TrainingQuery {
            text: query.text.chars().take(QUERY_CHARS).collect(),
            methods: query.methods,
            free_only: query.free_only,
            province: query.province,
            with_seat: query.with_seat,
            now,
            offset: query.offset,
            limit: query.limit.clamp(1, 100),
        };
        let found = opened.store.search_trainings(&asked).await?;
        let catalogue = opened.store.catalogue().await?;
        let mine = mine(&opened).await?;
        Ok(TrainingPage {
            total: found.total,
            stored: catalogue.as_ref().map_or(0, |catalogue| catalogue.trainings),
            as_of: catalogue.map(|catalogue| catalogue.as_of),
            rows: found.rows.iter().map(|training| row(training, now, &mine)).collect(),
        })
    }

    /// All there is to know about a training.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn get_training(&self, training: Uuid) -> Answer<TrainingDetail> {
        let opened = self.opened()?;
        let found = opened.store.training(training).await?.ok_or_else(|| IpcError::new(ErrorCode::NotFound))?;
        let now = self.best_now(&opened.store, &opened.exchange()).await;
        let catalogue = opened.store.catalogue().await?;
        Ok(TrainingDetail {
            row: row(&found, now, &mine(&opened).await?),
            schedules: found.schedules.iter().map(|schedule| schedule_row(schedule, now)).collect(),
            summary: found.summary,
            field: found.field,
            needs: found.needs,
            as_of: catalogue.map(|catalogue| catalogue.as_of),
            now,
        })
    }

    /// Asks for a place. What this computer knows already is said at once; central decides.
    ///
    /// # Errors
    /// `sign_in_needed`, `not_found`, `needs_balance`, `already_enrolled`, `validation` on `schedule`,
    /// `enrolment_closed`, `seat_full`.
    pub async fn request_enrolment(&self, training: Uuid, schedule: Option<Uuid>) -> Answer<ActivityRow> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let exchange = opened.exchange();
        let wanted = opened.store.training(training).await?.ok_or_else(|| IpcError::new(ErrorCode::NotFound))?;
        let activities = opened.store.activities(person).await?;
        let now = self.best_now(&opened.store, &exchange).await;
        may_ask(&wanted, schedule, &activities, now)?;
        let enrolment = Uuid::now_v7();
        let request = Command::EnrolmentRequest(EnrolmentRequest { enrolment, training, schedule });
        let command = exchange.command(&request, &Command::enrol_lane(training), None, Some(wanted.title))?;
        opened.store.enqueue(person, &command, &DraftChange::none()).await?;
        exchange.outbox_changed();
        self.tell(Changed::Activities);
        self.tell(Changed::Sync);
        self.changed_state().await?;
        self.activity(&opened, person, enrolment).await?.ok_or_else(|| IpcError::new(ErrorCode::NotFound))
    }
}

/// What this computer knows against asking.
fn may_ask(training: &Training, schedule: Option<Uuid>, activities: &[Activity], now: i64) -> Answer<()> {
    if !training.free {
        return Err(IpcError::new(ErrorCode::NeedsBalance));
    }
    if activities.iter().any(|activity| activity.training == training.id && stands(activity)) {
        return Err(IpcError::new(ErrorCode::AlreadyEnrolled));
    }
    let wrong = |code| Err(IpcError::validation(vec![FieldError::new("schedule", code)]));
    let run = match (schedule, training.schedules.is_empty()) {
        (None, true) => return Ok(()),
        (None, false) => return wrong(FieldErrorCode::Required),
        (Some(id), _) => match training.schedules.iter().find(|run| run.id == id) {
            Some(run) => run,
            None => return wrong(FieldErrorCode::UnknownOption),
        },
    };
    if run.closes_at <= now {
        return Err(IpcError::new(ErrorCode::EnrolmentClosed));
    }
    if run.seats == SeatBand::Full {
        return Err(IpcError::new(ErrorCode::SeatFull));
    }
    Ok(())
}

/// The person's activity of each training: one that stands before one that is over.
async fn mine(opened: &Opened) -> Answer<BTreeMap<Uuid, ActivityState>> {
    let person = opened.person().await?;
    if person == NOBODY {
        return Ok(BTreeMap::new());
    }
    let mut mine = BTreeMap::new();
    // Newest first, so that of several the newest stays.
    for activity in opened.store.activities(person).await? {
        if stands(&activity) || !mine.contains_key(&activity.training) {
            mine.insert(activity.training, activity_state(activity.state));
        }
    }
    Ok(mine)
}

fn row(training: &Training, now: i64, mine: &BTreeMap<Uuid, ActivityState>) -> TrainingRow {
    let open = || training.schedules.iter().filter(|run| run.closes_at > now);
    let next = open().min_by(|one, other| one.starts_on.cmp(&other.starts_on));
    let order = |band: SeatBand| match band {
        SeatBand::Plenty => 0,
        SeatBand::Few => 1,
        SeatBand::Full => 2,
    };
    let best = open().map(|run| run.seats).min_by_key(|band| order(*band));
    TrainingRow {
        id: training.id,
        title: training.title.clone(),
        method: training.method,
        institution: training.institution.clone(),
        platform: training.platform.clone(),
        free: training.free,
        price_idr: training.price_idr,
        hours: training.hours,
        rating_x10: training.rating_x10,
        ratings: training.ratings,
        city: next.and_then(|run| run.city.clone()),
        starts_on: next.map(|run| run.starts_on.clone()),
        // Without an open run there is no seat to be had, but for those that need none.
        seats: best.or_else(|| (training.method != Method::SelfPaced).then_some(SeatBand::Full)),
        mine: mine.get(&training.id).copied(),
    }
}

pub(crate) fn schedule_row(run: &Schedule, now: i64) -> ScheduleRow {
    ScheduleRow {
        id: run.id,
        starts_on: run.starts_on.clone(),
        ends_on: run.ends_on.clone(),
        time: run.time.clone(),
        city: run.city.clone(),
        address: run.address.clone(),
        closes_at: run.closes_at,
        closed: run.closes_at <= now,
        seats: run.seats,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prakerja_domain::enrolment::EnrolmentState;
    use prakerja_store::ActivityState as Stored;

    const NOW: i64 = 1_000;

    fn run(id: u128, starts_on: &str, closes_at: i64, seats: SeatBand) -> Schedule {
        Schedule {
            id: Uuid::from_u128(id),
            starts_on: starts_on.into(),
            ends_on: starts_on.into(),
            time: "08.00".into(),
            province: Some("21".into()),
            city: Some(format!("Kota {id}")),
            address: None,
            closes_at,
            seats,
        }
    }

    fn training(method: Method, schedules: Vec<Schedule>) -> Training {
        Training {
            id: Uuid::from_u128(9),
            title: "Barista".into(),
            summary: String::new(),
            method,
            field: String::new(),
            institution: String::new(),
            platform: String::new(),
            free: true,
            price_idr: 0,
            hours: 8,
            rating_x10: None,
            ratings: 0,
            needs: Vec::new(),
            schedules,
        }
    }

    fn activity(state: Stored) -> Activity {
        Activity {
            run: None,
            enrolment: Uuid::from_u128(5),
            training: Uuid::from_u128(9),
            schedule: None,
            title: None,
            state,
            received_at: None,
            at: 1,
            command: None,
        }
    }

    #[test]
    fn what_is_known_here_is_said_before_anything_is_queued() {
        let paid = Training { free: false, ..training(Method::SelfPaced, Vec::new()) };
        let online = training(Method::SelfPaced, Vec::new());
        let runs = vec![
            run(1, "2026-12-07", 2_000, SeatBand::Few),
            run(2, "2026-12-01", 1_000, SeatBand::Plenty),
            run(3, "2026-12-14", 2_000, SeatBand::Full),
        ];
        let met = training(Method::InPerson, runs);
        let id = |n| Some(Uuid::from_u128(n));
        let asked = [activity(Stored::Requested)];
        let over = [activity(Stored::Enrolled(EnrolmentState::Cancelled)), activity(Stored::Refused)];
        type Case<'a> = (&'a Training, Option<Uuid>, &'a [Activity], Option<ErrorCode>);
        let cases: [Case<'_>; 11] = [
            (&paid, None, &[], Some(ErrorCode::NeedsBalance)),
            (&online, None, &[], None),
            (&online, None, &over, None),
            (&online, None, &asked, Some(ErrorCode::AlreadyEnrolled)),
            (&online, id(1), &[], Some(ErrorCode::Validation)),
            (&met, None, &[], Some(ErrorCode::Validation)),
            (&met, id(8), &[], Some(ErrorCode::Validation)),
            (&met, id(1), &[], None),
            (&met, id(2), &[], Some(ErrorCode::EnrolmentClosed)),
            (&met, id(3), &[], Some(ErrorCode::SeatFull)),
            (&met, id(1), &asked, Some(ErrorCode::AlreadyEnrolled)),
        ];
        for (number, (training, schedule, activities, expected)) in cases.into_iter().enumerate() {
            let refused = may_ask(training, schedule, activities, NOW).err().map(|error| error.code);
            assert_eq!(refused, expected, "case {number}");
        }
    }

    #[test]
    fn the_list_shows_the_next_open_run_and_the_best_seats() {
        let none = BTreeMap::new();
        let runs = vec![
            run(1, "2026-12-14", 2_000, SeatBand::Few),
            run(2, "2026-12-01", 1_000, SeatBand::Plenty),
            run(3, "2026-12-07", 2_000, SeatBand::Full),
        ];
        let shown = row(&training(Method::InPerson, runs), NOW, &none);
        assert_eq!(shown.starts_on.as_deref(), Some("2026-12-07"), "the closed run is no next run");
        assert_eq!((shown.city.as_deref(), shown.seats), (Some("Kota 3"), Some(SeatBand::Few)));
        let closed = row(&training(Method::Webinar, vec![run(2, "2026-12-01", 1_000, SeatBand::Plenty)]), NOW, &none);
        assert_eq!((closed.starts_on, closed.seats), (None, Some(SeatBand::Full)));
        let online = row(&training(Method::SelfPaced, Vec::new()), NOW, &none);
        assert_eq!(online.seats, None);
    }
}
