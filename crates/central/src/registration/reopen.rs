//! Takes back a final state that nobody else can undo: a wrong click in the declarations, a wrong answer of the registry, a
//! number that somebody else holds, a test that went wrong by the office's fault. The person begins that part anew and is
//! told why.
//!
//! Never for a participant: what the appointment rests on stays.

use prakerja_domain::registration::{DocumentState, IdentityMatch, StepRefusal};
use prakerja_protocol::application::NoticeKind;
use prakerja_protocol::problem::{Problem, ProblemCode};
use serde::Deserialize;
use uuid::Uuid;

use super::case::Case;
use super::{declarations, notice};
use crate::ability_test;
use crate::db::Id;
use crate::documents;
use crate::error::ApiResult;
use crate::face;
use crate::state::Central;
use crate::sync::{Records, SyncError};

/// What the office takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The match with the civil registry, and what was checked against it: the photo of the card and the face. The number is
    /// nobody's afterwards.
    Identity,
    /// The answers to the declarations; they are kept, and count no more.
    Declarations,
    /// The test with its answers.
    Test,
}

impl Part {
    /// The word in the audit log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Declarations => "declarations",
            Self::Test => "test",
        }
    }
}

/// Takes a part back. `reason` is shown to the person.
///
/// # Errors
/// `not-found`, `already-member` for a participant of any time, `step-refused` when there is nothing to take back or an
/// application is under way that rests on it, or any error of the database.
pub async fn reopen(central: &Central, person: Uuid, part: Part, reason: &str) -> ApiResult<()> {
    let mut change = super::operator::change_of(central, person).await?;
    let records = &mut change.records(person);
    if counted(records, person, "select count(*) from membership where person_id = $1").await? > 0 {
        return Err(Problem::new(ProblemCode::AlreadyMember, 409, "a participant, now or before").into());
    }
    let mut case = Case::load(records, person).await?;
    let facts = case.record.facts;
    let is_there = match part {
        Part::Identity => facts.identity.is_some(),
        Part::Declarations => facts.declarations.is_some(),
        Part::Test => facts.test.is_some(),
    };
    if !is_there {
        return Err(case.refusal(StepRefusal::TooEarly).into());
    }
    // Declarations that are open again keep the person off a list; the others would leave it with nothing behind it.
    let applied = "select count(*) from application where person_id = $1 and state = 'joined'";
    if part != Part::Declarations && counted(records, person, applied).await? > 0 {
        return Err(case.refusal(StepRefusal::UnderWay).into());
    }
    let told = match part {
        Part::Identity => {
            if facts.ktp_photo == Some(DocumentState::Accepted) {
                documents::take_back(records, person, reason).await?;
            }
            face::take_back(records, person).await?;
            case = Case::load(records, person).await?;
            sqlx::query("delete from identity_claim where person_id = $1")
                .bind(Id(person))
                .execute(&mut *records.tx)
                .await?;
            (case.record.facts.identity, case.record.identity) = (None, None);
            (case.record.facts.face, case.record.face) = (None, None);
            NoticeKind::IdentityReopened
        }
        Part::Declarations => {
            declarations::take_back(records, &mut case).await?;
            NoticeKind::DeclarationsReopened
        }
        Part::Test => {
            ability_test::take_back(records, &mut case).await?;
            NoticeKind::TestReopened
        }
    };
    // What the personal data says against the person is nobody's error.
    if case.record.facts.identity == Some(IdentityMatch::Matched) {
        let typed = records.profile(person).await?;
        declarations::follow(records, &mut case, &typed).await?;
    }
    case.save(records).await?;
    notice::tell(records, person, told, &[], Some(reason.to_owned())).await?;
    change.commit().await
}

async fn counted(records: &mut Records<'_>, person: Uuid, query: &'static str) -> Result<i64, SyncError> {
    Ok(sqlx::query_scalar(query).bind(Id(person)).fetch_one(&mut *records.tx).await?)
}
