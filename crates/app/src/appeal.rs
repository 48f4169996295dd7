//! An objection to a block, and the office's answer.

use std::collections::BTreeSet;

use prakerja_domain::appeal;
use prakerja_domain::registration::StepRefusal;
use prakerja_protocol::application::{AppealRecord, AppealSubmit};
use prakerja_protocol::sync::Command;
use prakerja_store::{DraftChange, Matter, NOBODY, OutboxRow, Record, Store, kind};
use serde::Deserialize as _;
use uuid::Uuid;

use crate::delivery::stands;
use crate::error::Answer;
use crate::ipc::registration::{AppealView, RegistrationView};
use crate::ipc::{Changed, Delivery, ErrorCode, IpcError};
use crate::registration::Case;
use crate::sync_view::is_refusal;
use crate::{App, Opened};

/// A person's appeals: what central said of them, and what was sent from here.
struct Appeals {
    matter: Matter,
    records: Vec<AppealRecord>,
}

impl Appeals {
    async fn read(store: &Store, person: Uuid) -> Answer<Self> {
        let matter = store.matter(person, "appeal", &[kind::APPEAL_SUBMIT]).await?;
        let read = |record: &Record| AppealRecord::deserialize(&record.data).ok();
        Ok(Self { records: matter.records.iter().filter_map(read).collect(), matter })
    }

    /// Whether central would take another one, by what it told.
    fn allows(&self, blocked_at: Option<i64>) -> Result<(), StepRefusal> {
        appeal::allows(blocked_at, self.records.iter().map(AppealRecord::decision))
    }

    /// The newest that central took against the block of that time; without a block the newest that was answered.
    fn taken(&self, blocked_at: Option<i64>) -> Option<&AppealRecord> {
        let concerns = |appeal: &&AppealRecord| match blocked_at {
            Some(at) => appeal::is_against(at, appeal.decision()),
            None => appeal.answer.is_some(),
        };
        self.records.iter().filter(concerns).max_by_key(|appeal| appeal.received_at)
    }

    /// The newest from here against that block of which the records say nothing: on its way, or refused. A refusal is told
    /// until a record says more: another computer's that is open, or an answer that came later.
    fn sent(&self, blocked_at: Option<i64>) -> Option<(&OutboxRow, AppealSubmit)> {
        let began_at = blocked_at?;
        let known: BTreeSet<Uuid> = self.matter.records.iter().map(|record| record.id).collect();
        let said_at = self.taken(blocked_at).map(|appeal| appeal.decision().map_or(i64::MAX, |decision| decision.at));
        let concerns = |command: &&OutboxRow| {
            if is_refusal(command) {
                refused_at(command) >= said_at.unwrap_or(began_at)
            } else {
                self.matter.is_live(command)
            }
        };
        let commands = self.matter.commands.iter().rev().filter(|command| stands(command)).filter(concerns);
        let read = |command: &OutboxRow| AppealSubmit::deserialize(&command.payload).ok();
        commands.filter_map(|command| Some((command, read(command)?))).find(|(_, made)| !known.contains(&made.appeal))
    }
}

impl App {
    /// Objects to a block. It waits for a connection where there is none.
    ///
    /// # Errors
    /// `validation`, `sign_in_needed`, `step_refused` when nothing blocks the account, an appeal is open, or one against this
    /// block was denied.
    pub async fn submit_appeal(&self, text: String) -> Answer<RegistrationView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let text = appeal::text(&text).map_err(|error| IpcError::validation(vec![error]))?;
        let turn = self.inner.once.lock().await;
        let case = Case::read(&opened.store, person).await?;
        let blocked_at = case.record.as_ref().and_then(|record| record.blocked.as_ref()).map(|blocked| blocked.at);
        let appeals = Appeals::read(&opened.store, person).await?;
        let waits = appeals.sent(blocked_at).is_some_and(|(command, _)| !is_refusal(command));
        if waits || appeals.allows(blocked_at).is_err() {
            return Err(IpcError::new(ErrorCode::StepRefused));
        }
        let appeal = Command::AppealSubmit(AppealSubmit { appeal: Uuid::now_v7(), text });
        let command = opened.exchange().command(&appeal, "appeal", None, None)?;
        opened.store.enqueue(person, &command, &DraftChange::none()).await?;
        drop(turn);
        opened.exchange().outbox_changed();
        self.told(&[Changed::Registration, Changed::Sync]).await?;
        self.get_registration().await
    }

    /// The newest appeal against the block of that time; without a block the newest that was answered. A denial of the office
    /// is final, so nothing that was sent from here beside it is told any more.
    pub(crate) async fn appeal(
        &self,
        opened: &Opened,
        person: Uuid,
        blocked_at: Option<i64>,
    ) -> Answer<Option<AppealView>> {
        if person == NOBODY {
            return Ok(None);
        }
        let appeals = Appeals::read(&opened.store, person).await?;
        if appeals.allows(blocked_at) != Err(StepRefusal::Done)
            && let Some((command, made)) = appeals.sent(blocked_at)
        {
            let delivery = opened.exchange().standing().delivery(command);
            let open = !is_refusal(command);
            let text = made.text;
            return Ok(Some(AppealView { text, delivery, open, granted: None, answer: None, answered_at: None }));
        }
        Ok(appeals.taken(blocked_at).cloned().map(|appeal| AppealView {
            text: appeal.text,
            // The receipt is in the list of what was received.
            delivery: Delivery::Received { at: appeal.received_at, receipt: String::new() },
            open: appeal.answer.is_none(),
            granted: appeal.answer.as_ref().map(|answer| answer.granted),
            answered_at: appeal.answer.as_ref().map(|answer| answer.at),
            answer: appeal.answer.map(|answer| answer.text).filter(|words| !words.is_empty()),
        }))
    }
}

/// When central refused it, by central's time as far as that is known here.
fn refused_at(command: &OutboxRow) -> i64 {
    let received_at = command.receipt.as_ref().map(|receipt| receipt.received_at);
    received_at.or(command.done_at).unwrap_or(command.created_at)
}
