//! Who was appointed. Selection fills the table; once per lifetime and so many on a family card.

use sqlx::SqliteConnection;

/// Recipients on a family card.
pub(crate) async fn recipients_of_family(tx: &mut SqliteConnection, kk_index: &[u8]) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select count(*) from recipient where kk_index = $1").bind(kk_index).fetch_one(tx).await
}

/// Whether a person is or was a recipient.
pub(crate) async fn is_recipient(tx: &mut SqliteConnection, nik_index: &[u8]) -> Result<bool, sqlx::Error> {
    let found: i64 =
        sqlx::query_scalar("select count(*) from recipient where nik_index = $1").bind(nik_index).fetch_one(tx).await?;
    Ok(found > 0)
}
