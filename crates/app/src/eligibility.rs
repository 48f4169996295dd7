//! May I take part? Answered here, without a network and before there is an account, by the rules of the present scheme,
//! or of the one under which the registration began.
//! The answers are drafts: they become this person's with the account, and nothing of them is ever sent.

use jiff::civil::Date;
use prakerja_domain::birth_date;
use prakerja_domain::eligibility::{self, Answer as Said, SelfReport};
use prakerja_domain::field::{FieldError, FieldErrorCode};
use prakerja_domain::scheme::Scheme;
use prakerja_store::{Draft, DraftChange};
use serde::Deserialize as _;
use serde_json::{Map, Value};

use crate::error::Answer;
use crate::ipc::IpcError;
use crate::ipc::registration::{EligibilityForm, EligibilityView};
use crate::programme::Rules;
use crate::{App, Opened};

/// Name of the form in the store; a field is a question, its value the answer as JSON.
const FORM: &str = "eligibility";
/// Longer than any birth date that a person types.
const DATE_CHARS: usize = 40;

impl App {
    /// What was answered last, and what it comes to today.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn get_eligibility(&self) -> Answer<EligibilityView> {
        let opened = self.opened()?;
        let rules = self.rules(&opened.store, &opened.exchange()).await?;
        let drafts = opened.store.drafts(opened.person().await?, FORM).await?;
        let answers = form(&drafts);
        let report = report(&answers, &rules.scheme, rules.today).ok();
        let checked_at = drafts.iter().map(|draft| draft.saved_at).max().filter(|_| report.is_some());
        let limits = &rules.scheme.eligibility;
        Ok(EligibilityView {
            scheme: rules.scheme.version.clone(),
            asks_other_aid: !limits.other_aid_allowed,
            min_age: limits.min_age,
            max_age: limits.max_age,
            family_max: rules.scheme.identity.family_max,
            result: report.map(|report| eligibility::check(&report, limits, rules.today)),
            answers,
            checked_at,
        })
    }

    /// Keeps the answers, also unfinished ones, and says what they come to.
    ///
    /// # Errors
    /// `validation` with every question that is open or wrong; the answers are kept all the same.
    pub async fn check_eligibility(&self, answers: EligibilityForm) -> Answer<EligibilityView> {
        let opened = self.opened()?;
        if answers.birth_date.as_ref().is_some_and(|typed| typed.chars().count() > DATE_CHARS) {
            let error = FieldError::new("birth_date", FieldErrorCode::TooLong).with("max", DATE_CHARS);
            return Err(IpcError::validation(vec![error]));
        }
        self.keep_answers(&opened, &answers).await?;
        let Rules { today, scheme, .. } = self.rules(&opened.store, &opened.exchange()).await?;
        report(&answers, &scheme, today).map_err(IpcError::validation)?;
        self.get_eligibility().await
    }

    async fn keep_answers(&self, opened: &Opened, answers: &EligibilityForm) -> Answer<()> {
        let json = serde_json::to_value(answers).map_err(|error| IpcError::defect("eligibility", &error))?;
        let saved_at = self.inner.config.clock.now_ms();
        let save = json.as_object().into_iter().flatten().filter(|(_, answer)| !answer.is_null());
        let save = save.map(|(question, answer)| Draft {
            form: FORM.into(),
            field: question.clone(),
            value: answer.to_string(),
            saved_at,
        });
        let change = DraftChange { save: save.collect(), ..DraftChange::clear(FORM) };
        Ok(opened.store.change_drafts(opened.person().await?, &change).await?)
    }
}

/// The answers as they were kept. One that this version does not know any more is open again.
fn form(drafts: &[Draft]) -> EligibilityForm {
    let known = |draft: &&Draft| -> bool {
        let answer = serde_json::from_str::<Value>(&draft.value).unwrap_or_default();
        EligibilityForm::deserialize(&Value::from(Map::from_iter([(draft.field.clone(), answer)]))).is_ok()
    };
    let answers = drafts.iter().filter(known);
    let answers: Map<_, _> =
        answers.map(|it| (it.field.clone(), serde_json::from_str(&it.value).unwrap_or_default())).collect();
    EligibilityForm::deserialize(&Value::from(answers)).unwrap_or_default()
}

/// The whole report, or every question that is open or wrong, in their order.
fn report(form: &EligibilityForm, scheme: &Scheme, today: Date) -> Result<SelfReport, Vec<FieldError>> {
    let mut wrong = Vec::new();
    let mut open = |question: &str| wrong.push(FieldError::new(question, FieldErrorCode::Required));
    let mut said = |question: &str, answer: Option<Said>| {
        if answer.is_none() {
            open(question);
        }
        answer.unwrap_or(Said::Unsure)
    };
    let citizen = said("citizen", form.citizen);
    let in_formal_education = said("in_formal_education", form.in_formal_education);
    let receives_other_aid = if scheme.eligibility.other_aid_allowed {
        form.receives_other_aid.unwrap_or(Said::No)
    } else {
        said("receives_other_aid", form.receives_other_aid)
    };
    let was_recipient = said("was_recipient", form.was_recipient);
    let family_card_full = said("family_card_full", form.family_card_full);
    if form.employment.is_none() {
        open("employment");
    }
    if form.position.is_none() {
        open("position");
    }
    let birth_date = birth_date::parse(form.birth_date.as_deref().unwrap_or_default()).and_then(|date| {
        let future = FieldError::new("birth_date", FieldErrorCode::InFuture);
        if date > today { Err(future) } else { Ok(date) }
    });
    match (birth_date, form.employment, form.position) {
        (Ok(birth_date), Some(employment), Some(position)) if wrong.is_empty() => Ok(SelfReport {
            citizen,
            birth_date,
            in_formal_education,
            employment,
            position,
            receives_other_aid,
            was_recipient,
            family_card_full,
        }),
        (birth_date, _, _) => {
            wrong.extend(birth_date.err());
            Err(wrong)
        }
    }
}
