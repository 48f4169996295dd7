//! What was typed and not confirmed yet: one row a field, one write a pause in typing.

use sqlx::Row;
use uuid::Uuid;

use crate::ids::{blob, maybe_id};
use crate::transaction::Guard;
use crate::{NOBODY, Store, StoreError};

/// A field as it was typed last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The form (`profile`, `sign_up`, ...).
    pub form: String,
    /// The field.
    pub field: String,
    /// Exactly what was typed.
    pub value: String,
    /// When it was saved.
    pub saved_at: i64,
}

/// What happens to drafts in the transaction of a command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftChange {
    /// Fields to save.
    pub save: Vec<Draft>,
    /// Forms whose drafts are settled: removed before `save` takes place.
    pub clear_forms: Vec<String>,
    /// Single fields that are settled as they were read. What was typed into them since stays.
    pub settled: Vec<Draft>,
}

impl DraftChange {
    /// Nothing happens to drafts.
    pub fn none() -> Self {
        Self::default()
    }

    /// The drafts of a form are settled.
    pub fn clear(form: &str) -> Self {
        Self { clear_forms: vec![form.to_owned()], ..Self::default() }
    }

    /// These drafts are settled; what was typed since stays.
    pub fn settle(drafts: &[Draft]) -> Self {
        Self { settled: drafts.to_vec(), ..Self::default() }
    }
}

impl Store {
    /// Saves one field. An empty value is a value: the person emptied the field.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn save_draft(
        &self,
        account: Uuid,
        form: &str,
        field: &str,
        value: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        let save = vec![Draft { form: form.into(), field: field.into(), value: value.into(), saved_at: now }];
        self.change_drafts(account, &DraftChange { save, ..DraftChange::default() }).await
    }

    /// Saves one field for whoever is current when it is written: what is typed while somebody signs in is theirs.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_current_draft(&self, form: &str, field: &str, value: &str, now: i64) -> Result<(), StoreError> {
        let save = vec![Draft { form: form.into(), field: field.into(), value: value.into(), saved_at: now }];
        let change = DraftChange { save, ..DraftChange::default() };
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            let row = sqlx::query("select current from device").fetch_one(&mut *write).await?;
            let person = maybe_id(&row, "current")?.unwrap_or(NOBODY);
            write_changes(&mut write, person, &change).await?;
            write.commit().await
        })
        .await
    }

    /// Saves and clears several fields at once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change_drafts(&self, account: Uuid, change: &DraftChange) -> Result<(), StoreError> {
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            write_changes(&mut write, account, change).await?;
            write.commit().await
        })
        .await
    }

    /// The drafts of a form, by field.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drafts(&self, account: Uuid, form: &str) -> Result<Vec<Draft>, StoreError> {
        let rows = sqlx::query("select form, field, value, saved_at from draft where account = $1 and form = $2")
            .bind(blob(&account))
            .bind(form)
            .fetch_all(self.readers())
            .await?;
        rows.iter()
            .map(|row| {
                Ok(Draft {
                    form: row.try_get("form")?,
                    field: row.try_get("field")?,
                    value: row.try_get("value")?,
                    saved_at: row.try_get("saved_at")?,
                })
            })
            .collect()
    }
}

/// Carries a change out within the caller's transaction.
pub(crate) async fn write_changes(write: &mut Guard, account: Uuid, change: &DraftChange) -> Result<(), StoreError> {
    for form in &change.clear_forms {
        sqlx::query("delete from draft where account = $1 and form = $2")
            .bind(blob(&account))
            .bind(form)
            .execute(&mut **write)
            .await?;
    }
    for draft in &change.settled {
        sqlx::query("delete from draft where account = $1 and form = $2 and field = $3 and value = $4")
            .bind(blob(&account))
            .bind(&draft.form)
            .bind(&draft.field)
            .bind(&draft.value)
            .execute(&mut **write)
            .await?;
    }
    for draft in &change.save {
        sqlx::query(
            "insert into draft (account, form, field, value, saved_at) values ($1, $2, $3, $4, $5)
             on conflict (account, form, field) do update set value = excluded.value, saved_at = excluded.saved_at",
        )
        .bind(blob(&account))
        .bind(&draft.form)
        .bind(&draft.field)
        .bind(&draft.value)
        .bind(draft.saved_at)
        .execute(&mut **write)
        .await?;
    }
    Ok(())
}

/// Gives what was typed before there was an account to the person who has one now. Where the person has a draft of the same
/// field already, the newer one stays.
pub(crate) async fn adopt(write: &mut Guard, person: Uuid) -> Result<(), StoreError> {
    sqlx::query(
        "insert into draft (account, form, field, value, saved_at)
         select $1, form, field, value, saved_at from draft where account = $2
         on conflict (account, form, field) do update set value = excluded.value, saved_at = excluded.saved_at
         where excluded.saved_at > saved_at",
    )
    .bind(blob(&person))
    .bind(blob(&NOBODY))
    .execute(&mut **write)
    .await?;
    sqlx::query("delete from draft where account = $1").bind(blob(&NOBODY)).execute(&mut **write).await?;
    crate::photo_draft::adopt(write, person).await
}
