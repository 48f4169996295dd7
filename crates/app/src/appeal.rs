//! An objection to a block, and the office's answer.

use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_protocol::application::{AppealRecord, AppealSubmit};
use prakerja_protocol::sync::Command;
use prakerja_store::{DraftChange, NOBODY, kind};
use serde::Deserialize as _;
use uuid::Uuid;

use crate::delivery::stands;
use crate::error::Answer;
use crate::ipc::registration::{AppealView, RegistrationView};
use crate::ipc::{Changed, Delivery, ErrorCode, IpcError};
use crate::registration::Case;
use crate::{App, Opened};

/// Longest text.
const TEXT_CHARS: usize = 2_000;

impl App {
    /// Objects to a block. It waits for a connection where there is none.
    ///
    /// # Errors
    /// `validation`, `sign_in_needed`, `step_refused` when nothing blocks the account or an appeal is open.
    pub async fn submit_appeal(&self, text: String) -> Answer<RegistrationView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let text = text.trim().to_owned();
        let chars = text.chars().count();
        if chars == 0 {
            return Err(IpcError::validation(vec![FieldError::new("text", FieldErrorCode::Required)]));
        }
        if chars > TEXT_CHARS {
            let error = FieldError::new("text", FieldErrorCode::TooLong).with("max", TEXT_CHARS);
            return Err(IpcError::validation(vec![error]));
        }
        let turn = self.inner.once.lock().await;
        let case = Case::read(&opened.store, person).await?;
        let refused = || IpcError::new(ErrorCode::StepRefused);
        let blocked = case.record.as_ref().and_then(|record| record.blocked.as_ref()).ok_or_else(refused)?;
        let before = self.appeal(&opened, person, Some(blocked.at)).await?;
        let is_open =
            |appeal: &AppealView| appeal.granted.is_none() && !matches!(appeal.delivery, Delivery::NeedsYou { .. });
        if before.as_ref().is_some_and(is_open) {
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

    /// The newest appeal against the block of that time; without a block the newest that was answered.
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
        let record = |id: Uuid| matter.records.iter().find(|record| record.id == id);
        let waiting = matter.commands.iter().rev().filter(|command| blocked_at.is_some() && stands(command));
        for command in waiting {
            let Ok(made) = AppealSubmit::deserialize(&command.payload) else { continue };
            let refused = command.status.as_deref() == Some("rejected");
            if refused || (record(made.appeal).is_none() && matter.is_live(command)) {
                let delivery = opened.exchange().standing().delivery(command);
                return Ok(Some(AppealView { text: made.text, delivery, granted: None, answer: None }));
            }
        }
        let records = matter.records.iter().filter_map(|record| AppealRecord::deserialize(&record.data).ok());
        let concerns = |appeal: &AppealRecord| match blocked_at {
            Some(at) => appeal.received_at >= at,
            None => appeal.answer.is_some(),
        };
        let newest = records.filter(concerns).max_by_key(|appeal| appeal.received_at);
        Ok(newest.map(|appeal| AppealView {
            text: appeal.text,
            // The receipt is in the list of what was received.
            delivery: Delivery::Received { at: appeal.received_at, receipt: String::new() },
            granted: appeal.answer.as_ref().map(|answer| answer.granted),
            answer: appeal.answer.map(|answer| answer.text).filter(|words| !words.is_empty()),
        }))
    }
}
