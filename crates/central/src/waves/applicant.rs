//! What a wave must know of a person besides the case: whom the blind indexes stand for, and where the person lives.

use prakerja_domain::profile::ProfileField;
use uuid::Uuid;

use crate::secrets::Secrets;
use crate::sync::{Records, SyncError, profile_fields};

/// A person as a wave sees one.
#[derive(Debug)]
pub(super) struct Applicant {
    pub(super) nik_index: Vec<u8>,
    pub(super) kk_index: Vec<u8>,
    /// Province of the identity card, two digits.
    pub(super) region: String,
}

/// Stands for an identity number where only equality matters: nobody without the keys can tell which it is.
pub(crate) fn nik_index(secrets: &Secrets, nik: &str) -> Vec<u8> {
    secrets.records.mac(&[b"index/nik", nik.as_bytes()]).to_vec()
}

/// Stands for a family card.
fn kk_index(secrets: &Secrets, kk: &str) -> Vec<u8> {
    secrets.records.mac(&[b"index/kk", kk.as_bytes()]).to_vec()
}

/// Reads a person. `None` while identity number, family card or address is missing.
pub(super) async fn of(records: &mut Records<'_>, person: Uuid) -> Result<Option<Applicant>, SyncError> {
    let fields = profile_fields(records, person).await?;
    let field = |field| fields.get(&field).map(String::as_str);
    let (Some(nik), Some(kk), Some(village)) =
        (field(ProfileField::Nik), field(ProfileField::KkNumber), field(ProfileField::KtpRegion))
    else {
        return Ok(None);
    };
    let secrets = &records.central.secrets;
    let region = village.get(..2).unwrap_or_default().to_owned();
    Ok(Some(Applicant { nik_index: nik_index(secrets, nik), kk_index: kk_index(secrets, kk), region }))
}

/// Whether somebody with this identity number, or this person, was a recipient, ever: once per lifetime (domain.md §2.1).
pub(super) async fn was_recipient(
    records: &mut Records<'_>,
    person: Uuid,
    nik_index: &[u8],
) -> Result<bool, SyncError> {
    let row: Option<(i64,)> = sqlx::query_as("select 1 from recipient where nik_index = $1 or person_id = $2 limit 1")
        .bind(nik_index)
        .bind(crate::db::Id(person))
        .fetch_optional(&mut *records.tx)
        .await?;
    Ok(row.is_some())
}
