//! Accounts and sessions (`prakerja_protocol::account`).
//!
//! Two rules hold everywhere here. No answer tells a stranger whether an address has an account: both cases do the same
//! work and only the mail differs. And every step may be repeated after a lost answer: the same request makes one account,
//! one session, one mail.

mod allowance;
pub(crate) mod close;
pub(crate) mod closed;
pub(crate) mod code;
pub(crate) mod confirm;
mod guard;
mod guesses;
mod message;
mod opaque;
pub mod operator;
pub(crate) mod pending;
pub(crate) mod resend;
pub(crate) mod reset;
mod session;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod sign_up;
mod stretch;
mod tokens;

pub(crate) use closed::catch_up;
pub(crate) use session::{end_all, note_arrival};
pub(crate) use stretch::remember as remember_stretch;
pub(crate) use tokens::hash as token_hash;

use crate::clock::ms;
use crate::error::ApiResult;
use crate::state::Central;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// How long a mail is worth sending that tells what became of an account, milliseconds.
pub(crate) const NEWS_MS: i64 = 7 * DAY_MS;

/// Removes what nobody can ask for any more.
///
/// # Errors
/// Any error of the database.
pub(crate) async fn prune(central: &Central) -> ApiResult<()> {
    let now = central.clock.now_ms();
    let accounts = &central.config.accounts;
    let mut tx = central.db.begin().await?;
    let old = [
        ("delete from sign_in_attempt where expires_at < $1", now - DAY_MS),
        // Addresses of strangers that were never confirmed go sooner.
        ("delete from sign_up where created_at < $1 and confirmed_at is null", now - 2 * DAY_MS),
        ("delete from sign_up where created_at < $1", now - 7 * DAY_MS),
        ("delete from code_allowance where first_sent_at < $1", now - 2 * ms(accounts.email_otp_lock_s)),
        ("delete from password_guard where began_at < $1", now - DAY_MS - ms(accounts.password_lock_s)),
        ("delete from session where ended_at < $1", now - 90 * DAY_MS),
        ("delete from session where refreshed_at < $1", now - 2 * ms(accounts.session_idle_s)),
    ];
    for (statement, before) in old {
        sqlx::query(statement).bind(before).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    // Closings may have found readers.
    central.db.cut_log().await;
    Ok(())
}
