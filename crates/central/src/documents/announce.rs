//! `document.attach`: announces a sealed document whose bytes are uploaded beside. The command is tiny, so that it arrives
//! over any link; it commits to digest and size of what will come.

use prakerja_domain::registration::{DocumentRefusal, Step};
use prakerja_protocol::problem::{Problem, ProblemCode};
use prakerja_protocol::registration::{DocumentAttach, DocumentSource};
use prakerja_protocol::upload::MAX_BYTES;
use uuid::Uuid;

use super::record::{Announced, Document, Verdict};
use crate::clock;
use crate::db::Id;
use crate::registration::case::Case;
use crate::sync::{Records, SyncError};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Carries the command out. A new announcement takes the place of one whose bytes never came.
///
/// # Errors
/// The inner error is the refusal for the person: `step-refused`, `rate-limited`, `too-large`, `malformed`.
pub(crate) async fn attach(
    records: &mut Records<'_>,
    person: Uuid,
    payload: &DocumentAttach,
) -> Result<Result<(i64, i64), Problem>, SyncError> {
    let refused = |code, status, title: &str| Ok(Err(Problem::new(code, status, title)));
    let Some(bytes) = i64::try_from(payload.bytes).ok().filter(|bytes| *bytes > 0 && payload.bytes <= MAX_BYTES) else {
        return refused(ProblemCode::TooLarge, 413, "the document has no size that is accepted");
    };
    let Some(sha256) = hex::decode(&payload.sha256).ok().filter(|digest| digest.len() == 32) else {
        return refused(ProblemCode::Malformed, 400, "sha256 is no digest");
    };
    if used(records, person, payload).await? {
        return refused(ProblemCode::Malformed, 400, "the document's or upload's id was used before");
    }
    let case = Case::load(records, person).await?;
    if let Err(refusal) = case.allows(Step::AttachPhoto, &case.scheme(records.central)) {
        return Ok(Err(refusal));
    }
    if let Some(wait) = wait(records, person).await? {
        let problem = Problem::new(ProblemCode::RateLimited, 429, "too many documents within a day");
        return Ok(Err(problem.with_retry_after_ms(wait)));
    }
    Document::supersede(records, person, payload.kind).await?;
    let known = records.central.secrets.opening_key(&payload.key).is_some();
    let announced = Announced { upload: payload.upload, sha256, bytes, key: payload.key.clone() };
    let mut document = Document::new(person, payload.document, DocumentSource::Desktop, Some(announced), records.at);
    // Nobody could open it: the person is told before the bytes travel.
    let verdict = if known { Verdict::Awaited } else { Verdict::Rejected(DocumentRefusal::KeyGone, None) };
    Ok(Ok(document.conclude(records, verdict).await?))
}

/// How long another document has to wait, in milliseconds: until the first of as many as a day may have is a day old. An
/// announcement whose place another one took is not counted: its bytes never came.
async fn wait(records: &mut Records<'_>, person: Uuid) -> Result<Option<u64>, SyncError> {
    let most = i64::from(records.central.config.documents.attach_per_day);
    if most == 0 {
        return Ok(Some(DAY_MS.unsigned_abs()));
    }
    let first: Option<(i64,)> = sqlx::query_as(
        "select at from document where person_id = $1 and upload_id is not null and at > $2
         order by at desc limit 1 offset $3",
    )
    .bind(Id(person))
    .bind(records.at - DAY_MS)
    .bind(most - 1)
    .fetch_optional(&mut *records.tx)
    .await?;
    Ok(first.map(|(at,)| clock::wait(at + DAY_MS, records.at)))
}

async fn used(records: &mut Records<'_>, person: Uuid, payload: &DocumentAttach) -> Result<bool, SyncError> {
    let (found,): (i64,) =
        sqlx::query_as("select count(*) from document where person_id = $1 and (id = $2 or upload_id = $3)")
            .bind(Id(person))
            .bind(Id(payload.document))
            .bind(Id(payload.upload))
            .fetch_one(&mut *records.tx)
            .await?;
    Ok(found > 0)
}
