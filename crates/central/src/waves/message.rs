//! The result of a draw outside of the app: a mail and a text to the phone, in the person's language. Neither names nor numbers are in it.

use prakerja_domain::profile::ProfileField;
use uuid::Uuid;

use crate::db::Id;
use crate::error::ApiError;
use crate::notifier::{Mail, Sms, texts};
use crate::sync::{Records, SyncError};

/// Not worth sending after so long, in milliseconds.
const WORTH_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// No mail ever arrives below this domain (RFC 2606); the demo's invented people have their addresses there.
const NOWHERE: &str = ".invalid";

/// Queues what tells a person of the result; it leaves after the commit.
pub(super) async fn result(
    records: &mut Records<'_>,
    person: Uuid,
    wave: u32,
    accepted: bool,
) -> Result<(), SyncError> {
    let (email, language): (String, String) = sqlx::query_as("select email, language from person where id = $1")
        .bind(Id(person))
        .fetch_one(&mut *records.tx)
        .await?;
    if email.ends_with(NOWHERE) {
        return Ok(());
    }
    let language = texts::read_language(&language);
    let (subject, text) = if accepted { texts::accepted(language, wave) } else { texts::not_accepted(language, wave) };
    let mail = Mail { to: email, subject, text, code: None };
    let (central, until) = (records.central, records.at + WORTH_MS);
    central.notifier.queue(records.tx, central, &mail, until).await.map_err(failed)?;
    // Who took part has a verified phone; a profile without one is a demo's.
    if let Some(phone) = records.profile(person).await?.remove(&ProfileField::Phone) {
        let sms = Sms { to: phone, text: texts::result_sms(language, wave, accepted), code: None };
        central.notifier.queue_sms(records.tx, central, &sms, until).await.map_err(failed)?;
    }
    Ok(())
}

fn failed(error: ApiError) -> SyncError {
    match error {
        ApiError::Internal(cause) => match cause.downcast::<sqlx::Error>() {
            Ok(error) => SyncError::Database(*error),
            Err(_) => SyncError::Damaged,
        },
        ApiError::Problem(_) => SyncError::Database(sqlx::Error::PoolTimedOut),
    }
}
