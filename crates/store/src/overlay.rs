//! What the window shows: central's records with the person's own commands on top. Pure; no database here.
//!
//! A programme status (a place, an enrolment) is shown only when central said so; a command alone gives "asked for".

use std::collections::BTreeMap;

use prakerja_domain::enrolment::EnrolmentState;
use prakerja_domain::profile::ProfileField;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::command::payload_id;
use crate::{Activity, ActivityState, OutboxRow, OutboxState, Profile, Record, Refusal, kind};

/// Content of an `enrolment` record, as far as it is shown.
#[derive(Deserialize)]
struct Enrolment {
    training: Uuid,
    #[serde(default)]
    schedule: Option<Uuid>,
    state: EnrolmentState,
    #[serde(default)]
    title: Option<String>,
    received_at: i64,
    #[serde(default)]
    run: Option<Value>,
}

/// Activities from records and commands, the newest first. `commands` are in the order in which they were made and hold
/// everything that is not done, what was done and the feed has not shown (see [`OutboxRow`]), and what is kept for the list.
/// `live` says of a command whether its effect still has to be laid over the records.
pub fn activities(records: &[Record], commands: &[OutboxRow], live: impl Fn(&OutboxRow) -> bool) -> Vec<Activity> {
    let mut found: BTreeMap<Uuid, Activity> = BTreeMap::new();
    for record in records {
        // A record that this version cannot read (a state of a later version) is left to that version.
        let Ok(data) = serde_json::from_value::<Enrolment>(record.data.clone()) else { continue };
        let activity = Activity {
            enrolment: record.id,
            training: data.training,
            schedule: data.schedule,
            title: data.title,
            run: data.run.and_then(|run| serde_json::from_value(run).ok()),
            state: ActivityState::Enrolled(data.state),
            received_at: Some(data.received_at),
            at: data.received_at,
            command: None,
        };
        found.insert(record.id, activity);
    }
    for command in commands {
        let Some(enrolment) = payload_id(&command.payload, "enrolment") else { continue };
        match command.kind.as_str() {
            kind::ENROLMENT_REQUEST => lay_request(&mut found, enrolment, command, live(command)),
            kind::ENROLMENT_CANCEL => lay_cancel(&mut found, enrolment, command, live(command)),
            _ => {}
        }
    }
    let mut activities: Vec<Activity> = found.into_values().collect();
    activities.sort_by_key(|activity| (std::cmp::Reverse(activity.at), activity.enrolment));
    activities
}

fn lay_request(found: &mut BTreeMap<Uuid, Activity>, enrolment: Uuid, command: &OutboxRow, live: bool) {
    if let Some(activity) = found.get_mut(&enrolment) {
        activity.command = Some(command.clone());
        return;
    }
    let Some(training) = payload_id(&command.payload, "training") else { return };
    let state = if live {
        ActivityState::Requested
    } else if is_refused(command) && command.acknowledged_at.is_none() {
        ActivityState::Refused
    } else {
        return;
    };
    let activity = Activity {
        enrolment,
        training,
        schedule: payload_id(&command.payload, "schedule"),
        title: command.label.clone(),
        run: None,
        state,
        received_at: command.receipt.as_ref().map(|receipt| receipt.received_at),
        at: command.created_at,
        command: Some(command.clone()),
    };
    found.insert(enrolment, activity);
}

fn lay_cancel(found: &mut BTreeMap<Uuid, Activity>, enrolment: Uuid, command: &OutboxRow, live: bool) {
    let Some(activity) = found.get_mut(&enrolment) else { return };
    let cancellable = match activity.state {
        ActivityState::Enrolled(state) => state.is_cancellable(),
        ActivityState::Requested => true,
        ActivityState::Cancelling | ActivityState::Refused => false,
    };
    if live && cancellable {
        activity.state = ActivityState::Cancelling;
    }
    if live || !is_refused(command) || command.acknowledged_at.is_none() {
        activity.command = Some(command.clone());
    }
}

/// Personal data from the record and commands; the same conditions as for [`activities`]. `taken_back` says of a command
/// whether a void of it is on its way: it counts as nothing, for what it carried is a draft again.
pub fn profile(
    record: Option<&Record>,
    commands: &[OutboxRow],
    live: impl Fn(&OutboxRow) -> bool,
    taken_back: impl Fn(&OutboxRow) -> bool,
) -> Profile {
    let base = record.and_then(|record| record.data.get("fields")).map(read_fields).unwrap_or_default();
    let mut profile = Profile {
        values: base.iter().filter_map(|(field, value)| Some((*field, value.clone()?))).collect(),
        base: base.into_iter().filter_map(|(field, value)| Some((field, value?))).collect(),
        base_rev: record.map(|record| record.rev),
        refusals: Vec::new(),
        command: None,
    };
    for command in commands.iter().filter(|command| command.kind == kind::PROFILE_PATCH && !taken_back(command)) {
        let fields = command.payload.get("fields").map(read_fields).unwrap_or_default();
        for refusal in &mut profile.refusals {
            refusal.fields.retain(|field, _| !fields.contains_key(field));
        }
        if live(command) {
            for (field, value) in fields {
                match value {
                    Some(value) => profile.values.insert(field, value),
                    None => profile.values.remove(&field),
                };
            }
        } else if command.status.as_deref() == Some("rejected") && command.acknowledged_at.is_none() {
            profile.refusals.push(Refusal { command: command.clone(), fields });
        }
        profile.command = Some(command.clone());
    }
    profile
}

/// Fields that this version knows; others stay in the record untouched.
fn read_fields(fields: &Value) -> BTreeMap<ProfileField, Option<String>> {
    let Some(fields) = fields.as_object() else { return BTreeMap::new() };
    fields
        .iter()
        .filter_map(|(name, value)| Some((ProfileField::by_name(name)?, value.as_str().map(str::to_owned))))
        .collect()
}

fn is_refused(command: &OutboxRow) -> bool {
    command.state == OutboxState::Done && matches!(command.status.as_deref(), Some("rejected" | "conflict"))
}
