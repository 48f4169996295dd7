//! The person's applications: what central said of each, and the requests to join that wait here. Neither is ever taken for
//! the other.

use prakerja_domain::application::ApplicationState;
use prakerja_domain::wave::WaveState;
use prakerja_protocol::application::{ApplicationRecord, WaveJoin};
use prakerja_protocol::problem::Problem;
use prakerja_store::{Matter, NOBODY, OutboxRow, kind};
use serde::Deserialize as _;
use uuid::Uuid;

use crate::Opened;
use crate::delivery::stands;
use crate::error::Answer;
use crate::exchange::Standing;
use crate::ipc::Delivery;
use crate::ipc::wave::{ApplicationView, DrawnView};
use crate::sync_view::{is_cancellable, is_open_refusal};

/// What the person applied for.
pub(crate) struct Applications {
    pub(crate) matter: Matter,
}

impl Applications {
    pub(crate) async fn read(opened: &Opened, person: Uuid) -> Answer<Self> {
        let matter = match person {
            NOBODY => Matter::default(),
            person => opened.store.matter(person, "application", &[kind::WAVE_JOIN]).await?,
        };
        Ok(Self { matter })
    }

    /// What central said of the application to a wave.
    pub(crate) fn record(&self, wave: u32) -> Option<(Uuid, ApplicationRecord)> {
        self.records().find(|(_, record)| record.wave == wave)
    }

    pub(crate) fn records(&self) -> impl Iterator<Item = (Uuid, ApplicationRecord)> {
        let records = self.matter.records.iter();
        records.filter_map(|record| Some((record.id, ApplicationRecord::deserialize(&record.data).ok()?)))
    }

    /// The newest join of a wave that has something to say.
    pub(crate) fn command(&self, wave: u32) -> Option<(&OutboxRow, WaveJoin)> {
        let joins = self.matter.commands.iter().rev().filter(|command| stands(command));
        let mut joins = joins.filter_map(|command| Some((command, WaveJoin::deserialize(&command.payload).ok()?)));
        joins.find(|(_, join)| join.wave == wave)
    }

    /// True when the person has joined a wave, or asked to and was not refused.
    pub(crate) fn has_joined(&self, wave: u32) -> bool {
        self.record(wave).is_some() || self.command(wave).is_some_and(|(command, _)| !is_open_refusal(command))
    }

    /// The wave whose application says most: the one that was accepted, else one that is not settled, else the latest.
    pub(crate) fn foremost(&self) -> Option<u32> {
        let asked = self.matter.commands.iter().filter(|command| stands(command)).filter_map(|command| {
            let join = WaveJoin::deserialize(&command.payload).ok()?;
            // What central took is its record's matter.
            let waits = self.record(join.wave).is_none() && !is_open_refusal(command);
            Some((false, waits, command.created_at, join.wave))
        });
        let told = self.records().map(|(_, record)| {
            let at = record.drawn.as_ref().map_or(record.received_at, |drawn| drawn.published_at);
            let accepted = record.state == ApplicationState::Accepted;
            // Whoever is not on the list waits for nothing there.
            (accepted, !record.state.is_settled() && record.left_off.is_none(), at, record.wave)
        });
        told.chain(asked).max().map(|(.., wave)| wave)
    }

    /// True while an application is not settled, or a request to join is on its way.
    pub(crate) fn is_under_way(&self) -> bool {
        let waits = |command: &OutboxRow| {
            let wave = WaveJoin::deserialize(&command.payload).ok().map(|join| join.wave);
            stands(command) && !is_open_refusal(command) && wave.is_some_and(|wave| self.record(wave).is_none())
        };
        self.records().any(|(_, record)| !record.state.is_settled()) || self.matter.commands.iter().any(waits)
    }

    pub(crate) fn view(&self, wave: u32, state: Option<WaveState>, standing: &Standing) -> Option<ApplicationView> {
        let (record, command) = (self.record(wave), self.command(wave));
        let application = record.as_ref().map(|(id, _)| *id).or(command.as_ref().map(|(_, join)| join.application))?;
        let record = record.map(|(_, record)| record);
        let command = command.map(|(command, _)| command);
        let received = record.as_ref().map(|record| record.received_at).unwrap_or_default();
        let settled = |record: &ApplicationRecord| match state {
            Some(state) if !record.state.is_settled() => ApplicationState::waiting(state),
            _ => record.state,
        };
        let open = |command: &&OutboxRow| command.done_at.is_none() || is_open_refusal(command);
        Some(ApplicationView {
            application,
            wave,
            state: record.as_ref().map(settled),
            counted: record.as_ref().map(|record| record.counted),
            // Joined on another computer: the receipt is there.
            delivery: command
                .map_or(Delivery::Received { at: received, receipt: String::new() }, |it| standing.delivery(it)),
            refused: command.filter(|command| is_open_refusal(command)).map(refusal),
            blind: record.as_ref().map(|record| record.blind.clone()),
            class: record.as_ref().map(|record| record.class),
            left_off: record.as_ref().and_then(|record| record.left_off),
            drawn: record.and_then(|record| record.drawn).map(|drawn| DrawnView {
                position: drawn.position,
                of: drawn.of,
                passed_over: drawn.passed_over,
                published_at: drawn.published_at,
            }),
            provable: command.filter(open).map(|command| command.clock["since_anchor_ms"].is_i64()),
            command: command.filter(open).filter(|command| is_cancellable(command)).map(|command| command.id),
        })
    }
}

/// The word for central's refusal.
fn refusal(command: &OutboxRow) -> String {
    let problem = command.last_problem.as_ref().and_then(|problem| Problem::deserialize(problem).ok());
    let word = problem.and_then(|problem| serde_json::to_value(problem.code).ok());
    word.as_ref().and_then(|word| word.as_str()).unwrap_or("unknown").replace('-', "_")
}
