//! Carries out one command inside its savepoint: key, lane, dependencies, effect, result, in this order.

use ed25519_dalek::SigningKey;
use prakerja_domain::wave::{Anchored, Evidence};
use prakerja_protocol::limits;
use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::receipt::Receipt;
use prakerja_protocol::sync::{ClockEvidence, Command, CommandEnvelope, CommandError, CommandResult, CommandStatus};
use uuid::Uuid;

use super::error::SyncError;
use super::outcome::{Outcome, Waits};
use super::records::Records;
use super::seal::Sealer;
use super::seen::Seen;
use super::{Connection, enrolment, log, profile, void};
use crate::ability_test;
use crate::documents;
use crate::registration::{Saved, appeal, declarations, identity};
use crate::state::Central;
use crate::waves;

/// Keys that results need.
pub(super) struct Keys {
    pub(super) sealer: Sealer,
    pub(super) receipts: SigningKey,
    pub(super) seen: Seen,
}

/// Who sent a batch, from where, and when it entered central.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender {
    pub(super) person: Uuid,
    /// The device of the session, whatever the message says.
    pub(super) device: Uuid,
    /// Unix milliseconds.
    pub(super) received_at: i64,
}

/// What an effect may touch and know.
pub(super) struct Context<'a> {
    pub(super) central: &'a Central,
    pub(super) tx: &'a mut Connection,
    pub(super) sealer: &'a Sealer,
    pub(super) person: Uuid,
    pub(super) device: Uuid,
    pub(super) command: Uuid,
    /// When the command entered central first, Unix milliseconds.
    pub(super) received_at: i64,
    /// Set when everybody's catalogue must be made anew.
    pub(super) catalogue_changed: &'a mut bool,
}

/// Carries out `envelope`. Whoever calls rolls back to the savepoint when the result is not final or an error came.
pub(super) async fn carry(
    (central, tx): (&Central, &mut Connection),
    keys: &Keys,
    sender: Sender,
    envelope: &CommandEnvelope,
    lane_held: bool,
    catalogue_changed: &mut bool,
) -> Result<CommandResult, SyncError> {
    let Sender { person, device, .. } = sender;
    let received_at = first_received(keys, sender, envelope);
    let cx = &mut Context {
        central,
        tx,
        sealer: &keys.sealer,
        person,
        device,
        command: envelope.id,
        received_at,
        catalogue_changed,
    };
    let evidence = Evidence {
        turned_away_at: keys.seen.turned_away_at(device, envelope, received_at),
        made: anchored(&envelope.clock),
    };
    if !log::claim(cx, envelope).await? {
        return log::replay(cx, keys, envelope).await;
    }
    let outcome = if lane_held { Outcome::blocked() } else { effect(cx, envelope, evidence).await? };
    match outcome {
        Outcome::Final(settled) => log::settle(cx, keys, envelope, settled).await,
        Outcome::Waits(waits) => Ok(waiting(envelope.id, waits)),
    }
}

/// What a command that waits leaves behind although it was rolled back: until when its person may not try, so that the app
/// can count down.
pub(super) async fn note_lock(
    (central, tx): (&Central, &mut Connection),
    keys: &Keys,
    sender: Sender,
    envelope: &CommandEnvelope,
    result: &CommandResult,
) -> Result<(), SyncError> {
    let limited = result.problem.as_ref().is_some_and(|problem| problem.code == ProblemCode::RateLimited);
    if limited && matches!(Command::read(envelope), Ok(Command::IdentitySubmit(_))) {
        let records = &mut Records::beside_command(central, tx, &keys.sealer, sender.received_at);
        identity::note_lock(records, sender.person).await?;
    }
    Ok(())
}

/// When the command entered central first. After a restore it may come again with the receipt that it got then: deadlines
/// hold as on that day.
fn first_received(keys: &Keys, sender: Sender, envelope: &CommandEnvelope) -> i64 {
    let Some(text) = &envelope.receipt else { return sender.received_at };
    let attests = |receipt: &Receipt| {
        receipt.command == envelope.id
            && receipt.person == sender.person
            && receipt.fingerprint == hex::encode(envelope.fingerprint())
    };
    match Receipt::verify(text, &keys.receipts.verifying_key()) {
        Ok(receipt) if attests(&receipt) => receipt.received_at.min(sender.received_at),
        _ => {
            tracing::warn!(command = %envelope.id, "a command came with a receipt that is not its own");
            sender.received_at
        }
    }
}

async fn effect(cx: &mut Context<'_>, envelope: &CommandEnvelope, evidence: Evidence) -> Result<Outcome, SyncError> {
    if envelope.kind.chars().count() > limits::KIND_CHARS
        || envelope.lane.chars().count() > limits::LANE_CHARS
        || envelope.depends_on.len() > limits::PUSH_COMMANDS
    {
        return Ok(Outcome::rejected(ProblemCode::Malformed, "kind, lane or dependencies are too long"));
    }
    if envelope.depends_on.contains(&envelope.id) {
        return Ok(Outcome::rejected(ProblemCode::Malformed, "the command depends on itself"));
    }
    let command = match Command::read(envelope) {
        Ok(command) => command,
        Err(CommandError::Unsupported) => {
            return Ok(Outcome::hold(ProblemCode::UnsupportedVersion, "kind or version is unknown here"));
        }
        // The reason may repeat what was sent; it stays out of the answer and of the log.
        Err(CommandError::Malformed(_)) => {
            return Ok(Outcome::rejected(ProblemCode::Malformed, "the payload does not fit its kind"));
        }
    };
    for parent in &envelope.depends_on {
        match log::status_of(cx.tx, *parent).await? {
            Some((person, CommandStatus::Applied | CommandStatus::Waitlisted)) if person == cx.person => {}
            Some((person, _)) if person == cx.person => {
                return Ok(Outcome::rejected(ProblemCode::Dependency, "a command that this one needs was refused"));
            }
            _ => return Ok(Outcome::blocked()),
        }
    }
    match command {
        Command::ProfilePatch(payload) => profile::patch(cx, payload, envelope.base_rev).await,
        Command::EnrolmentRequest(payload) => enrolment::request(cx, payload).await,
        Command::EnrolmentCancel(payload) => enrolment::cancel(cx, payload).await,
        Command::Void(payload) => void::void(cx, payload).await,
        Command::TestAnswer(payload) => {
            let person = cx.person;
            let taken = ability_test::answer(&mut Records::of_command(cx), person, &payload, evidence).await?;
            Ok(taken.map_or_else(Outcome::refused, |()| Outcome::applied(None, None)))
        }
        Command::TestSubmit(payload) => {
            let person = cx.person;
            Ok(Outcome::of(ability_test::submit(&mut Records::of_command(cx), person, &payload).await?))
        }
        Command::IdentitySubmit(payload) => {
            let person = cx.person;
            Ok(Outcome::of(identity::submit(&mut Records::of_command(cx), person, &payload).await?))
        }
        Command::DeclarationsSubmit(payload) => {
            let person = cx.person;
            Ok(Outcome::of(declarations::submit(&mut Records::of_command(cx), person, &payload).await?))
        }
        Command::AppealSubmit(payload) => {
            let person = cx.person;
            Ok(Outcome::of(appeal::submit(&mut Records::of_command(cx), person, &payload).await?))
        }
        Command::WaveJoin(payload) => {
            let person = cx.person;
            Ok(Outcome::of(waves::join(&mut Records::of_command(cx), person, payload, (evidence, envelope)).await?))
        }
        Command::DocumentAttach(payload) => {
            let person = cx.person;
            let attached = documents::attach(&mut Records::of_command(cx), person, &payload).await?;
            Ok(Outcome::of(attached.map(Saved::from)))
        }
    }
}

/// What the device's clock says of when the command was made, if it had heard central since it was started.
fn anchored(clock: &ClockEvidence) -> Option<Anchored> {
    let rtt_ms = clock.anchor_rtt_ms.unwrap_or_default();
    Some(Anchored { server_ms: clock.anchor_server_ms?, since_ms: clock.since_anchor_ms?, rtt_ms })
}

/// A result that is not final as the client sees it.
pub(super) fn waiting(id: Uuid, waits: Waits) -> CommandResult {
    CommandResult {
        id,
        status: waits.status,
        rev: None,
        seq: None,
        received_at: None,
        replayed: false,
        receipt: None,
        problem: waits.problem,
        current: None,
        position: None,
        retry_after_ms: waits.retry_after_ms,
    }
}
