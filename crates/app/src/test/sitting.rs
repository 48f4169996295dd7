//! One person's test as it is known here: what central said last, the paper, the answers and what waits. It reads and
//! says; what changes something is in the room above.

use std::collections::BTreeMap;

use prakerja_domain::registration::{Step, TestProgress};
use prakerja_protocol::registration::{TestAnswer, TestPaper, TestStatus, TestSubmit};
use prakerja_protocol::sync::ClockEvidence;
use prakerja_store::{OutboxRow, kind};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::best_now;
use crate::error::Answer;
use crate::facts;
use crate::ipc::registration::{TestItemView, TestOptionView, TestPaperView, TestStage, TestView};
use crate::registration::Case;
use crate::sync_view::is_refusal;
use crate::{App, Opened};

/// Name of the fact that keeps the paper.
pub(super) const PAPER: &str = "test paper";

/// The paper as it is kept here.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeptPaper {
    /// Epoch of central's database whose records were known when the paper came: one that was restored since may know
    /// nothing of the attempt.
    pub(super) epoch: Option<Uuid>,
    pub(super) paper: TestPaper,
}

/// One person's test as it is known here.
pub(super) struct Sitting {
    pub(super) case: Case,
    /// The paper of the attempt that central speaks of, or of one that it has not spoken of yet.
    pub(super) paper: Option<TestPaper>,
    /// The attempt of a paper that is kept here and that central has taken back.
    pub(super) voided: Option<Uuid>,
    /// What the person chose on this computer.
    chosen: BTreeMap<String, String>,
    pub(super) now: i64,
    /// Whether that is central's time, and not this computer's alone.
    certain: bool,
    /// The same moment by this computer's clock.
    device_now: i64,
}

impl Sitting {
    pub(super) async fn read(app: &App, opened: &Opened, person: Uuid) -> Answer<Self> {
        let case = Case::read(&opened.store, person).await?;
        let told = case.record.as_ref().and_then(|record| record.test.as_ref()).map(|test| test.attempt);
        let kept: Option<KeptPaper> = facts::read(&opened.store, person, PAPER).await?;
        let epoch = opened.store.feed(person).await?.map(|feed| feed.epoch);
        // A record from before the start has no test yet; a later one without a test means that it was taken back, and one
        // of another epoch that central was restored to before the start.
        let untold = case.record.as_ref().filter(|record| record.test.is_none() && record.facts.test.is_none());
        let voided = kept.as_ref().filter(|kept| {
            untold.is_some_and(|record| record.since > kept.paper.started_at)
                || (untold.is_some() && kept.epoch.is_some() && kept.epoch != epoch)
        });
        let voided = voided.map(|kept| kept.paper.attempt);
        let paper = kept
            .map(|kept| kept.paper)
            .filter(|paper| voided.is_none() && told.is_none_or(|told| told == paper.attempt));
        let chosen = match &paper {
            Some(paper) => opened.store.drafts(person, &lane(paper.attempt)).await?,
            None => Vec::new(),
        };
        let chosen = chosen.into_iter().map(|draft| (draft.field, draft.value)).collect();
        let (heard, device_now) = (opened.exchange().server_now_ms(), app.inner.config.clock.now_ms());
        let now = best_now(&opened.store, heard, device_now).await;
        Ok(Self { case, paper, voided, chosen, now, certain: heard.is_some(), device_now })
    }

    fn told(&self) -> Option<&TestStatus> {
        self.case.record.as_ref()?.test.as_ref()
    }

    /// The attempt whose paper is here for nothing: it is evaluated, or was taken back.
    pub(super) fn finished(&self) -> Option<Uuid> {
        let evaluated = matches!(self.case.facts().test, Some(TestProgress::Passed | TestProgress::NotPassed));
        self.voided.or(self.paper.as_ref().filter(|_| evaluated).map(|paper| paper.attempt))
    }

    /// The paper, while central has not said that the test is over.
    pub(super) fn running(&self) -> Option<&TestPaper> {
        let runs = matches!(self.case.facts().test, None | Some(TestProgress::InProgress));
        self.paper.as_ref().filter(|_| runs)
    }

    pub(super) fn attempt(&self) -> Option<Uuid> {
        self.paper.as_ref().map(|paper| paper.attempt).or(self.told().map(|test| test.attempt))
    }

    /// The command that handed the running test in.
    pub(super) fn handed_in(&self) -> Option<&OutboxRow> {
        let attempt = self.attempt()?;
        let of_this = |command: &&OutboxRow| {
            TestSubmit::deserialize(&command.payload).is_ok_and(|submit| submit.attempt == attempt)
        };
        self.case.newest(kind::TEST_SUBMIT).filter(of_this)
    }

    /// Central refused that the test was handed in. Asking again by itself would ask for ever.
    pub(super) fn hand_in_was_refused(&self) -> bool {
        let of_this = |command: &&OutboxRow| {
            TestSubmit::deserialize(&command.payload).is_ok_and(|submit| Some(submit.attempt) == self.attempt())
        };
        let submits = self.case.matter.commands.iter().filter(|command| command.kind == kind::TEST_SUBMIT);
        submits.filter(of_this).any(is_refusal)
    }

    /// Over beyond doubt. Handing in cannot be taken back, so a clock that somebody may have set does not end the test;
    /// what arrives too late is central's to refuse.
    pub(super) fn is_over(&self) -> bool {
        self.certain && self.ends_at().is_some_and(|ends_at| self.now >= ends_at)
    }

    pub(super) fn ends_at(&self) -> Option<i64> {
        self.told().map(|test| test.ends_at).or(self.paper.as_ref().map(|paper| paper.ends_at))
    }

    /// The answers to this paper, oldest first, as they were sent or wait.
    fn answers(&self) -> impl Iterator<Item = (TestAnswer, &OutboxRow)> {
        let commands = self.case.matter.commands.iter().filter(|command| command.kind == kind::TEST_ANSWER);
        let answers = commands.filter_map(|command| Some((TestAnswer::deserialize(&command.payload).ok()?, command)));
        answers.filter(|(answer, _)| Some(answer.attempt) == self.attempt())
    }

    /// Commands of an attempt that central has not received.
    pub(super) fn unsent_of(&self, attempt: Uuid) -> Vec<Uuid> {
        let lane = lane(attempt);
        let open = self.case.matter.commands.iter().filter(|command| command.lane == lane && command.done_at.is_none());
        open.map(|command| command.id).collect()
    }

    /// Answers that central has not received.
    fn unsent(&self) -> u32 {
        let open = self.answers().filter(|(_, command)| command.done_at.is_none());
        u32::try_from(open.count()).unwrap_or(u32::MAX)
    }

    /// By when those must have arrived. One that cannot show when it was given (`sync.md` §3.10) has no grace.
    fn arrive_by(&self) -> Option<i64> {
        let ends_at = self.ends_at()?;
        let told = self.told().and_then(|test| test.closes_at);
        let closes_at = told.or(self.paper.as_ref().and_then(|paper| paper.closes_at)).unwrap_or(ends_at);
        let shows = |command: &OutboxRow| {
            ClockEvidence::deserialize(&command.clock)
                .is_ok_and(|clock| clock.anchor_server_ms.is_some() && clock.since_anchor_ms.is_some())
        };
        let open = self.answers().filter(|(_, command)| command.done_at.is_none());
        open.map(|(_, command)| if shows(command) { closes_at } else { ends_at }).min()
    }

    /// Questions whose newest answer central refused. An earlier one that was refused is made good by a later one.
    fn refused(&self) -> u32 {
        let newest: BTreeMap<String, &OutboxRow> =
            self.answers().map(|(answer, command)| (answer.item, command)).collect();
        u32::try_from(newest.values().filter(|command| is_refusal(command)).count()).unwrap_or(u32::MAX)
    }

    fn stage(&self) -> TestStage {
        let told = self.told();
        let evaluated_at = told.and_then(|test| test.evaluated_at);
        match self.case.facts().test {
            Some(TestProgress::Passed) => TestStage::Passed { at: evaluated_at },
            Some(TestProgress::NotPassed) => {
                TestStage::NotPassed { at: evaluated_at, may_join: !self.case.scheme.test.must_pass }
            }
            Some(TestProgress::Submitted) => self.submitted(told.and_then(|test| test.submitted_at)),
            Some(TestProgress::InProgress) => self.under_way(),
            None if self.paper.is_some() => self.under_way(),
            None if self.case.allows(Step::StartTest).is_ok() => TestStage::Available,
            None => TestStage::NotYet,
        }
    }

    fn under_way(&self) -> TestStage {
        match self.handed_in() {
            // Put right: the command says when by this computer's clock.
            Some(command) => {
                let at = self.now.saturating_sub(self.device_now.saturating_sub(command.created_at));
                self.submitted(Some(self.ends_at().map_or(at, |ends_at| at.min(ends_at))))
            }
            None if self.is_over() => self.submitted(self.ends_at()),
            None => TestStage::Running,
        }
    }

    fn submitted(&self, at: Option<i64>) -> TestStage {
        let within = i64::try_from(self.case.scheme.test.evaluate_within_s).unwrap_or(i64::MAX).saturating_mul(1_000);
        let told = self.told().and_then(|test| test.result_by);
        // The time begins when central has it.
        let arrived = self.handed_in().is_some_and(|command| command.done_at.is_some());
        let result_by = told.or(at.filter(|_| arrived).map(|at| at.saturating_add(within)));
        TestStage::Submitted { at, result_by, unsent: self.unsent() }
    }

    pub(super) fn view(&self) -> TestView {
        let stage = self.stage();
        let rules = &self.case.scheme.test;
        let items = rules.verbal + rules.numeric + rules.figural + rules.motivation;
        let paper = self.paper.as_ref().filter(|_| stage == TestStage::Running);
        TestView {
            items_total: u32::try_from(items).unwrap_or(u32::MAX),
            duration_s: rules.duration_s,
            evaluate_within_s: rules.evaluate_within_s,
            arrive_by: self.arrive_by(),
            refused: self.refused(),
            paper: paper.map(|paper| self.paper_view(paper)),
            stage,
            now: self.now,
        }
    }

    fn paper_view(&self, paper: &TestPaper) -> TestPaperView {
        let item = |item: &prakerja_protocol::registration::TestItem| TestItemView {
            id: item.id.clone(),
            kind: item.kind,
            text: item.text.clone(),
            passage: item.passage.clone(),
            table: item.table.clone(),
            svg: item.svg.clone(),
            figure: item.figure.clone(),
            options: item.options.iter().cloned().map(option).collect(),
            // What was chosen here is newer than what central had when it gave the paper.
            answer: self.chosen.get(&item.id).or(paper.answers.get(&item.id)).cloned(),
        };
        TestPaperView {
            attempt: paper.attempt,
            ends_at: self.ends_at().unwrap_or(paper.ends_at),
            now: self.now,
            certain: self.certain,
            items: paper.items.iter().map(item).collect(),
            unsent: self.unsent(),
        }
    }
}

fn option(option: prakerja_protocol::registration::TestOption) -> TestOptionView {
    TestOptionView { key: option.key, text: option.text, svg: option.svg }
}

/// Lane of an attempt's commands, and the name of the form that keeps its answers.
pub(super) fn lane(attempt: Uuid) -> String {
    format!("test:{attempt}")
}
