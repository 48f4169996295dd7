//! What a wave must know of a person besides the case: whom the blind indexes stand for, and where the person lives.

use prakerja_domain::profile;
use prakerja_domain::scheme::RegionBy;
use uuid::Uuid;

use crate::db::Id;
use crate::registration::recipients;
use crate::sync::{Records, SyncError};

/// A person as a wave sees one.
#[derive(Debug)]
pub(super) struct Applicant {
    pub(super) nik_index: Vec<u8>,
    pub(super) kk_index: Vec<u8>,
    /// Province that counts by the wave's scheme, two digits.
    pub(super) region: String,
}

/// Reads a person. `None` while the civil registry does not know the person, or the address is missing.
pub(super) async fn of(records: &mut Records<'_>, person: Uuid, by: RegionBy) -> Result<Option<Applicant>, SyncError> {
    let row: Option<(Vec<u8>, Vec<u8>)> =
        sqlx::query_as("select nik_index, kk_index from identity_claim where person_id = $1 and state = 'matched'")
            .bind(Id(person))
            .fetch_optional(&mut *records.tx)
            .await?;
    let Some((nik_index, kk_index)) = row else { return Ok(None) };
    let profile = records.profile(person).await?;
    let province = profile::region(&profile, by).and_then(|village| village.get(..2));
    Ok(province.map(|region| Applicant { nik_index, kk_index, region: region.to_owned() }))
}

/// Whether this person was a recipient, ever, by identity number or by account: once per lifetime (domain.md §2.1).
pub(super) async fn was_recipient(
    records: &mut Records<'_>,
    person: Uuid,
    nik_index: &[u8],
) -> Result<bool, SyncError> {
    if recipients::is_recipient(records.tx, nik_index).await? {
        return Ok(true);
    }
    is_participant(records, person).await
}

/// Whether a wave took this person, whatever became of it.
pub(super) async fn is_participant(records: &mut Records<'_>, person: Uuid) -> Result<bool, SyncError> {
    let memberships: i64 = sqlx::query_scalar("select count(*) from membership where person_id = $1")
        .bind(Id(person))
        .fetch_one(&mut *records.tx)
        .await?;
    Ok(memberships > 0)
}
