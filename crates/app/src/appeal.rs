//! An objection to a block, and the office's answer.

use std::collections::BTreeSet;

use prakerja_domain::appeal;
use prakerja_protocol::application::{AppealRecord, AppealSubmit};
use prakerja_protocol::sync::Command;
use prakerja_store::{DraftChange, NOBODY, OutboxRow, kind};
use serde::Deserialize as _;
use uuid::Uuid;

use crate::delivery::stands;
use crate::error::Answer;
use crate::ipc::registration::{AppealView, RegistrationView};
use crate::ipc::{Changed, Delivery, ErrorCode, IpcError};
use crate::registration::Case;
use crate::sync_view::is_refusal;
use crate::{App, Opened};

impl App {
    /// Objects to a block. It waits for a connection where there is none.
    ///
    /// # Errors
    /// `validation`, `sign_in_needed`, `step_refused` when nothing blocks the account or an appeal is open.
    pub async fn submit_appeal(&self, text: String) -> Answer<RegistrationView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let text = appeal::text(&text).map_err(|error| IpcError::validation(vec![error]))?;
        let turn = self.inner.once.lock().await;
        let case = Case::read(&opened.store, person).await?;
        let refused = || IpcError::new(ErrorCode::StepRefused);
        let blocked = case.record.as_ref().and_then(|record| record.blocked.as_ref()).ok_or_else(refused)?;
        let before = self.appeal(&opened, person, Some(blocked.at)).await?;
        if before.is_some_and(|appeal| appeal.open) {
            return Err(refused());
        }
        let appeal = Command::AppealSubmit(AppealSubmit { appeal: Uuid::now_v7(), text });
        let command = opened.exchange().command(&appeal, "appeal", None, None)?;
        opened.store.enqueue(person, &command, &DraftChange::none()).await?;
        drop(turn);
        opened.exchange().outbox_changed();
        self.told(&[Changed::Registration, Changed::Sync]).await?;
        self.get_registration().await
    }

    /// The newest appeal against the block of that time; without a block the newest that was answered. One that central
    /// refused is told until a record says more: another computer's that is open, or an answer that came later.
    pub(crate) async fn appeal(
        &self,
        opened: &Opened,
        person: Uuid,
        blocked_at: Option<i64>,
    ) -> Answer<Option<AppealView>> {
        if person == NOBODY {
            return Ok(None);
        }
        let matter = opened.store.matter(person, "appeal", &[kind::APPEAL_SUBMIT]).await?;
        let known: BTreeSet<Uuid> = matter.records.iter().map(|record| record.id).collect();
        let records = matter.records.iter().filter_map(|record| AppealRecord::deserialize(&record.data).ok());
        let concerns = |appeal: &AppealRecord| match blocked_at {
            Some(at) => appeal.received_at >= at,
            None => appeal.answer.is_some(),
        };
        let newest = records.filter(concerns).max_by_key(|appeal| appeal.received_at);
        let said_at = newest.as_ref().map(|appeal| appeal.answer.as_ref().map_or(i64::MAX, |answer| answer.at));
        let concerns = |command: &&OutboxRow| match blocked_at {
            Some(at) if is_refusal(command) => refused_at(command) >= said_at.unwrap_or(at),
            Some(_) => matter.is_live(command),
            None => false,
        };
        for command in matter.commands.iter().rev().filter(|command| stands(command)).filter(concerns) {
            let Ok(made) = AppealSubmit::deserialize(&command.payload) else { continue };
            if !known.contains(&made.appeal) {
                let delivery = opened.exchange().standing().delivery(command);
                let open = !is_refusal(command);
                return Ok(Some(AppealView { text: made.text, delivery, open, granted: None, answer: None }));
            }
        }
        Ok(newest.map(|appeal| AppealView {
            text: appeal.text,
            // The receipt is in the list of what was received.
            delivery: Delivery::Received { at: appeal.received_at, receipt: String::new() },
            open: appeal.answer.is_none(),
            granted: appeal.answer.as_ref().map(|answer| answer.granted),
            answer: appeal.answer.map(|answer| answer.text).filter(|words| !words.is_empty()),
        }))
    }
}

/// When central refused it, by central's time as far as that is known here.
fn refused_at(command: &OutboxRow) -> i64 {
    let received_at = command.receipt.as_ref().map(|receipt| receipt.received_at);
    received_at.or(command.done_at).unwrap_or(command.created_at)
}
