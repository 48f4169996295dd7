//! Personal data: saved field by field as it is typed, checked step by step, confirmed as one command.

use std::collections::BTreeMap;

use prakerja_domain::eligibility::Reason;
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::profile::{self, Fields, MATCHED_FIELDS, ProfileField};
use prakerja_domain::registration::PhoneCheck;
use prakerja_protocol::sync::{Command, ProfilePatch};
use prakerja_store::{Draft, DraftChange, Enqueued, NOBODY, OutboxRow, Profile, Refusal, Store};
use uuid::Uuid;

use crate::applications::Applications;
use crate::clock::best_now;
use crate::delivery::{named_fields, stands};
use crate::error::Answer;
use crate::exchange::Exchange;
use crate::ipc::{Changed, FieldCheck, IpcError, ProfileConflict, ProfileView, Saved};
use crate::programme::Rules;
use crate::registration::Case;
use crate::{App, Opened};

/// Name of the form in the store.
pub(crate) const FORM: &str = "profile";
/// Longer than any field may be, so that too long a text is still kept while the person shortens it.
const DRAFT_CHARS: usize = 1_000;

/// Personal data of one person: what central has, what was confirmed, what was typed since.
pub(crate) struct Personal {
    confirmed: Profile,
    /// What was typed and not confirmed; under it what was confirmed and central refused, so that nothing has to be typed
    /// again.
    drafts: Fields,
    drafted_at: Option<i64>,
    /// The drafts as they were read.
    read: Vec<Draft>,
}

impl Personal {
    pub(crate) async fn read(store: &Store, person: Uuid) -> Answer<Self> {
        let mut confirmed = if person == NOBODY { Profile::default() } else { store.profile(person).await? };
        confirmed.command = confirmed.command.filter(stands);
        let read = store.drafts(person, FORM).await?;
        let drafted_at = read.iter().map(|draft| draft.saved_at).max();
        let value = |draft: &Draft| Some((ProfileField::by_name(&draft.field)?, draft.value.clone()));
        let mut drafts: Fields = confirmed.refusals.iter().flat_map(refused_values).collect();
        drafts.extend(read.iter().filter_map(value));
        Ok(Self { confirmed, drafts, drafted_at, read })
    }

    /// What the form shows: drafts over what was confirmed.
    fn typed(&self) -> Fields {
        let mut typed = self.confirmed.values.clone();
        typed.extend(self.drafts.iter().map(|(field, value)| (*field, value.clone())));
        typed.retain(|_, value| !value.is_empty());
        typed
    }

    /// What is filled in and right.
    fn right(&self, rules: &Rules) -> Fields {
        let typed = self.typed();
        typed.iter().filter_map(|(field, value)| Some((*field, field.parse(value, &rules.intake()).ok()?))).collect()
    }

    pub(crate) fn filled(&self, rules: &Rules) -> u32 {
        let right = self.right(rules);
        let needed = profile::needed(&self.typed());
        u32::try_from(needed.iter().filter(|field| right.contains_key(field)).count()).unwrap_or(u32::MAX)
    }

    /// True when everything was confirmed with check-your-answers.
    pub(crate) fn is_submitted(&self) -> bool {
        profile::needed(&self.confirmed.values).iter().all(|field| self.confirmed.values.contains_key(field))
    }

    /// How many fields there are to fill in.
    pub(crate) fn total(&self) -> u32 {
        u32::try_from(profile::needed(&self.typed()).len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn first_name(&self) -> Option<String> {
        let name =
            self.confirmed.values.get(&ProfileField::FullName).or_else(|| self.drafts.get(&ProfileField::FullName));
        name?.split_whitespace().next().map(str::to_owned)
    }

    /// Everything that is asked for, in normal form.
    ///
    /// # Errors
    /// What is missing or wrong.
    pub(crate) fn whole(&self, rules: &Rules) -> Result<Fields, Vec<FieldError>> {
        self.check(&profile::needed(&self.typed()), rules)
    }

    /// Some fields in normal form.
    ///
    /// # Errors
    /// What is missing, wrong or may not change any more, in the order of the form.
    fn check(&self, asked: &[ProfileField], rules: &Rules) -> Result<Fields, Vec<FieldError>> {
        let frozen = self.frozen(rules);
        let differs = |field: &ProfileField| {
            frozen.get(field).is_some_and(|matched| self.shown(*field, rules).as_ref() != Some(matched))
        };
        let mut wrong = Vec::new();
        let mut right = Fields::new();
        for field in asked {
            if differs(field) {
                wrong.push(FieldError::new(field.as_str(), FieldErrorCode::Frozen));
                continue;
            }
            match profile::check(&self.typed(), &[*field], &rules.intake()) {
                Ok(fields) => right.extend(fields),
                Err(errors) => wrong.extend(errors),
            }
        }
        if wrong.is_empty() { Ok(right) } else { Err(wrong) }
    }

    /// Fields that may not change any more, with what the civil registry was asked about: central refuses another value.
    fn frozen(&self, rules: &Rules) -> Fields {
        let is_matched = |(field, _): &(&ProfileField, &String)| rules.registered && MATCHED_FIELDS.contains(field);
        self.confirmed.base.iter().filter(is_matched).map(|(field, value)| (*field, value.clone())).collect()
    }

    /// Why the data as it is typed excludes its person, if it does.
    pub(crate) fn exclusion(&self, rules: &Rules) -> Option<Reason> {
        profile::exclusion(&self.right(rules))
    }

    /// A field as it was typed and not confirmed yet, in normal form or with what is wrong; `None` when nothing was typed.
    pub(crate) fn drafted(&self, field: ProfileField, rules: &Rules) -> Option<Result<String, FieldError>> {
        self.drafts.get(&field).map(|typed| field.parse(typed, &rules.intake()))
    }

    /// A field as the form shows it, in normal form where that is possible; `None` when it is empty.
    pub(crate) fn shown(&self, field: ProfileField, rules: &Rules) -> Option<String> {
        let typed = self.typed().remove(&field)?;
        Some(field.parse(&typed, &rules.intake()).unwrap_or(typed))
    }

    /// Others changed what the newest patch changes. (What central refused needs none: it is in the form, and is sent anew.)
    pub(crate) fn needs_decision(&self) -> bool {
        self.confirmed.command.as_ref().is_some_and(is_open_conflict)
    }

    /// Needed fields that the drafts change, with their new values; a value that cannot be read counts as it was typed.
    fn differences(&self, rules: &Rules) -> Fields {
        let needed = profile::needed(&self.typed());
        let changed = |(field, value): (&ProfileField, &String)| {
            let value = field.parse(value, &rules.intake()).unwrap_or_else(|_| value.clone());
            let before = self.confirmed.values.get(field).map_or("", String::as_str);
            (before != value).then_some((*field, value))
        };
        self.drafts.iter().filter(|(field, _)| needed.contains(field)).filter_map(changed).collect()
    }

    /// What central said of the values that it refused, as far as they still stand in the form.
    fn refused(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        for refusal in &self.confirmed.refusals {
            let values: Fields = refused_values(refusal).collect();
            wrong.extend(named_fields(&refusal.command).into_iter().filter(|error| {
                ProfileField::by_name(&error.field)
                    .and_then(|field| Some(values.get(&field)? == self.drafts.get(&field)?))
                    .unwrap_or(false)
            }));
        }
        wrong
    }

    /// The refused patches that the confirmation of some right values makes up for: whatever else they carried is not asked
    /// of this person.
    fn made_up_for(&self, right: &Fields) -> Vec<&Refusal> {
        let needed = profile::needed(&self.typed());
        let is_open = |field: &ProfileField| !right.contains_key(field) && needed.contains(field);
        self.confirmed.refusals.iter().filter(|refusal| !refusal.fields.keys().any(is_open)).collect()
    }

    fn conflict(&self) -> Option<ProfileConflict> {
        let command = self.confirmed.command.as_ref().filter(|command| is_open_conflict(command))?;
        let theirs = conflicting(command);
        let mine = patch(command)?.fields;
        let fields =
            theirs.into_iter().map(|(field, theirs)| (field, (mine.get(&field).cloned().flatten(), theirs))).collect();
        Some(ProfileConflict { command: command.id, fields })
    }
}

/// What a refused patch carried, as the form shows it: a field that was emptied is empty.
fn refused_values(refusal: &Refusal) -> impl Iterator<Item = (ProfileField, String)> {
    refusal.fields.iter().map(|(field, value)| (*field, value.clone().unwrap_or_default()))
}

/// True for a conflict that the person has not decided.
pub(crate) fn is_open_conflict(command: &OutboxRow) -> bool {
    command.status.as_deref() == Some("conflict") && command.acknowledged_at.is_none()
}

/// Patches that central has not answered and nobody takes back, oldest first.
pub(crate) async fn patches_on_their_way(store: &Store, person: Uuid) -> Answer<Vec<OutboxRow>> {
    let voiding = store.voiding(person).await?;
    let mut waiting = store.waiting(person).await?;
    waiting.retain(|row| {
        row.kind == prakerja_store::kind::PROFILE_PATCH && voiding.iter().all(|(_, target)| *target != row.id)
    });
    Ok(waiting)
}

/// Central's values of the fields in conflict.
pub(crate) fn conflicting(command: &OutboxRow) -> BTreeMap<ProfileField, Option<String>> {
    let current = command.current.as_ref().and_then(serde_json::Value::as_object);
    current
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((ProfileField::by_name(name)?, value.as_str().map(str::to_owned))))
        .collect()
}

/// A value of the form as a draft.
pub(crate) fn draft((field, value): (ProfileField, String), saved_at: i64) -> Draft {
    Draft { form: FORM.into(), field: field.as_str().into(), value, saved_at }
}

/// The content of a `profile.patch`.
pub(crate) fn patch(command: &OutboxRow) -> Option<ProfilePatch> {
    (command.kind == prakerja_store::kind::PROFILE_PATCH)
        .then(|| serde_json::from_value(command.payload.clone()).ok())
        .flatten()
}

impl App {
    /// Personal data as the form shows it.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn get_profile(&self) -> Answer<ProfileView> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        let personal = Personal::read(&opened.store, person).await?;
        let exchange = opened.exchange();
        let relied_on = Case::read(&opened.store, person).await?.facts().phone == Some(PhoneCheck::Verified)
            || Applications::read(&opened, person).await?.is_under_way();
        let phone_in_use = personal.confirmed.values.get(&ProfileField::Phone).filter(|_| relied_on).cloned();
        let rules = self.rules(&opened.store, &exchange).await?;
        let right = personal.right(&rules);
        let command = personal.confirmed.command.as_ref();
        Ok(ProfileView {
            values: personal.typed(),
            warnings: profile::warnings(&right),
            saved_at: personal.drafted_at.or(command.map(|command| command.created_at)),
            delivery: command.map(|command| exchange.standing().delivery(command)),
            has_changes: !personal.differences(&rules).is_empty(),
            refused: personal.refused(),
            frozen: personal.frozen(&rules),
            conflict: personal.conflict(),
            phone_in_use,
        })
    }

    /// Saves one field as it was typed. Wrong values are kept too: the person goes on later.
    ///
    /// # Errors
    /// `validation` for more than a thousand characters, `disk_full`.
    pub async fn save_profile_field(&self, field: ProfileField, value: String) -> Answer<Saved> {
        if value.chars().count() > DRAFT_CHARS {
            let error = FieldError::new(field.as_str(), FieldErrorCode::TooLong).with("max", DRAFT_CHARS);
            return Err(IpcError::validation(vec![error]));
        }
        let opened = self.opened()?;
        let saved_at = self.inner.config.clock.now_ms();
        opened.store.save_current_draft(FORM, field.as_str(), &value, saved_at).await?;
        Ok(Saved { saved_at })
    }

    /// Are these fields right, as far as this person is asked for them? Also gives what looks odd in all that is typed,
    /// and refreshes the frame's count.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn check_profile_fields(&self, fields: Vec<ProfileField>) -> Answer<FieldCheck> {
        let opened = self.opened()?;
        let personal = Personal::read(&opened.store, opened.person().await?).await?;
        let rules = self.rules(&opened.store, &opened.exchange()).await?;
        let typed = personal.typed();
        let asked: Vec<_> = profile::needed(&typed).into_iter().filter(|field| fields.contains(field)).collect();
        let errors = personal.check(&asked, &rules).err().unwrap_or_default();
        let warnings = profile::warnings(&personal.right(&rules));
        self.changed_state().await?;
        Ok(FieldCheck { errors, warnings })
    }

    /// Confirms the personal data: what differs from what was confirmed before goes to central as one command, stored
    /// together with the settled drafts.
    ///
    /// # Errors
    /// `validation` with every wrong field, `sign_in_needed` before there is an account.
    pub async fn submit_profile(&self) -> Answer<ProfileView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let turn = self.inner.once.lock().await;
        let personal = Personal::read(&opened.store, person).await?;
        let rules = self.rules(&opened.store, &opened.exchange()).await?;
        let right = personal.whole(&rules).map_err(IpcError::validation)?;
        self.confirm(&opened, person, &personal, right).await?;
        drop(turn);
        self.told(&[Changed::Profile, Changed::Sync]).await?;
        self.get_profile().await
    }

    /// Puts those of some right values that differ from what was confirmed on their way, as one command, stored together
    /// with the drafts that it settles. Gives the command; `None` when nothing differs. To be called in turn
    /// (`Inner::once`).
    pub(crate) async fn confirm(
        &self,
        opened: &Opened,
        person: Uuid,
        personal: &Personal,
        right: Fields,
    ) -> Answer<Option<Uuid>> {
        // Drafts of fields that are not asked for (a present address of somebody who lives where the card says) are
        // neither sent nor forgotten: the person may answer otherwise again.
        let is_settled =
            |draft: &&Draft| ProfileField::by_name(&draft.field).is_some_and(|field| right.contains_key(&field));
        let settled: Vec<Draft> = personal.read.iter().filter(is_settled).cloned().collect();
        let made_up_for = personal.made_up_for(&right);
        let unasked = made_up_for.iter().flat_map(|refusal| {
            let saved_at = refusal.command.created_at;
            refused_values(refusal).filter(|(field, _)| !right.contains_key(field)).map(move |it| draft(it, saved_at))
        });
        let save = unasked.filter(|it| personal.read.iter().all(|typed| typed.field != it.field)).collect();
        let settled = DraftChange { save, ..DraftChange::settle(&settled) };
        let noted: Vec<Uuid> = made_up_for.iter().map(|refusal| refusal.command.id).collect();
        let fields: BTreeMap<_, _> = right
            .into_iter()
            .filter(|(field, value)| personal.confirmed.values.get(field) != Some(value))
            .map(|(field, value)| (field, Some(value)))
            .collect();
        if fields.is_empty() {
            opened.store.change_drafts(person, &settled).await?;
            self.note(opened, person, &noted).await?;
            return Ok(None);
        }
        let exchange = opened.exchange();
        let is_asked_about = fields.keys().any(|field| MATCHED_FIELDS.contains(field));
        let again = if is_asked_about {
            let about = patches_on_their_way(&opened.store, person).await?.iter().map(|row| row.id).collect();
            self.question_to_ask_again(opened, person, about).await?
        } else {
            None
        };
        let patch = Command::ProfilePatch(ProfilePatch { fields });
        let command = exchange.command(&patch, "profile", personal.confirmed.base_rev, None)?;
        let enqueued = match &again {
            Some(again) => opened.store.correct(person, &command, &settled, again).await?,
            None => opened.store.enqueue(person, &command, &settled).await?,
        };
        // After it: a crash in between shows an old refusal once more and loses nothing.
        self.note(opened, person, &noted).await?;
        let patch = match enqueued {
            Enqueued::Merged { into } => into,
            _ => command.id,
        };
        exchange.outbox_changed();
        Ok(Some(patch))
    }

    /// The person made up for these refusals.
    async fn note(&self, opened: &Opened, person: Uuid, refusals: &[Uuid]) -> Answer<()> {
        for command in refusals {
            opened.store.acknowledge(person, *command, self.inner.config.clock.now_ms()).await?;
        }
        Ok(())
    }

    /// The best known time, Unix milliseconds.
    pub(crate) async fn best_now(&self, store: &Store, exchange: &Exchange) -> i64 {
        best_now(store, exchange.server_now_ms(), self.inner.config.clock.now_ms()).await
    }
}
