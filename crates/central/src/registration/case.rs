//! A person's case: the facts of the registration, kept sealed, told to the person as the one `registration` record.

use std::sync::Arc;

use prakerja_domain::registration::{Facts, Step, StepRefusal};
use prakerja_domain::scheme::Scheme;
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::RegistrationRecord;
use rand::Rng as _;
use uuid::Uuid;

use crate::db::Id;
use crate::error::{ApiError, ApiResult};
use crate::state::Central;
use crate::sync::{Place, Records, SyncError};
use crate::word::word;

/// The record's kind in the feed.
const KIND: &str = "registration";
/// Letters of a case number: none that look like another.
const LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What is known of a person.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) person: Uuid,
    /// 0 before it was saved for the first time.
    rev: i64,
    pub(crate) record: RegistrationRecord,
}

impl Case {
    /// Reads the case of a person, or begins one.
    pub(crate) async fn load(records: &mut Records<'_>, person: Uuid) -> Result<Self, SyncError> {
        let row: Option<(i64, Vec<u8>)> = sqlx::query_as("select rev, content from registration where person_id = $1")
            .bind(Id(person))
            .fetch_optional(&mut *records.tx)
            .await?;
        if let Some((rev, sealed)) = row {
            return Ok(Self { person, rev, record: records.open(place(person), &sealed)? });
        }
        let facts = Facts::default();
        let record = RegistrationRecord {
            case_number: new_case_number(),
            scheme: records.central.schemes.present().version.clone(),
            state: facts.state(),
            facts,
            since: records.at,
            identity: None,
            face: None,
            phone: None,
            declarations: None,
            test: None,
            blocked: None,
        };
        Ok(Self { person, rev: 0, record })
    }

    /// Keeps the case and tells the person. The state follows from the facts. Returns the new revision and its sequence.
    pub(crate) async fn save(&mut self, records: &mut Records<'_>) -> Result<(i64, i64), SyncError> {
        let state = self.record.facts.state();
        if state != self.record.state {
            (self.record.state, self.record.since) = (state, records.at);
        }
        self.rev += 1;
        let sealed = records.seal(place(self.person), &self.record)?;
        sqlx::query(
            "insert into registration (person_id, case_number, rev, state, content) values ($1, $2, $3, $4, $5)
             on conflict (person_id) do update set rev = excluded.rev, state = excluded.state, content = excluded.content",
        )
        .bind(Id(self.person))
        .bind(&self.record.case_number)
        .bind(self.rev)
        .bind(word(state))
        .bind(sealed)
        .execute(&mut *records.tx)
        .await?;
        let seq = records.put(self.person, (KIND, self.person, self.rev), &self.record).await?;
        Ok((self.rev, seq))
    }

    /// Whether the person may take a step now, by the rules of the person's scheme.
    ///
    /// # Errors
    /// `step-refused` with `refusal` and `state`.
    #[expect(clippy::result_large_err, reason = "a refusal goes on as it is, into a result or an answer")]
    pub(crate) fn allows(&self, step: Step, scheme: &Scheme) -> Result<(), Problem> {
        self.record.facts.allows(step, scheme.test.must_pass).map_err(|refusal| self.refusal(refusal))
    }

    /// The scheme whose rules hold for the person.
    pub(crate) fn scheme(&self, central: &Central) -> Arc<Scheme> {
        in_force(central, &self.record.scheme)
    }

    /// `step-refused`.
    pub(crate) fn refusal(&self, refusal: StepRefusal) -> Problem {
        Problem::new(ProblemCode::StepRefused, 409, "not allowed now")
            .with_detail("refusal", word(refusal))
            .with_detail("state", word(self.record.facts.state()))
    }
}

/// `PRA-` and eight letters: about 6.5 * 10^11 numbers, and the database refuses a second same one.
fn new_case_number() -> String {
    let mut rng = rand::rngs::OsRng;
    let mut four = || -> String { (0..4).map(|_| char::from(LETTERS[rng.gen_range(0..LETTERS.len())])).collect() };
    format!("PRA-{}-{}", four(), four())
}

/// Number of the case of a person, for whoever reports trouble with it.
pub(crate) async fn number_of(tx: &mut sqlx::SqliteConnection, person: Uuid) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar("select case_number from registration where person_id = $1")
        .bind(Id(person))
        .fetch_optional(tx)
        .await
}

/// The scheme whose rules hold for a person, for whoever asks an outside party and holds no transaction meanwhile: a
/// case keeps its scheme, so it may be read before and apart from what is written later.
pub(crate) async fn scheme_of(central: &Central, person: Uuid) -> ApiResult<Arc<Scheme>> {
    let sealed: Option<Vec<u8>> = sqlx::query_scalar("select content from registration where person_id = $1")
        .bind(Id(person))
        .fetch_optional(central.db.read())
        .await?;
    let Some(sealed) = sealed else { return Ok(Arc::clone(central.schemes.present())) };
    let record: RegistrationRecord = central.sealer()?.open(place(person), &sealed).map_err(ApiError::internal)?;
    Ok(in_force(central, &record.scheme))
}

/// The scheme of a version; where the operator has none of it any more, the present one.
fn in_force(central: &Central, version: &str) -> Arc<Scheme> {
    Arc::clone(central.schemes.by_version(version).unwrap_or_else(|| central.schemes.present()))
}

/// Where a case is sealed, for whoever reads many.
pub(crate) fn place(person: Uuid) -> Place<'static> {
    Place { person, kind: "table/registration", id: person }
}
