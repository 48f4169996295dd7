//! Finished connection checks: the last one is one of the three preparations.

use serde_json::Value;
use sqlx::Row;

use crate::ids::json;
use crate::{Store, StoreError};

/// How many are kept.
const KEPT: i64 = 50;

/// A finished check.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckResult {
    /// When.
    pub at: i64,
    /// The verdict's word.
    pub verdict: String,
    /// Figures to show again; no personal data.
    pub detail: Value,
}

impl Store {
    /// Stores a finished check; the last fifty are kept.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn save_check(&self, check: &CheckResult) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("insert into check_result (at, verdict, detail) values ($1, $2, $3)")
            .bind(check.at)
            .bind(&check.verdict)
            .bind(check.detail.to_string())
            .execute(&mut *write)
            .await?;
        sqlx::query("delete from check_result where no <= (select max(no) from check_result) - $1")
            .bind(KEPT)
            .execute(&mut *write)
            .await?;
        write.commit().await
    }

    /// Finished checks, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn checks(&self, limit: u32) -> Result<Vec<CheckResult>, StoreError> {
        let rows = sqlx::query("select at, verdict, detail from check_result order by no desc limit $1");
        let rows = rows.bind(limit).fetch_all(self.readers()).await?;
        rows.iter()
            .map(|row| {
                let detail = json(row.try_get("detail")?, "detail")?;
                Ok(CheckResult { at: row.try_get("at")?, verdict: row.try_get("verdict")?, detail })
            })
            .collect()
    }

    /// The last finished check.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn last_check(&self) -> Result<Option<CheckResult>, StoreError> {
        Ok(self.checks(1).await?.pop())
    }
}
