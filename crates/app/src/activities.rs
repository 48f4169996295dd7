//! What the person takes part in or asked for, and giving it back.

use prakerja_domain::training::SeatBand;
use prakerja_protocol::sync::{Command, EnrolmentCancel};
use prakerja_store::{Activity, ActivityState as Stored, DraftChange, Enqueued, OutboxRow};
use uuid::Uuid;

use crate::delivery;
use crate::error::Answer;
use crate::ipc::{ActivityRow, ActivityState, Changed, Delivery, ErrorCode, IpcError, ScheduleRow};
use crate::sync_view::is_open_refusal;
use crate::trainings::schedule_row;
use crate::{App, Opened};

impl App {
    /// Everything that the person takes part in or asked for, newest first.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn list_activities(&self) -> Answer<Vec<ActivityRow>> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        let mut rows = Vec::new();
        for activity in opened.store.activities(person).await? {
            rows.push(self.activity_row(&opened, activity).await?);
        }
        Ok(rows)
    }

    /// Gives a place back, or takes a request back that central has not answered.
    ///
    /// # Errors
    /// `sign_in_needed`, `not_found`, `not_cancellable`.
    pub async fn cancel_enrolment(&self, enrolment: Uuid) -> Answer<ActivityRow> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let exchange = opened.exchange();
        let before = self.activity(&opened, person, enrolment).await?;
        let before = before.ok_or_else(|| IpcError::new(ErrorCode::NotFound))?;
        if !before.cancellable {
            return Err(IpcError::new(ErrorCode::NotCancellable));
        }
        let cancel = Command::EnrolmentCancel(EnrolmentCancel { enrolment });
        let lane = Command::enrol_lane(before.training);
        let command = exchange.command(&cancel, &lane, None, Some(before.title.clone()))?;
        let at = command.created_at;
        let enqueued = opened.store.enqueue(person, &command, &DraftChange::none()).await?;
        exchange.outbox_changed();
        self.tell(Changed::Activities);
        self.tell(Changed::Sync);
        self.changed_state().await?;
        let gone = ActivityRow {
            activity: ActivityState::Cancelling,
            delivery: Delivery::Saved { at },
            command: None,
            cancellable: false,
            ..before
        };
        match enqueued {
            // It never left this computer: both are gone, and the list no longer has it.
            Enqueued::Annihilated { .. } => Ok(gone),
            _ => Ok(self.activity(&opened, person, enrolment).await?.unwrap_or(gone)),
        }
    }

    /// One activity of a person.
    pub(crate) async fn activity(&self, opened: &Opened, person: Uuid, enrolment: Uuid) -> Answer<Option<ActivityRow>> {
        let activities = opened.store.activities(person).await?;
        match activities.into_iter().find(|activity| activity.enrolment == enrolment) {
            Some(activity) => Ok(Some(self.activity_row(opened, activity).await?)),
            None => Ok(None),
        }
    }

    async fn activity_row(&self, opened: &Opened, activity: Activity) -> Answer<ActivityRow> {
        let exchange = opened.exchange();
        let training = opened.store.training(activity.training).await?;
        let now = self.best_now(&opened.store, &exchange).await;
        let runs = training.as_ref().map_or(&[][..], |training| &training.schedules);
        let run = runs.iter().find(|run| Some(run.id) == activity.schedule);
        let delivery = match activity.command.as_ref().filter(|command| delivery::stands(command)) {
            Some(command) => exchange.standing().delivery(command),
            // Asked for on another computer: the receipt is there.
            None => Delivery::Received { at: activity.received_at.unwrap_or(activity.at), receipt: String::new() },
        };
        let open = |command: &&OutboxRow| command.done_at.is_none() || is_open_refusal(command);
        let open = activity.command.as_ref().filter(open);
        Ok(ActivityRow {
            enrolment: activity.enrolment,
            training: activity.training,
            title: activity.title.clone().or(training.as_ref().map(|it| it.title.clone())).unwrap_or_default(),
            method: training.as_ref().map(|training| training.method),
            schedule: run.map(|run| schedule_row(run, now)).or_else(|| kept_schedule(&activity)),
            activity: activity_state(activity.state),
            delivery,
            command: open.map(|command| command.id),
            cancellable: is_cancellable(activity.state),
        })
    }
}

/// When and where an activity is whose schedule has left the catalogue: what central said when it took the person in.
/// Nobody can ask for it any more.
fn kept_schedule(activity: &Activity) -> Option<ScheduleRow> {
    let run = activity.run.clone()?;
    Some(ScheduleRow {
        id: activity.schedule?,
        starts_on: run.starts_on,
        ends_on: run.ends_on,
        time: run.time,
        city: run.city,
        address: run.address,
        closes_at: activity.at,
        closed: true,
        seats: SeatBand::Full,
    })
}

/// True while the activity keeps the person from asking for the same training again.
pub(crate) fn stands(activity: &Activity) -> bool {
    match activity.state {
        Stored::Requested | Stored::Cancelling => true,
        Stored::Enrolled(state) => state.is_active(),
        Stored::Refused => false,
    }
}

pub(crate) fn activity_state(state: Stored) -> ActivityState {
    match state {
        Stored::Requested => ActivityState::Requested,
        Stored::Enrolled(state) => ActivityState::Enrolled { state },
        Stored::Cancelling => ActivityState::Cancelling,
        Stored::Refused => ActivityState::Refused,
    }
}

fn is_cancellable(state: Stored) -> bool {
    match state {
        Stored::Requested => true,
        Stored::Enrolled(state) => state.is_cancellable(),
        Stored::Cancelling | Stored::Refused => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_place_stay_when_the_schedule_has_left_the_catalogue() {
        let run = serde_json::json!({ "starts_on": "2026-12-07", "ends_on": "2026-12-18", "time": "08.00–15.00 WIB",
            "province": "21", "city": "Kota Batam", "address": "Jl. Industri Raya No. 8" });
        let activity = Activity {
            enrolment: Uuid::from_u128(1),
            training: Uuid::from_u128(2),
            schedule: Some(Uuid::from_u128(3)),
            title: None,
            run: serde_json::from_value(run).ok(),
            state: Stored::Refused,
            received_at: None,
            at: 1_000,
            command: None,
        };
        let row = kept_schedule(&activity).unwrap();
        assert_eq!(
            (row.id, row.starts_on.as_str(), row.ends_on.as_str()),
            (Uuid::from_u128(3), "2026-12-07", "2026-12-18")
        );
        assert_eq!((row.time.as_str(), row.city.as_deref()), ("08.00–15.00 WIB", Some("Kota Batam")));
        assert_eq!((row.address.as_deref(), row.closed), (Some("Jl. Industri Raya No. 8"), true));
        assert!(kept_schedule(&Activity { run: None, ..activity }).is_none(), "an older central did not say");
    }
}
