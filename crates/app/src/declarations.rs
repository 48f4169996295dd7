//! Declarations and consents: answered one by one, unticked at first, kept as drafts, sent as one command.
//!
//! An answer belongs to the words that were read, so the version of the words is part of a draft's name: where the words
//! change, the question is open again.

use std::collections::BTreeMap;

use prakerja_domain::declaration::{self, Declaration, DeclarationAnswer};
use prakerja_domain::eligibility::Reason;
use prakerja_domain::registration::Step;
use prakerja_domain::scheme::{Consent, ConsentMoment, Scheme};
use prakerja_protocol::registration::{ConsentGiven, DeclarationsSubmit};
use prakerja_protocol::sync::Command;
use prakerja_store::{Draft, DraftChange, OutboxRow, kind};
use serde::Deserialize as _;
use uuid::Uuid;

use crate::error::Answer;
use crate::ipc::registration::{ConsentRow, DeclarationRow, DeclarationsView};
use crate::ipc::{Changed, ErrorCode, IpcError};
use crate::profile::Personal;
use crate::registration::Case;
use crate::sync_view::is_open_refusal;
use crate::{App, Opened};

/// Name of the form in the store.
pub(crate) const FORM: &str = "declarations";

/// What the person said so far: what was sent, and the drafts over it.
struct Sheet {
    case: Case,
    drafts: Vec<Draft>,
    said: BTreeMap<String, (bool, i64)>,
}

impl Sheet {
    async fn read(opened: &Opened, person: Uuid) -> Answer<Self> {
        let case = Case::read(&opened.store, person).await?;
        let drafts = opened.store.drafts(person, FORM).await?;
        let sent = sent(&case).and_then(payload);
        let mut said = sent.map(|sent| in_drafts(&sent)).unwrap_or_default();
        said.extend(drafts.iter().map(|draft| (draft.field.clone(), (draft.value == "yes", draft.saved_at))));
        Ok(Self { case, drafts, said })
    }

    fn scheme(&self) -> &Scheme {
        &self.case.scheme
    }

    fn answers(&self) -> Vec<DeclarationAnswer> {
        let answer = |question: &Declaration| {
            let (answer, answered_at) = *self.said.get(&question_field(question))?;
            let (id, version) = (question.id.clone(), question.version.clone());
            Some(DeclarationAnswer { id, version, answer, answered_at })
        };
        self.scheme().declarations.iter().filter_map(answer).collect()
    }

    fn consents(&self) -> Vec<ConsentGiven> {
        let given = |consent: &Consent| {
            let (_, given_at) = *self.said.get(&consent_field(consent)).filter(|(given, _)| *given)?;
            Some(ConsentGiven { id: consent.id.clone(), version: consent.version.clone(), given_at })
        };
        asked_now(self.scheme()).filter_map(given).collect()
    }
}

impl App {
    /// The declarations with the answers so far.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn get_declarations(&self) -> Answer<DeclarationsView> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        let sheet = Sheet::read(&opened, person).await?;
        let answers = sheet.answers();
        let answer = |id: &str| answers.iter().find(|answer| answer.id == id).map(|answer| answer.answer);
        let row = |question: &Declaration| DeclarationRow {
            id: question.id.clone(),
            text: question.text.clone(),
            answer: answer(&question.id),
            excludes: question.excluded.zip(question.reason),
        };
        let questions: Vec<_> = sheet.scheme().declarations.iter().map(row).collect();
        let by_answer = questions.iter().filter_map(|row| {
            let (excluded, reason) = row.excludes?;
            (row.answer == Some(excluded)).then_some(reason)
        });
        let mut would_exclude: Vec<Reason> = by_answer.collect();
        // Central judges the personal data together with the answers.
        let rules = self.rules(&opened.store, &opened.exchange()).await?;
        let by_data = Personal::read(&opened.store, person).await?.exclusion(&rules);
        would_exclude.extend(by_data.filter(|reason| !would_exclude.contains(reason)));
        let given = sheet.consents();
        let consent = |consent: &Consent| ConsentRow {
            id: consent.id.clone(),
            text: consent.text.clone(),
            given: given.iter().any(|given| given.id == consent.id),
        };
        let sent = sent(&sheet.case);
        Ok(DeclarationsView {
            would_exclude,
            questions,
            consents: asked_now(sheet.scheme()).map(consent).collect(),
            delivery: sent.map(|command| opened.exchange().standing().delivery(command)),
            open: sheet.case.allows(Step::Declare).is_ok(),
            saved_at: sheet.drafts.iter().map(|draft| draft.saved_at).max(),
        })
    }

    /// Keeps one answer.
    ///
    /// # Errors
    /// `not_found` for no question of the scheme, `step_refused` once they were sent.
    pub async fn save_declaration(&self, id: &str, answer: bool) -> Answer<DeclarationsView> {
        let find = |scheme: &Scheme| scheme.declarations.iter().find(|it| it.id == id).map(question_field);
        self.save(find, answer).await
    }

    /// Ticks or unticks one consent.
    ///
    /// # Errors
    /// As [`App::save_declaration`].
    pub async fn save_consent(&self, id: &str, given: bool) -> Answer<DeclarationsView> {
        let find = |scheme: &Scheme| asked_now(scheme).find(|it| it.id == id).map(consent_field);
        self.save(find, given).await
    }

    async fn save(&self, find: impl Fn(&Scheme) -> Option<String>, yes: bool) -> Answer<DeclarationsView> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        let case = Case::read(&opened.store, person).await?;
        case.demand(Step::Declare)?;
        let field = find(&case.scheme).ok_or_else(|| IpcError::new(ErrorCode::NotFound))?;
        let value = if yes { "yes" } else { "no" };
        opened.store.save_draft(person, FORM, &field, value, self.inner.config.clock.now_ms()).await?;
        self.get_declarations().await
    }

    /// Sends answers and consents as one command, stored together with the settled drafts. It waits for a connection
    /// where there is none.
    ///
    /// # Errors
    /// `validation` with every open question (`declaration.<id>`) and consent (`consent.<id>`), `sign_in_needed`,
    /// `step_refused`.
    pub async fn submit_declarations(&self) -> Answer<DeclarationsView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let turn = self.inner.once.lock().await;
        let sheet = Sheet::read(&opened, person).await?;
        if sheet.case.under_way(kind::DECLARATIONS_SUBMIT).is_some() {
            return self.get_declarations().await;
        }
        sheet.case.demand(Step::Declare)?;
        let (answers, consents) = (sheet.answers(), sheet.consents());
        let given = consents.iter().map(|given| (given.id.clone(), given.version.clone())).collect();
        declaration::check(sheet.scheme(), &answers, &given).map_err(IpcError::validation)?;
        let scheme = sheet.scheme().version.clone();
        let submit = Command::DeclarationsSubmit(DeclarationsSubmit { scheme, answers, consents });
        let command = opened.exchange().command(&submit, "declarations", None, None)?;
        opened.store.enqueue(person, &command, &DraftChange::settle(&sheet.drafts)).await?;
        drop(turn);
        opened.exchange().outbox_changed();
        self.told(&[Changed::Registration, Changed::Sync]).await?;
        self.get_declarations().await
    }
}

/// What was sent and still counts: not what central had and the office took back.
fn sent(case: &Case) -> Option<&OutboxRow> {
    let counts = |command: &&OutboxRow| {
        case.facts().declarations.is_some() || case.matter.is_live(command) || is_open_refusal(command)
    };
    case.newest(kind::DECLARATIONS_SUBMIT).filter(counts)
}

/// The consents that belong to the declarations.
fn asked_now(scheme: &Scheme) -> impl Iterator<Item = &Consent> {
    scheme.consents.iter().filter(|consent| consent.at == ConsentMoment::Declarations)
}

fn question_field(question: &Declaration) -> String {
    format!("declaration.{}@{}", question.id, question.version)
}

fn consent_field(consent: &Consent) -> String {
    format!("consent.{}@{}", consent.id, consent.version)
}

fn payload(command: &OutboxRow) -> Option<DeclarationsSubmit> {
    DeclarationsSubmit::deserialize(&command.payload).ok()
}

/// What a command says, by the names of drafts.
fn in_drafts(sent: &DeclarationsSubmit) -> BTreeMap<String, (bool, i64)> {
    let answers = sent.answers.iter();
    let answers = answers.map(|it| (format!("declaration.{}@{}", it.id, it.version), (it.answer, it.answered_at)));
    let consents = sent.consents.iter();
    let consents = consents.map(|it| (format!("consent.{}@{}", it.id, it.version), (true, it.given_at)));
    answers.chain(consents).collect()
}

/// What was sent, as drafts again: the command goes and the answers stay.
pub(crate) fn drafts_of(command: &OutboxRow) -> Vec<Draft> {
    let sent = (command.kind == kind::DECLARATIONS_SUBMIT).then(|| payload(command)).flatten();
    let said = sent.map(|sent| in_drafts(&sent)).unwrap_or_default();
    let draft = |(field, (yes, saved_at)): (String, (bool, i64))| Draft {
        form: FORM.into(),
        field,
        value: if yes { "yes" } else { "no" }.into(),
        saved_at,
    };
    said.into_iter().map(draft).collect()
}
