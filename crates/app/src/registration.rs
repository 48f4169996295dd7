//! Where the registration stands: what central said, and beside it what waits here. Neither is ever taken for the other.

use std::sync::Arc;

use prakerja_domain::field::FieldError;
use prakerja_domain::registration::{Facts, RegistrationState, Step, StepRefusal};
use prakerja_domain::scheme::{ConsentMoment, Scheme};
use prakerja_protocol::registration::{BlockedStatus, IdentitySubmit, RegistrationRecord};
use prakerja_protocol::sync::{Command, CommandVoid};
use prakerja_store::{AskAgain, DraftChange, Matter, NOBODY, NewCommand, OutboxRow, Store, kind};
use serde::Deserialize as _;
use uuid::Uuid;

use crate::consents;
use crate::delivery::stands;
use crate::error::Answer;
use crate::ipc::registration::{BlockedView, FaceView, IdentityView, PhoneView, RegistrationView, StepView};
use crate::ipc::{Changed, ErrorCode, IpcError};
use crate::profile::{Personal, patches_on_their_way};
use crate::programme::Programme;
use crate::sync_view::is_open_refusal;
use crate::{App, Opened};

/// Kinds of commands that are steps of the registration.
const KINDS: [&str; 6] = [
    kind::IDENTITY_SUBMIT,
    kind::DOCUMENT_ATTACH,
    kind::DECLARATIONS_SUBMIT,
    kind::TEST_ANSWER,
    kind::TEST_SUBMIT,
    kind::WAVE_JOIN,
];

/// A person's registration: central's word, the rules that hold for it, and what the person did since.
pub(crate) struct Case {
    pub(crate) record: Option<RegistrationRecord>,
    pub(crate) scheme: Arc<Scheme>,
    pub(crate) matter: Matter,
}

impl Case {
    pub(crate) async fn read(store: &Store, person: Uuid) -> Answer<Self> {
        let matter =
            if person == NOBODY { Matter::default() } else { store.matter(person, "registration", &KINDS).await? };
        // A record of a newer central that cannot be read is as good as none: nothing is claimed.
        let record = matter.records.first().and_then(|record| RegistrationRecord::deserialize(&record.data).ok());
        let programme = Programme::read(store).await?;
        let scheme = match &record {
            Some(record) => programme.scheme(&record.scheme),
            None => programme.present(),
        };
        Ok(Self { scheme: Arc::clone(scheme), record, matter })
    }

    pub(crate) fn facts(&self) -> Facts {
        self.record.as_ref().map(|record| record.facts).unwrap_or_default()
    }

    /// Revision of what central said; 0 before it said anything.
    pub(crate) fn rev(&self) -> i64 {
        self.matter.records.first().map_or(0, |record| record.rev)
    }

    /// The first open step, by what central said.
    pub(crate) fn state(&self) -> RegistrationState {
        self.record.as_ref().map_or_else(|| Facts::default().state(), |record| record.state)
    }

    /// Whether a step may be taken now: by what central knows, and by what is on its way there.
    pub(crate) fn allows(&self, step: Step) -> Result<(), StepRefusal> {
        self.facts().allows(step, self.scheme.test.must_pass)?;
        let done_once = matches!(step, Step::SubmitIdentity | Step::Declare | Step::SubmitTest);
        if done_once && command_of(step).is_some_and(|kind| self.under_way(kind).is_some()) {
            return Err(StepRefusal::UnderWay);
        }
        Ok(())
    }

    /// The newest command of a kind that is on its way, or whose effect the records do not show yet.
    pub(crate) fn under_way(&self, kind: &str) -> Option<&OutboxRow> {
        self.newest(kind).filter(|command| self.matter.is_live(command))
    }

    /// The newest command of a kind that has something to say.
    pub(crate) fn newest(&self, kind: &str) -> Option<&OutboxRow> {
        self.matter.commands.iter().rev().find(|command| command.kind == kind && stands(command))
    }

    /// As [`Case::allows`], for a use case.
    pub(crate) fn demand(&self, step: Step) -> Answer<()> {
        self.allows(step).map_err(|refusal| {
            tracing::info!(?step, ?refusal, "a step is not open");
            IpcError::new(ErrorCode::StepRefused)
        })
    }
}

/// The command that a step is, if it may wait for a network.
fn command_of(step: Step) -> Option<&'static str> {
    match step {
        Step::SubmitIdentity => Some(kind::IDENTITY_SUBMIT),
        Step::AttachPhoto => Some(kind::DOCUMENT_ATTACH),
        Step::Declare => Some(kind::DECLARATIONS_SUBMIT),
        Step::AnswerTest => Some(kind::TEST_ANSWER),
        Step::SubmitTest => Some(kind::TEST_SUBMIT),
        Step::JoinWave => Some(kind::WAVE_JOIN),
        Step::StartFaceCheck | Step::SendPhoneCode | Step::ConfirmPhoneCode | Step::StartTest => None,
    }
}

/// Central asks the registry only about a person whose data is complete.
fn incomplete(wrong: Vec<FieldError>) -> IpcError {
    IpcError { fields: wrong, ..IpcError::new(ErrorCode::ProfileIncomplete) }
}

impl App {
    /// Everything about the registration.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn get_registration(&self) -> Answer<RegistrationView> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        let case = Case::read(&opened.store, person).await?;
        let standing = opened.exchange().standing();
        let waits = |command: &&OutboxRow| case.matter.is_live(command) || is_open_refusal(command);
        let steps = Step::ALL.map(|step| StepView {
            step,
            refused: case.allows(step).err(),
            delivery: command_of(step)
                .and_then(|kind| case.newest(kind))
                .filter(waits)
                .map(|command| standing.delivery(command)),
            consents: consents::asked_before(&case.scheme, step),
        });
        let blocked = case.record.as_ref().and_then(|record| record.blocked.as_ref()).map(blocked);
        let appeal = self.appeal(&opened, person, blocked.as_ref().map(|blocked| blocked.at)).await?;
        let heard_at = if person == NOBODY { None } else { opened.store.feed(person).await?.map(|feed| feed.as_of) };
        let state = case.state();
        // Central's time, told by this computer's clock: that is what the window counts down by.
        let now = self.best_now(&opened.store, &opened.exchange()).await;
        let ahead = now - self.inner.config.clock.now_ms();
        let record = case.record;
        let identity = record.as_ref().and_then(|record| record.identity.clone());
        let face = record.as_ref().and_then(|record| record.face.clone());
        let phone = record.as_ref().and_then(|record| record.phone.clone());
        Ok(RegistrationView {
            case_number: record.as_ref().map(|record| record.case_number.clone()),
            scheme: case.scheme.version.clone(),
            family_max: case.scheme.identity.family_max,
            test_duration_s: case.scheme.test.duration_s,
            state,
            since: record.as_ref().map(|record| record.since),
            steps: steps.into(),
            identity: identity.map(|it| {
                let limits = &case.scheme.identity;
                let window_ms = i64::try_from(limits.lock_s).unwrap_or(i64::MAX / 1_000).saturating_mul(1_000);
                // Central tells nothing when a wait or a window of tries is over: the next try begins another.
                let is_over = it.locked_until.unwrap_or_else(|| it.at.saturating_add(window_ms)) <= now;
                IdentityView {
                    at: it.at,
                    differs: it.differs,
                    tries_left: if is_over { limits.max_tries } else { it.tries_left },
                    locked_until: it.locked_until.filter(|_| !is_over).map(|until| until.saturating_sub(ahead)),
                }
            }),
            face: face.map(|it| FaceView { at: it.at, tries_left: it.tries_left }),
            phone: phone.map(|it| PhoneView { ends_with: it.ends_with, verified_at: it.verified_at }),
            excluded: record.and_then(|record| record.declarations).map(|it| it.reasons).unwrap_or_default(),
            blocked,
            appeal,
            heard_at,
        })
    }

    /// Confirms the personal data as it is shown and asks the civil registry about it. It waits for a connection where
    /// there is none, behind the data that it is about; when central refuses that data, the registry is not asked.
    /// `consents` are the ids of those that were ticked for it.
    ///
    /// # Errors
    /// `validation` with every consent that is missing (`consent.<id>`), `sign_in_needed`, `profile_incomplete` with everything
    /// that is missing or wrong, `step_refused` also while the person has to decide about personal data that others
    /// changed, `rate_limited` while the registry's tries are used
    /// up.
    pub async fn submit_identity(&self, consents: Vec<String>) -> Answer<RegistrationView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let exchange = opened.exchange();
        let turn = self.inner.once.lock().await;
        let case = Case::read(&opened.store, person).await?;
        if case.under_way(kind::IDENTITY_SUBMIT).is_some() {
            return self.get_registration().await;
        }
        case.demand(Step::SubmitIdentity)?;
        let identity = case.record.as_ref().and_then(|record| record.identity.as_ref());
        let wait = identity.and_then(|identity| identity.locked_until).unwrap_or(i64::MIN);
        let wait = wait.saturating_sub(self.best_now(&opened.store, &exchange).await);
        if wait > 0 {
            return Err(IpcError::new(ErrorCode::RateLimited).with_retry_after_ms(u64::try_from(wait).ok()));
        }
        let personal = Personal::read(&opened.store, person).await?;
        let right = personal.whole(&self.rules(&opened.store, &exchange).await?).map_err(incomplete)?;
        let mut about: Vec<Uuid> =
            patches_on_their_way(&opened.store, person).await?.iter().map(|patch| patch.id).collect();
        let given_at = self.inner.config.clock.now_ms();
        let consents = consents::given(&case.scheme, ConsentMoment::Identity, &consents, given_at)?;
        match self.confirm(&opened, person, &personal, right).await? {
            Some(patch) if !about.contains(&patch) => about.push(patch),
            // What was refused is not what would be compared.
            None if personal.needs_decision() => return Err(IpcError::new(ErrorCode::StepRefused)),
            _ => {}
        }
        self.ask_registry(&opened, person, about, IdentitySubmit { consents }).await?;
        drop(turn);
        exchange.outbox_changed();
        self.told(&[Changed::Profile, Changed::Registration, Changed::Sync]).await?;
        self.get_registration().await
    }

    /// Puts the question to the registry on its way, behind the patches that it is about.
    pub(crate) async fn ask_registry(
        &self,
        opened: &Opened,
        person: Uuid,
        about: Vec<Uuid>,
        question: IdentitySubmit,
    ) -> Answer<()> {
        let command = opened.exchange().command(&Command::IdentitySubmit(question), "profile", None, None)?;
        let command = NewCommand { depends_on: about, ..command };
        opened.store.enqueue(person, &command, &DraftChange::none()).await?;
        Ok(())
    }

    /// A question to the registry that central has not answered, to be asked behind a correction of what it asks about: in
    /// front of it, it would only burn a try. What was agreed to for it holds for the next.
    pub(crate) async fn question_to_ask_again(
        &self,
        opened: &Opened,
        person: Uuid,
        about: Vec<Uuid>,
    ) -> Answer<Option<AskAgain>> {
        let voiding = opened.store.voiding(person).await?;
        let waiting = opened.store.waiting(person).await?;
        let is_question =
            |row: &&OutboxRow| row.kind == kind::IDENTITY_SUBMIT && voiding.iter().all(|(_, target)| *target != row.id);
        let Some(asked) = waiting.iter().find(is_question) else { return Ok(None) };
        let exchange = opened.exchange();
        let void = Command::Void(CommandVoid { target: asked.id });
        // One that cannot be read is taken back all the same; then the person asks anew.
        let question = IdentitySubmit::deserialize(&asked.payload).ok();
        let question =
            question.map(|it| exchange.command(&Command::IdentitySubmit(it), "profile", None, None)).transpose()?;
        Ok(Some(AskAgain {
            asked: asked.id,
            void: exchange.command(&void, &asked.lane, None, asked.label.clone())?,
            question: question.map(|question| NewCommand { depends_on: about, ..question }),
        }))
    }

    /// Tells the window that these changed, and the frame with them.
    pub(crate) async fn told(&self, what: &[Changed]) -> Answer<()> {
        what.iter().for_each(|what| self.tell(*what));
        self.changed_state().await?;
        Ok(())
    }
}

fn blocked(status: &BlockedStatus) -> BlockedView {
    let reason = serde_json::to_value(status.reason).ok();
    let reason = reason.as_ref().and_then(|word| word.as_str()).unwrap_or("other").to_owned();
    BlockedView { at: status.at, reason, note: status.note.clone() }
}
