//! Small facts by name: when everything was last exchanged, the operator's name, how often a snapshot was taken.

use sqlx::Row;
use uuid::Uuid;

use crate::ids::{blob, id};
use crate::{Store, StoreError};

impl Store {
    /// A fact of an account, or of this computer with [`crate::NOBODY`].
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn fact(&self, account: Uuid, name: &str) -> Result<Option<String>, StoreError> {
        let query = sqlx::query_scalar("select value from fact where account = $1 and name = $2");
        Ok(query.bind(blob(&account)).bind(name).fetch_optional(self.readers()).await?)
    }

    /// A fact of whichever accounts have it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn facts(&self, name: &str) -> Result<Vec<(Uuid, String)>, StoreError> {
        let query = sqlx::query("select account, value from fact where name = $1").bind(name);
        let rows = query.fetch_all(self.readers()).await?;
        rows.iter().map(|row| Ok((id(row, "account")?, row.try_get("value")?))).collect()
    }

    /// Stores a fact, or removes it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_fact(&self, account: Uuid, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        match value {
            Some(value) => {
                sqlx::query(
                    "insert into fact (account, name, value) values ($1, $2, $3)
                     on conflict (account, name) do update set value = excluded.value",
                )
                .bind(blob(&account))
                .bind(name)
                .bind(value)
                .execute(&mut *write)
                .await?
            }
            None => {
                sqlx::query("delete from fact where account = $1 and name = $2")
                    .bind(blob(&account))
                    .bind(name)
                    .execute(&mut *write)
                    .await?
            }
        };
        write.commit().await
    }
}
