//! An attempt as it is kept: times in the open, the seed of its paper sealed.

use prakerja_domain::wave::Counted;
use prakerja_questions::{Answers, PaperPlan, Score};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::db::Id;
use crate::state::Central;
use crate::sync::{Place, Records, SyncError};

/// One attempt.
pub(super) struct Attempt {
    pub(super) id: Uuid,
    pub(super) started_at: i64,
    pub(super) ends_at: i64,
    pub(super) closes_at: i64,
    pub(super) submitted_at: Option<i64>,
    pub(super) content: Content,
}

/// What of it is sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Content {
    /// From which the paper is drawn.
    pub(super) seed: [u8; 32],
    pub(super) plan: PaperPlan,
    /// The bank that it was drawn from.
    pub(super) fingerprint: String,
    pub(super) score: Option<Score>,
}

impl Attempt {
    /// The attempt of a person.
    pub(super) async fn load(records: &mut Records<'_>, person: Uuid) -> Result<Option<Self>, SyncError> {
        type Row = (Id, i64, i64, i64, Option<i64>, Vec<u8>);
        let row: Option<Row> = sqlx::query_as(
            "select id, started_at, ends_at, closes_at, submitted_at, content from test_attempt where person_id = $1",
        )
        .bind(Id(person))
        .fetch_optional(&mut *records.tx)
        .await?;
        let Some((id, started_at, ends_at, closes_at, submitted_at, sealed)) = row else { return Ok(None) };
        let content = records.open(place(person, id.0), &sealed)?;
        Ok(Some(Self { id: id.0, started_at, ends_at, closes_at, submitted_at, content }))
    }

    /// Until when an answer may arrive that was given in time: the end of the grace, or later after an outage of central.
    pub(super) fn takes_until(&self, central: &Central) -> i64 {
        self.closes_at.max(central.ability_test.late_until)
    }

    /// Keeps a new attempt.
    pub(super) async fn insert(&self, records: &mut Records<'_>, person: Uuid) -> Result<(), SyncError> {
        let sealed = records.seal(place(person, self.id), &self.content)?;
        sqlx::query(
            "insert into test_attempt (person_id, id, started_at, ends_at, closes_at, content)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(Id(person))
        .bind(Id(self.id))
        .bind(self.started_at)
        .bind(self.ends_at)
        .bind(self.closes_at)
        .bind(sealed)
        .execute(&mut *records.tx)
        .await?;
        Ok(())
    }

    /// Keeps the score.
    pub(super) async fn settle(
        &mut self,
        records: &mut Records<'_>,
        person: Uuid,
        score: Score,
    ) -> Result<(), SyncError> {
        self.content.score = Some(score);
        let sealed = records.seal(place(person, self.id), &self.content)?;
        sqlx::query(
            "update test_attempt set content = $1, evaluated_at = $2, submitted_at = coalesce(submitted_at, ends_at)
             where person_id = $3",
        )
        .bind(sealed)
        .bind(records.at)
        .bind(Id(person))
        .execute(&mut *records.tx)
        .await?;
        Ok(())
    }

    /// Answers that are here.
    pub(super) async fn answers(&self, records: &mut Records<'_>, person: Uuid) -> Result<Answers, SyncError> {
        let rows: Vec<(String, Vec<u8>)> =
            sqlx::query_as("select item, choice from test_answer where person_id = $1 order by item")
                .bind(Id(person))
                .fetch_all(&mut *records.tx)
                .await?;
        let open = |(item, sealed): (String, Vec<u8>)| {
            let choice: String = records.open(answer_place(person, self.id), &sealed)?;
            Ok((item, choice))
        };
        Ok(Answers(rows.into_iter().map(open).collect::<Result<_, SyncError>>()?))
    }

    /// Keeps an answer; a later one to the same item replaces it.
    pub(super) async fn keep(
        &self,
        records: &mut Records<'_>,
        person: Uuid,
        (item, choice): (&str, &str),
        counted: Counted,
    ) -> Result<(), SyncError> {
        let sealed = records.seal(answer_place(person, self.id), &choice)?;
        sqlx::query(
            "insert into test_answer (person_id, item, choice, received_at, by_evidence) values ($1, $2, $3, $4, $5)
             on conflict (person_id, item) do update set choice = excluded.choice, received_at = excluded.received_at,
                by_evidence = excluded.by_evidence",
        )
        .bind(Id(person))
        .bind(item)
        .bind(sealed)
        .bind(records.at)
        .bind(i64::from(counted == Counted::ByEvidence))
        .execute(&mut *records.tx)
        .await?;
        Ok(())
    }
}

fn place(person: Uuid, attempt: Uuid) -> Place<'static> {
    Place { person, kind: "table/test_attempt", id: attempt }
}

fn answer_place(person: Uuid, attempt: Uuid) -> Place<'static> {
    Place { person, kind: "table/test_answer", id: attempt }
}
