//! Accounts that were used on this computer, and the session of each.
//!
//! One account is current. Signing out ends its session and shows nothing of it any more, but what it has not sent waits
//! for it: another account's session never sends it.

use secrecy::{ExposeSecret, SecretString};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::draft::adopt;
use crate::ids::{blob, id, maybe_id};
use crate::transaction::Guard;
use crate::{Store, StoreError};

/// A session as central opened it.
#[derive(Debug, Clone)]
pub struct Session {
    /// The account (and person).
    pub account: Uuid,
    /// E-mail address of the account.
    pub email: String,
    /// Address of the central that opened it: no other one ever sees its tokens.
    pub origin: String,
    /// The session.
    pub session: Uuid,
    /// Its tokens.
    pub tokens: Tokens,
    /// Epoch of central's database.
    pub epoch: Option<Uuid>,
    /// Key that receipts verify with.
    pub receipt_key: Option<String>,
}

/// Tokens of a session.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Bearer token.
    pub access: SecretString,
    /// Until when it is good, by this computer's clock.
    pub access_expires_at: i64,
    /// Token for the next pair.
    pub refresh: SecretString,
}

/// An account on this computer.
#[derive(Debug, Clone)]
pub struct Account {
    /// The account (and person).
    pub id: Uuid,
    /// E-mail address.
    pub email: String,
    /// Address of the central that opened the session.
    pub origin: String,
    /// The session; kept after it ended, for the log of central.
    pub session: Option<Uuid>,
    /// Tokens, while the session is open and its central is the one in use.
    pub tokens: Option<Tokens>,
    /// Epoch of central's database when it was opened.
    pub epoch: Option<Uuid>,
    /// Key that receipts verify with.
    pub receipt_key: Option<String>,
    /// True while the session is open and its central is the one in use.
    pub signed_in: bool,
    /// When it was opened.
    pub signed_in_at: i64,
}

/// Columns of [`Account`]; the alias of `account` is `a`, of `device` `d`.
const COLUMNS: &str = "a.id, a.email, a.origin, a.session, a.access_token, a.access_expires_at, a.refresh_token, a.epoch, \
     a.receipt_key, a.signed_in = 1 and a.origin = coalesce(d.origin, a.origin) as signed_in, a.signed_in_at";

impl Store {
    /// Opens a session: the account becomes current and a sign-up that waited for its code is over. With `adopt_drafts`,
    /// what was typed before there was an account becomes this person's.
    ///
    /// # Errors
    /// [`StoreError`], as of every operation here.
    pub async fn sign_in(&self, session: &Session, adopt_drafts: bool, now: i64) -> Result<(), StoreError> {
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            write_session(&mut write, session, now).await?;
            sqlx::query("update device set current = $1").bind(blob(&session.account)).execute(&mut *write).await?;
            sqlx::query("delete from sign_up").execute(&mut *write).await?;
            if adopt_drafts {
                adopt(&mut write, session.account).await?;
            }
            write.commit().await
        })
        .await
    }

    /// Says which central is in use from now on. Sessions with another one rest until it is in use again, and the time that
    /// another one told is forgotten.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn use_origin(&self, origin: &str) -> Result<(), StoreError> {
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            sqlx::query("delete from server_anchor where (select origin from device) is not $1")
                .bind(origin)
                .execute(&mut *write)
                .await?;
            sqlx::query("update device set origin = $1 where origin is not $1")
                .bind(origin)
                .execute(&mut *write)
                .await?;
            write.commit().await
        })
        .await
    }

    /// Stores the next pair of tokens of an open session. False when this session has been ended meanwhile, or the person
    /// signed in anew: what belongs to the old session must not take the place of the new one's tokens.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn renew_tokens(
        &self,
        account: Uuid,
        session: Option<Uuid>,
        tokens: &Tokens,
    ) -> Result<bool, StoreError> {
        self.with_reserve(|| async {
            let mut write = self.write().await?;
            let done = sqlx::query(
                "update account set access_token = $3, access_expires_at = $4, refresh_token = $5
                 where id = $1 and session is $2 and signed_in = 1",
            )
            .bind(blob(&account))
            .bind(session.as_ref().map(blob))
            .bind(tokens.access.expose_secret())
            .bind(tokens.access_expires_at)
            .bind(tokens.refresh.expose_secret())
            .execute(&mut *write)
            .await?;
            write.commit().await?;
            Ok(done.rows_affected() > 0)
        })
        .await
    }

    /// This session is over (revoked, expired). The account stays current: its data is readable, sending waits. A newer
    /// session of the account goes on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_session(&self, account: Uuid, session: Option<Uuid>) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        close_session(&mut write, account, session).await?;
        write.commit().await
    }

    /// The person signs out: the session is over and nobody is current. Queue, drafts and records stay for this account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sign_out(&self, account: Uuid) -> Result<(), StoreError> {
        let mut write = self.write().await?;
        close_session(&mut write, account, None).await?;
        sqlx::query("update device set current = null where current = $1")
            .bind(blob(&account))
            .execute(&mut *write)
            .await?;
        write.commit().await
    }

    /// The account that the window shows.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn current_account(&self) -> Result<Option<Account>, StoreError> {
        let sql = format!("select {COLUMNS} from device d join account a on a.id = d.current");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_optional(self.readers()).await?;
        row.as_ref().map(read).transpose()
    }

    /// One account of this computer, current or not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn account(&self, account: Uuid) -> Result<Option<Account>, StoreError> {
        let sql = format!("select {COLUMNS} from account a, device d where a.id = $1");
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(blob(&account));
        query.fetch_optional(self.readers()).await?.as_ref().map(read).transpose()
    }

    /// The accounts of this computer with an address at a central, current or not; none while another central is in use.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn accounts_of(&self, email: &str, origin: &str) -> Result<Vec<Account>, StoreError> {
        let sql = format!(
            "select {COLUMNS} from account a, device d where a.email = $1 and a.origin = $2 and coalesce(d.origin, $2) = $2"
        );
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(email).bind(origin);
        query.fetch_all(self.readers()).await?.iter().map(read).collect()
    }
}

async fn write_session(write: &mut Guard, session: &Session, now: i64) -> Result<(), StoreError> {
    sqlx::query(
        "insert into account (id, email, session, access_token, access_expires_at, refresh_token, epoch, receipt_key,
                              signed_in, signed_in_at, origin)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10)
         on conflict (id) do update set email = excluded.email, origin = excluded.origin, session = excluded.session,
             access_token = excluded.access_token, access_expires_at = excluded.access_expires_at,
             refresh_token = excluded.refresh_token, epoch = coalesce(excluded.epoch, epoch),
             receipt_key = coalesce(excluded.receipt_key, receipt_key), signed_in = 1,
             signed_in_at = excluded.signed_in_at",
    )
    .bind(blob(&session.account))
    .bind(&session.email)
    .bind(blob(&session.session))
    .bind(session.tokens.access.expose_secret())
    .bind(session.tokens.access_expires_at)
    .bind(session.tokens.refresh.expose_secret())
    .bind(session.epoch.as_ref().map(blob))
    .bind(&session.receipt_key)
    .bind(now)
    .bind(&session.origin)
    .execute(&mut **write)
    .await?;
    Ok(())
}

/// Closes this session, or with `None` whichever is open.
async fn close_session(write: &mut Guard, account: Uuid, session: Option<Uuid>) -> Result<(), StoreError> {
    sqlx::query(
        "update account set signed_in = 0, access_token = null, access_expires_at = null, refresh_token = null
         where id = $1 and ($2 is null or session = $2)",
    )
    .bind(blob(&account))
    .bind(session.as_ref().map(blob))
    .execute(&mut **write)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Account, StoreError> {
    let access: Option<String> = row.try_get("access_token")?;
    let refresh: Option<String> = row.try_get("refresh_token")?;
    let expires: Option<i64> = row.try_get("access_expires_at")?;
    let signed_in: bool = row.try_get("signed_in")?;
    let tokens = match (access, refresh) {
        (Some(access), Some(refresh)) if signed_in => Some(Tokens {
            access: access.into(),
            access_expires_at: expires.unwrap_or_default(),
            refresh: refresh.into(),
        }),
        _ => None,
    };
    Ok(Account {
        id: id(row, "id")?,
        email: row.try_get("email")?,
        origin: row.try_get("origin")?,
        session: maybe_id(row, "session")?,
        tokens,
        epoch: maybe_id(row, "epoch")?,
        receipt_key: row.try_get("receipt_key")?,
        signed_in,
        signed_in_at: row.try_get("signed_in_at")?,
    })
}
