//! The command log: one row per command, written in the transaction of its effect.
//!
//! The row is claimed before anything else, so that a second copy of a command either waits for the first or meets its
//! stored result. Results may hold personal values (a conflict shows them), so they are sealed; the fingerprint is kept
//! as a keyed digest, since the plain digest of a patch that sets one ID number could be guessed.

use prakerja_protocol::problem::ProblemCode;
use prakerja_protocol::receipt::Receipt;
use prakerja_protocol::sync::{Command, CommandEnvelope, CommandResult, CommandStatus};
use serde_json::Value;
use uuid::Uuid;

use super::carry::{Context, Keys};
use super::error::SyncError;
use super::outcome::{Settled, problem};
use super::seal::Place;
use super::{Connection, feed};
use crate::db::Id;

/// Takes the command's key. False when it is known already.
pub(super) async fn claim(cx: &mut Context<'_>, envelope: &CommandEnvelope) -> Result<bool, SyncError> {
    let evidence = cx.sealer.seal(evidence_place(cx.person, envelope.id), &envelope.clock)?;
    let claimed = sqlx::query(
        "insert into command_log (person_id, id, device_id, kind, v, fingerprint, seq, received_at, evidence)
         values ($1, $2, $3, $4, $5, $6, 0, $7, $8) on conflict (id) do nothing",
    )
    .bind(Id(cx.person))
    .bind(Id(envelope.id))
    .bind(Id(cx.device))
    .bind(Command::known_kind(&envelope.kind).unwrap_or("unknown"))
    .bind(i64::from(envelope.v))
    .bind(cx.sealer.digest(&envelope.fingerprint()).to_vec())
    .bind(cx.received_at)
    .bind(evidence)
    .execute(&mut *cx.tx)
    .await?;
    Ok(claimed.rows_affected() == 1)
}

/// Writes the final result of a claimed command and gives it as the client sees it.
pub(super) async fn settle(
    cx: &mut Context<'_>,
    keys: &Keys,
    envelope: &CommandEnvelope,
    settled: Settled,
) -> Result<CommandResult, SyncError> {
    let seq = match settled.seq {
        Some(seq) => seq,
        // What changed nothing stands at the head of the feed.
        None => feed::head(cx.tx, cx.person).await?.seq,
    };
    let mut result = CommandResult {
        id: envelope.id,
        status: settled.status,
        rev: settled.rev,
        seq: Some(seq),
        received_at: Some(cx.received_at),
        replayed: false,
        receipt: None,
        problem: settled.problem,
        current: settled.current,
        position: None,
        retry_after_ms: None,
    };
    result.receipt = Some(receipt(keys, cx.person, &result, &envelope.fingerprint()));
    let sealed = cx.sealer.seal(place(cx.person, envelope.id), &result)?;
    sqlx::query("update command_log set status = $1, seq = $2, result = $3 where id = $4")
        .bind(settled.status.as_str())
        .bind(seq)
        .bind(sealed)
        .bind(Id(envelope.id))
        .execute(&mut *cx.tx)
        .await?;
    Ok(result)
}

/// What a command is answered that is in the log already.
pub(super) async fn replay(
    cx: &mut Context<'_>,
    keys: &Keys,
    envelope: &CommandEnvelope,
) -> Result<CommandResult, SyncError> {
    let row = find(cx.tx, envelope.id).await?.ok_or(SyncError::Damaged)?;
    if row.person != cx.person {
        tracing::error!(command = %envelope.id, "a command id of another person came");
        return Ok(refused(envelope.id, ProblemCode::Forbidden, "the command belongs to somebody else"));
    }
    let fingerprint = envelope.fingerprint();
    if row.fingerprint.as_deref().is_some_and(|known| known != cx.sealer.digest(&fingerprint)) {
        let kind = Command::known_kind(&envelope.kind);
        tracing::error!(command = %envelope.id, kind, "a command id came with other content");
        return Ok(refused(envelope.id, ProblemCode::IdempotencyKeyReused, "the id was used with other content"));
    }
    let mut result = row.result(keys, envelope.id)?;
    result.replayed = true;
    if result.receipt.is_none() {
        result.receipt = Some(receipt(keys, cx.person, &result, &fingerprint));
    }
    Ok(result)
}

/// The stored result of a person's command, for `GET /v1/sync/commands/{id}`.
pub(super) async fn result_of(
    tx: &mut Connection,
    keys: &Keys,
    person: Uuid,
    id: Uuid,
) -> Result<Option<CommandResult>, SyncError> {
    match find(tx, id).await? {
        Some(row) if row.person == person => {
            let mut result = row.result(keys, id)?;
            result.replayed = true;
            Ok(Some(result))
        }
        // Whose it is, if anybody's, is nobody else's business.
        _ => Ok(None),
    }
}

/// Refuses a command that has not come yet: a late copy meets this row. False when the id is in the log already.
pub(super) async fn claim_voided(cx: &mut Context<'_>, target: Uuid) -> Result<bool, SyncError> {
    let seq = feed::head(cx.tx, cx.person).await?.seq;
    let result = minimal(target, CommandStatus::Voided, seq, cx.received_at);
    let sealed = cx.sealer.seal(place(cx.person, target), &result)?;
    let claimed = sqlx::query(
        "insert into command_log (person_id, id, device_id, kind, v, status, seq, result, received_at)
         values ($1, $2, $3, 'voided', 0, 'voided', $4, $5, $6) on conflict (id) do nothing",
    )
    .bind(Id(cx.person))
    .bind(Id(target))
    .bind(Id(cx.device))
    .bind(seq)
    .bind(sealed)
    .bind(cx.received_at)
    .execute(&mut *cx.tx)
    .await?;
    Ok(claimed.rows_affected() == 1)
}

/// Whose a command is and how it ended.
pub(super) async fn status_of(tx: &mut Connection, id: Uuid) -> Result<Option<(Uuid, CommandStatus)>, SyncError> {
    match find(tx, id).await? {
        Some(row) => Ok(Some((row.person, row.status()?))),
        None => Ok(None),
    }
}

struct Row {
    person: Uuid,
    fingerprint: Option<Vec<u8>>,
    status: Option<String>,
    seq: i64,
    sealed: Option<Vec<u8>>,
    received_at: i64,
}

async fn find(tx: &mut Connection, id: Uuid) -> Result<Option<Row>, SyncError> {
    type Columns = (Id, Option<Vec<u8>>, Option<String>, i64, Option<Vec<u8>>, i64);
    let row: Option<Columns> = sqlx::query_as(
        "select person_id, fingerprint, status, seq, result, received_at from command_log where id = $1",
    )
    .bind(Id(id))
    .fetch_optional(&mut *tx)
    .await?;
    Ok(row.map(|(person, fingerprint, status, seq, sealed, received_at)| Row {
        person: person.0,
        fingerprint,
        status,
        seq,
        sealed,
        received_at,
    }))
}

impl Row {
    fn status(&self) -> Result<CommandStatus, SyncError> {
        let word = self.status.clone().ok_or(SyncError::Damaged)?;
        serde_json::from_value(Value::String(word)).map_err(|_| SyncError::Damaged)
    }

    /// The stored result; after its retention only what the row itself says.
    fn result(&self, keys: &Keys, id: Uuid) -> Result<CommandResult, SyncError> {
        match &self.sealed {
            Some(sealed) => Ok(keys.sealer.open(place(self.person, id), sealed)?),
            None => Ok(minimal(id, self.status()?, self.seq, self.received_at)),
        }
    }
}

fn minimal(id: Uuid, status: CommandStatus, seq: i64, received_at: i64) -> CommandResult {
    CommandResult {
        id,
        status,
        rev: None,
        seq: Some(seq),
        received_at: Some(received_at),
        replayed: false,
        receipt: None,
        problem: None,
        current: None,
        position: None,
        retry_after_ms: None,
    }
}

/// A refusal that is not stored: the id belongs to another command.
fn refused(id: Uuid, code: ProblemCode, title: &str) -> CommandResult {
    CommandResult {
        seq: None,
        received_at: None,
        problem: Some(problem(code, title)),
        ..minimal(id, CommandStatus::Rejected, 0, 0)
    }
}

fn receipt(keys: &Keys, person: Uuid, result: &CommandResult, fingerprint: &[u8; 32]) -> String {
    let receipt = Receipt {
        command: result.id,
        person,
        fingerprint: hex::encode(fingerprint),
        status: result.status.as_str().to_owned(),
        seq: result.seq.unwrap_or(0),
        received_at: result.received_at.unwrap_or(0),
    };
    receipt.sign(&keys.receipts)
}

fn place(person: Uuid, id: Uuid) -> Place<'static> {
    Place { person, kind: "table/command_log", id }
}

fn evidence_place(person: Uuid, id: Uuid) -> Place<'static> {
    Place { person, kind: "table/command_log/evidence", id }
}
