//! The list behind the indicator: what waits, what was received, and what can be done about it.

use std::collections::{BTreeMap, BTreeSet};

use prakerja_protocol::application::WaveJoin;
use prakerja_protocol::sync::{Command, CommandVoid, ProfilePatch};
use prakerja_store::{Draft, DraftChange, NOBODY, OutboxRow, OutboxState, Withdrawn, kind};
use serde::Deserialize as _;
use uuid::Uuid;

use crate::declarations;
use crate::delivery::stands;
use crate::error::Answer;
use crate::ipc::{Changed, CommandRow, CommandWhat, ErrorCode, IpcError, SyncView};
use crate::profile::{FORM, conflicting, draft, is_open_conflict, patch};
use crate::{App, Opened};

/// Received things that are shown.
const RECEIVED: u32 = 50;

impl App {
    /// What waits or needs the person, and what was received.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn get_sync(&self) -> Answer<SyncView> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        let standing = opened.exchange().standing();
        let summary = self.summary(&opened.store, &standing).await?;
        if person == NOBODY {
            return Ok(SyncView { summary, waiting: Vec::new(), received: Vec::new() });
        }
        let voiding = opened.store.voiding(person).await?;
        let is_voided = |id: Uuid| voiding.iter().any(|(_, target)| *target == id);
        let row = |command: &OutboxRow| CommandRow {
            command: command.id,
            what: what(command),
            delivery: standing.delivery(command),
            cancellable: is_cancellable(command) && !is_voided(command.id),
            attempts: command.attempts,
        };
        let mut waiting: Vec<CommandRow> = opened.store.refusals(person).await?.iter().map(row).collect();
        waiting.extend(opened.store.waiting(person).await?.iter().map(row));
        let finished = opened.store.finished(person, RECEIVED).await?;
        let received = finished.iter().filter(|command| !is_refusal(command) && stands(command)).map(row).collect();
        Ok(SyncView { summary, waiting, received })
    }

    /// Exchanges everything now, as far as central has not asked to wait; also what central refused before as it was.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn sync_now(&self) -> Answer<SyncView> {
        let opened = self.opened()?;
        if let Some(account) = opened.store.current_account().await? {
            opened.store.release(account.id, None).await?;
            opened.exchange().outbox_changed();
        }
        opened.exchange().sync_now();
        self.get_sync().await
    }

    /// Takes a command back: at once when it never left this computer, by asking central when it may be there. Of a
    /// refused one it takes note, so that it leaves the list. Personal data becomes a draft again.
    ///
    /// # Errors
    /// `not_found`, `not_cancellable` for something that central has carried out.
    pub async fn cancel_command(&self, command: Uuid) -> Answer<SyncView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let found = opened.store.command(person, command).await?;
        let found = found.ok_or_else(|| IpcError::new(ErrorCode::NotFound))?;
        if is_open_refusal(&found) {
            self.keep_as_draft(&opened, person, &found).await?;
            opened.store.acknowledge(person, command, self.inner.config.clock.now_ms()).await?;
        } else {
            if !is_cancellable(&found) {
                return Err(IpcError::new(ErrorCode::NotCancellable));
            }
            self.keep_as_draft(&opened, person, &found).await?;
            self.withdraw(&opened, person, &found).await?;
            opened.exchange().outbox_changed();
        }
        self.all_changed().await?;
        self.get_sync().await
    }

    /// Takes a command back that central has not answered: off the list when it was never sent, else by a void.
    ///
    /// # Errors
    /// `not_cancellable` when central answered it meanwhile, `not_found`.
    pub(crate) async fn withdraw(&self, opened: &Opened, person: Uuid, command: &OutboxRow) -> Answer<()> {
        match opened.store.withdraw(person, command.id).await? {
            // What it announced is not sent either.
            Withdrawn::Removed { .. } => opened.store.settle_uploads(person).await?,
            Withdrawn::Sent => {
                let void = Command::Void(CommandVoid { target: command.id });
                let void = opened.exchange().command(&void, &command.lane, None, command.label.clone())?;
                opened.store.enqueue(person, &void, &DraftChange::none()).await?;
            }
            Withdrawn::Done => return Err(IpcError::new(ErrorCode::NotCancellable)),
            Withdrawn::Unknown => return Err(IpcError::new(ErrorCode::NotFound)),
        }
        Ok(())
    }

    /// Decides a conflict. With `keep_mine` the person's values go to central again, on top of what it has now; without,
    /// only those that did not clash.
    ///
    /// # Errors
    /// `not_found` when there is no such conflict (any more).
    pub async fn resolve_conflict(&self, command: Uuid, keep_mine: bool) -> Answer<SyncView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let found = opened.store.command(person, command).await?;
        let (found, mine) = found
            .filter(is_open_conflict)
            .and_then(|found| patch(&found).map(|mine| (found, mine.fields)))
            .ok_or_else(|| IpcError::new(ErrorCode::NotFound))?;
        let theirs = conflicting(&found);
        // The answer may know a newer revision than the record here: on top of that one the person decides.
        let record_rev = opened.store.profile(person).await?.base_rev;
        let base_rev = record_rev.max(opened.store.answered_rev(person, command).await?);
        let newer = said_later(&opened, person, &found).await?;
        let fields: BTreeMap<_, _> = mine
            .into_iter()
            .filter(|(field, _)| keep_mine || !theirs.contains_key(field))
            .filter(|(field, _)| !newer.contains(&(FORM.to_owned(), field.as_str().to_owned())))
            .collect();
        if !fields.is_empty() {
            let again = Command::ProfilePatch(ProfilePatch { fields });
            let again = opened.exchange().command(&again, "profile", base_rev, None)?;
            // Before the conflict is settled: a crash in between asks once more and loses nothing.
            opened.store.enqueue(person, &again, &DraftChange::none()).await?;
        }
        opened.store.acknowledge(person, command, self.inner.config.clock.now_ms()).await?;
        opened.exchange().outbox_changed();
        self.all_changed().await?;
        self.get_sync().await
    }

    /// What the person typed stays when its command goes, unless something newer was typed or confirmed since.
    async fn keep_as_draft(&self, opened: &Opened, person: Uuid, command: &OutboxRow) -> Answer<()> {
        let mut newer = said_later(opened, person, command).await?;
        for form in [FORM, declarations::FORM] {
            newer.extend(opened.store.drafts(person, form).await?.into_iter().map(|draft| (draft.form, draft.field)));
        }
        let save: Vec<_> = drafts_of(command)
            .into_iter()
            .filter(|draft| !newer.contains(&(draft.form.clone(), draft.field.clone())))
            .collect();
        if save.is_empty() {
            return Ok(());
        }
        Ok(opened.store.change_drafts(person, &DraftChange { save, ..DraftChange::default() }).await?)
    }

    async fn all_changed(&self) -> Answer<()> {
        self.told(&[
            Changed::Sync,
            Changed::Activities,
            Changed::Profile,
            Changed::Registration,
            Changed::Photo,
            Changed::Waves,
        ])
        .await
    }
}

/// What a command carried of what was typed, as drafts again.
fn drafts_of(command: &OutboxRow) -> Vec<Draft> {
    let typed = patch(command).map(|patch| patch.fields).unwrap_or_default();
    let typed = typed.into_iter().map(|(field, value)| draft((field, value.unwrap_or_default()), command.created_at));
    typed.chain(declarations::drafts_of(command)).collect()
}

/// Form and field of everything that the person said again after a command: those of its values are old.
async fn said_later(opened: &Opened, person: Uuid, command: &OutboxRow) -> Answer<BTreeSet<(String, String)>> {
    let said = opened.store.matter(person, "profile", &[kind::PROFILE_PATCH, kind::DECLARATIONS_SUBMIT]).await?;
    let later = said.commands.iter().filter(|it| it.position > command.position);
    Ok(later.flat_map(drafts_of).map(|draft| (draft.form, draft.field)).collect())
}

fn what(command: &OutboxRow) -> CommandWhat {
    let title = || command.label.clone().unwrap_or_default();
    match command.kind.as_str() {
        kind::PROFILE_PATCH => {
            let fields = patch(command).map_or(0, |patch| patch.fields.len());
            CommandWhat::Profile { fields: u32::try_from(fields).unwrap_or(u32::MAX) }
        }
        kind::ENROLMENT_REQUEST => CommandWhat::Enrol { title: title() },
        kind::ENROLMENT_CANCEL => CommandWhat::CancelEnrolment { title: title() },
        kind::IDENTITY_SUBMIT => CommandWhat::Identity,
        kind::DOCUMENT_ATTACH => CommandWhat::Photo,
        kind::DECLARATIONS_SUBMIT => CommandWhat::Declarations,
        kind::TEST_ANSWER | kind::TEST_SUBMIT => CommandWhat::Test,
        kind::WAVE_JOIN => match WaveJoin::deserialize(&command.payload) {
            Ok(join) => CommandWhat::Join { wave: join.wave },
            Err(_) => CommandWhat::Other,
        },
        kind::APPEAL_SUBMIT => CommandWhat::Appeal,
        kind::VOID => CommandWhat::Void,
        _ => CommandWhat::Other,
    }
}

/// A refusal or conflict, decided or not.
pub(crate) fn is_refusal(command: &OutboxRow) -> bool {
    matches!(command.status.as_deref(), Some("rejected" | "conflict"))
}

/// A refusal or conflict that the person has not taken note of.
pub(crate) fn is_open_refusal(command: &OutboxRow) -> bool {
    is_refusal(command) && command.acknowledged_at.is_none()
}

/// True for what may be taken back, and for a refusal that may leave the list.
pub(crate) fn is_cancellable(command: &OutboxRow) -> bool {
    let on_its_way = matches!(command.state, OutboxState::Sending | OutboxState::Done);
    // Nobody takes an answer of the test back, nor the end of it.
    let for_ever = [kind::VOID, kind::TEST_ANSWER, kind::TEST_SUBMIT].contains(&command.kind.as_str());
    (!for_ever && !on_its_way) || (is_open_refusal(command) && !is_open_conflict(command))
}
