//! Who was appointed. Selection fills the table; once per lifetime and so many on a family card.

use sqlx::SqliteConnection;

/// Recipients on a family card: those that were appointed here, and those of whom the registry told at any match. The
/// registry counts those from before this central only, so nobody is in both.
pub(crate) async fn recipients_of_family(tx: &mut SqliteConnection, kk_index: &[u8]) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "select (select count(*) from recipient where kk_index = $1)
              + coalesce((select max(family_recipients) from identity_claim where kk_index = $1), 0)",
    )
    .bind(kk_index)
    .fetch_one(tx)
    .await
}

/// Whether a person is or was a recipient.
pub(crate) async fn is_recipient(tx: &mut SqliteConnection, nik_index: &[u8]) -> Result<bool, sqlx::Error> {
    let found: i64 =
        sqlx::query_scalar("select count(*) from recipient where nik_index = $1").bind(nik_index).fetch_one(tx).await?;
    Ok(found > 0)
}
