//! The test: begun with a connection, answered with or without one.
//!
//! Central owns its start and end. The paper is kept here, so that a restart goes on where it stopped; each answer is kept
//! and queued in one transaction, so that no loss of the network costs one. When the time is over by central's clock, the
//! app hands in by itself. What came of it is never said before central said it.

mod sitting;

use prakerja_domain::registration::{Step, TestProgress};
use prakerja_protocol::registration::{TestAnswer, TestSubmit};
use prakerja_protocol::sync::Command;
use prakerja_store::{Draft, DraftChange};
use uuid::Uuid;

use self::sitting::{KeptPaper, PAPER, Sitting, lane};
use crate::error::Answer;
use crate::facts;
use crate::ipc::registration::TestView;
use crate::ipc::{Changed, ErrorCode, IpcError, Saved};
use crate::{App, Opened};

impl App {
    /// The test, and its paper while it runs.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn get_test(&self) -> Answer<TestView> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        self.hand_in_in_time(&opened, person).await?;
        Ok(Sitting::read(self, &opened, person).await?.view())
    }

    /// Begins the test, or goes on with the one that runs: both need a connection when the paper is not here.
    ///
    /// # Errors
    /// `sign_in_needed`, `step_refused`, and what keeps from reaching central.
    pub async fn start_test(&self) -> Answer<TestView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let turn = self.inner.once.lock().await;
        let sitting = Sitting::read(self, &opened, person).await?;
        if sitting.running().is_some() {
            drop(turn);
            return self.get_test().await;
        }
        let accounts = opened.exchange().accounts().clone();
        let begun_elsewhere = sitting.case.facts().test == Some(TestProgress::InProgress);
        let running = if begun_elsewhere {
            accounts.running_test().await.map_err(crate::refusal::refused)?
        } else {
            sitting.case.demand(Step::StartTest)?;
            None
        };
        let paper = match running {
            Some(paper) => paper,
            None if begun_elsewhere => return Err(IpcError::new(ErrorCode::TestOver)),
            None => accounts.start_test().await.map_err(crate::refusal::refused)?,
        };
        let epoch = opened.store.feed(person).await?.map(|feed| feed.epoch);
        let kept = KeptPaper { epoch, paper };
        facts::keep(&opened.store, person, PAPER, &kept).await?;
        drop(turn);
        self.inner.alarm.notify_one();
        self.told(&[Changed::Registration]).await?;
        self.get_test().await
    }

    /// Keeps one answer and queues it for central.
    ///
    /// # Errors
    /// `not_found` for an item or option that the paper does not have, `test_over`, `step_refused` when no test runs.
    pub async fn answer_test(&self, item: String, choice: String) -> Answer<Saved> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        // Between this look and the queue nothing may hand the test in: an answer behind that would be refused.
        let turn = self.inner.once.lock().await;
        let sitting = Sitting::read(self, &opened, person).await?;
        let paper = sitting.running().ok_or_else(|| IpcError::new(ErrorCode::StepRefused))?;
        if sitting.handed_in().is_some() || sitting.is_over() {
            drop(turn);
            self.hand_in_in_time(&opened, person).await?;
            return Err(IpcError::new(ErrorCode::TestOver));
        }
        let options = paper.items.iter().find(|known| known.id == item).map(|known| &known.options);
        if !options.is_some_and(|options| options.iter().any(|option| option.key == choice)) {
            return Err(IpcError::new(ErrorCode::NotFound));
        }
        let lane = lane(paper.attempt);
        let saved_at = self.inner.config.clock.now_ms();
        let draft = Draft { form: lane.clone(), field: item.clone(), value: choice.clone(), saved_at };
        let answer = Command::TestAnswer(TestAnswer { attempt: paper.attempt, item, choice });
        let command = opened.exchange().command(&answer, &lane, None, None)?;
        let kept = DraftChange { save: vec![draft], ..DraftChange::default() };
        opened.store.enqueue(person, &command, &kept).await?;
        drop(turn);
        opened.exchange().outbox_changed();
        self.told(&[Changed::Sync]).await?;
        Ok(Saved { saved_at })
    }

    /// Hands the test in, behind all its answers.
    ///
    /// # Errors
    /// `sign_in_needed`, `step_refused` when no test runs.
    pub async fn submit_test(&self) -> Answer<TestView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let sitting = Sitting::read(self, &opened, person).await?;
        if sitting.running().is_none() {
            sitting.case.demand(Step::SubmitTest)?;
        }
        self.hand_in(&opened, person).await?;
        Ok(Sitting::read(self, &opened, person).await?.view())
    }

    /// Hands in what is over, and forgets the paper of what is evaluated or was taken back. Gives the milliseconds until a
    /// running test is over.
    pub(crate) async fn hand_in_in_time(&self, opened: &Opened, person: Uuid) -> Answer<Option<i64>> {
        let sitting = Sitting::read(self, opened, person).await?;
        if sitting.finished().is_some() {
            self.forget(opened, person).await?;
        }
        if sitting.running().is_none() || sitting.handed_in().is_some() || sitting.hand_in_was_refused() {
            return Ok(None);
        }
        if sitting.is_over() {
            self.hand_in(opened, person).await?;
            return Ok(None);
        }
        Ok(sitting.ends_at().map(|ends_at| ends_at - sitting.now))
    }

    /// Nobody needs the questions any more, and what was never sent of an attempt that was taken back has nowhere to go.
    async fn forget(&self, opened: &Opened, person: Uuid) -> Answer<()> {
        let turn = self.inner.once.lock().await;
        // A start that came before may have brought another paper.
        let sitting = Sitting::read(self, opened, person).await?;
        let Some(attempt) = sitting.finished() else { return Ok(()) };
        opened.store.set_fact(person, PAPER, None).await?;
        opened.store.change_drafts(person, &DraftChange::clear(&lane(attempt))).await?;
        if sitting.voided == Some(attempt) {
            for command in sitting.unsent_of(attempt) {
                opened.store.withdraw(person, command).await?;
            }
        }
        drop(turn);
        Ok(())
    }

    async fn hand_in(&self, opened: &Opened, person: Uuid) -> Answer<()> {
        let turn = self.inner.once.lock().await;
        let sitting = Sitting::read(self, opened, person).await?;
        let Some(attempt) = sitting.attempt().filter(|_| sitting.handed_in().is_none()) else { return Ok(()) };
        let submit = Command::TestSubmit(TestSubmit { attempt });
        let command = opened.exchange().command(&submit, &lane(attempt), None, None)?;
        opened.store.enqueue(person, &command, &DraftChange::none()).await?;
        drop(turn);
        opened.exchange().outbox_changed();
        self.told(&[Changed::Registration, Changed::Sync]).await
    }
}
