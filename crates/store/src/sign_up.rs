//! The sign-up, or the request for another password, that waits for its code. It survives a restart, so that sending it again
//! is the same request.

use secrecy::{ExposeSecret, SecretString};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::ids::{blob, id};
use crate::transaction::Guard;
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
    /// Address of the central that is asked: no other one ever hears of it.
    pub origin: String,
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

/// Columns of [`PendingSignUp`].
const COLUMNS: &str = "id, purpose, email, origin, body, sent, coalesce(expires_at, 0) as expires_at, \
     coalesce(resend_at, 0) as resend_at, coalesce(resends_left, 0) as resends_left, created_at";

impl Store {
    /// Stores a sign-up in place of an earlier one, which is given back.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn save_sign_up(&self, sign_up: &PendingSignUp) -> Result<Option<PendingSignUp>, StoreError> {
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            let sql = format!("select {COLUMNS} from sign_up");
            let earlier = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_optional(&mut *write).await?;
            let earlier = earlier.as_ref().map(read).transpose()?;
            insert(&mut write, sign_up).await?;
            write.commit().await?;
            Ok(earlier)
        })
        .await
    }

    /// Takes a sign-up away and puts the one back whose place it took, unless yet another one is there by now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_sign_up_back(&self, sign_up: Uuid, earlier: Option<&PendingSignUp>) -> Result<(), StoreError> {
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            let taken =
                sqlx::query("delete from sign_up where id = $1").bind(blob(&sign_up)).execute(&mut *write).await?;
            if let Some(earlier) = earlier.filter(|_| taken.rows_affected() > 0) {
                insert(&mut write, earlier).await?;
            }
            write.commit().await
        })
        .await
    }

    /// Keeps what central said of the code of a sign-up. False when it does not wait any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_code(&self, sign_up: Uuid, code: CodeState) -> Result<bool, StoreError> {
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            let kept = sqlx::query(
                "update sign_up set sent = 1, expires_at = $2, resend_at = $3, resends_left = $4 where id = $1",
            )
            .bind(blob(&sign_up))
            .bind(code.expires_at)
            .bind(code.resend_at)
            .bind(code.resends_left)
            .execute(&mut *write)
            .await?;
            write.commit().await?;
            Ok(kept.rows_affected() > 0)
        })
        .await
    }

    /// The sign-up that waits with the central in use, if any. One that was begun with another central rests until that
    /// one is in use again: its code must not travel to anybody else.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sign_up(&self) -> Result<Option<PendingSignUp>, StoreError> {
        let sql = format!("select {COLUMNS} from sign_up where origin = coalesce((select origin from device), origin)");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_optional(self.readers()).await?;
        row.as_ref().map(read).transpose()
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

async fn insert(write: &mut Guard, sign_up: &PendingSignUp) -> Result<(), StoreError> {
    sqlx::query(
        "insert or replace into sign_up
             (only, id, purpose, email, origin, body, sent, expires_at, resend_at, resends_left, created_at)
         values (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(blob(&sign_up.id))
    .bind(sign_up.purpose.as_str())
    .bind(&sign_up.email)
    .bind(&sign_up.origin)
    .bind(sign_up.body.expose_secret())
    .bind(sign_up.code.is_some())
    .bind(sign_up.code.map(|code| code.expires_at))
    .bind(sign_up.code.map(|code| code.resend_at))
    .bind(sign_up.code.map(|code| code.resends_left))
    .bind(sign_up.created_at)
    .execute(&mut **write)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<PendingSignUp, StoreError> {
    let code = CodeState {
        expires_at: row.try_get("expires_at")?,
        resend_at: row.try_get("resend_at")?,
        resends_left: row.try_get("resends_left")?,
    };
    Ok(PendingSignUp {
        id: id(row, "id")?,
        purpose: CodePurpose::read(row.try_get("purpose")?),
        email: row.try_get("email")?,
        origin: row.try_get("origin")?,
        body: row.try_get::<String, _>("body")?.into(),
        code: row.try_get::<bool, _>("sent")?.then_some(code),
        created_at: row.try_get("created_at")?,
    })
}
