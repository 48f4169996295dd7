//! The sign-up, or the request for another password, that waits for its code. It survives a restart, so that sending it again
//! is the same request.

use secrecy::{ExposeSecret, SecretString};
use sqlx::Row;
use uuid::Uuid;

use crate::ids::{blob, id};
use crate::{Store, StoreError};

/// What the right code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodePurpose {
    /// Makes an account.
    Account,
    /// Sets another password; the code comes by mail.
    PasswordByMail,
    /// Sets another password; the code comes to the phone.
    PasswordBySms,
}

impl CodePurpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::PasswordByMail => "password_by_mail",
            Self::PasswordBySms => "password_by_sms",
        }
    }

    fn read(text: &str) -> Self {
        match text {
            "password_by_mail" => Self::PasswordByMail,
            "password_by_sms" => Self::PasswordBySms,
            _ => Self::Account,
        }
    }
}

/// A sign-up on its way.
#[derive(Debug, Clone)]
pub struct PendingSignUp {
    /// Its id, the same for every repeat.
    pub id: Uuid,
    /// What the right code does.
    pub purpose: CodePurpose,
    /// E-mail address.
    pub email: String,
    /// The request as it was or will be sent; secret, since it holds the sealed password record.
    pub body: SecretString,
    /// What central said of the code; absent until it answered.
    pub code: Option<CodeState>,
    /// When it was made.
    pub created_at: i64,
}

/// A code that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeState {
    /// Until when it is good.
    pub expires_at: i64,
    /// From when another may be asked for.
    pub resend_at: i64,
    /// How many more may be asked for.
    pub resends_left: u32,
}

impl Store {
    /// Stores the sign-up with the central in use, in place of an earlier one.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn save_sign_up(&self, sign_up: &PendingSignUp) -> Result<(), StoreError> {
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            sqlx::query(
                "insert or replace into sign_up
                     (only, id, purpose, email, body, sent, expires_at, resend_at, resends_left, created_at, origin)
                 values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, (select origin from device))",
            )
            .bind(blob(&sign_up.id))
            .bind(sign_up.purpose.as_str())
            .bind(&sign_up.email)
            .bind(sign_up.body.expose_secret())
            .bind(sign_up.code.is_some())
            .bind(sign_up.code.map(|code| code.expires_at))
            .bind(sign_up.code.map(|code| code.resend_at))
            .bind(sign_up.code.map(|code| code.resends_left))
            .bind(sign_up.created_at)
            .execute(&mut *write)
            .await?;
            write.commit().await
        })
        .await
    }

    /// The sign-up that waits with the central in use, if any. One that was begun with another central rests until that
    /// one is in use again: its code must not travel to anybody else.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sign_up(&self) -> Result<Option<PendingSignUp>, StoreError> {
        let row = sqlx::query(
            "select id, purpose, email, body, sent, coalesce(expires_at, 0) as expires_at, coalesce(resend_at, 0) as resend_at,
                    coalesce(resends_left, 0) as resends_left, created_at
             from sign_up where origin is (select origin from device)",
        )
        .fetch_optional(self.readers())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let code = CodeState {
            expires_at: row.try_get("expires_at")?,
            resend_at: row.try_get("resend_at")?,
            resends_left: row.try_get("resends_left")?,
        };
        Ok(Some(PendingSignUp {
            id: id(&row, "id")?,
            purpose: CodePurpose::read(row.try_get("purpose")?),
            email: row.try_get("email")?,
            body: row.try_get::<String, _>("body")?.into(),
            code: row.try_get::<bool, _>("sent")?.then_some(code),
            created_at: row.try_get("created_at")?,
        }))
    }

    /// Gives the sign-up up.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn clear_sign_up(&self) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        sqlx::query("delete from sign_up").execute(&mut *write).await?;
        write.commit().await
    }
}
