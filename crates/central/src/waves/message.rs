//! What a draw came to, outside of the app: a mail and a text to the phone, in the person's language. Neither names nor numbers are in it.

use prakerja_domain::application::LeftOff;
use uuid::Uuid;

use super::applicant;
use crate::db::Id;
use crate::error::ApiError;
use crate::notifier::{Mail, Sms, texts};
use crate::phone;
use crate::registration::case;
use crate::sync::{Records, SyncError};

/// Not worth sending after so long, in milliseconds.
const WORTH_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// No mail ever arrives below this domain (RFC 2606); the demo's invented people have their addresses there.
const NOWHERE: &str = ".invalid";

/// What a person is told of a wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// It took.
    Accepted,
    /// The draw passed the person over.
    NotAccepted,
    /// The person is not on the list.
    LeftOff(LeftOff),
}

/// Queues what tells a person the news; it leaves after the commit. The app has it too: a row that cannot be read keeps it
/// from nobody else.
pub(super) async fn send(records: &mut Records<'_>, person: Uuid, wave: u32, news: News) -> Result<(), SyncError> {
    match queue(records, person, wave, news).await {
        Err(error) if !matches!(error, SyncError::Database(_)) => {
            let case = case::number_of(records.tx, person).await?;
            tracing::error!(wave, case, %error, "what came of a wave goes without a mail or a text to the phone");
            Ok(())
        }
        done => done,
    }
}

async fn queue(records: &mut Records<'_>, person: Uuid, wave: u32, news: News) -> Result<(), SyncError> {
    let (email, language): (String, String) = sqlx::query_as("select email, language from person where id = $1")
        .bind(Id(person))
        .fetch_one(&mut *records.tx)
        .await?;
    if email.ends_with(NOWHERE) {
        return Ok(());
    }
    // Who is a participant by another wave has not failed by this one.
    if news != News::Accepted && applicant::is_participant(records, person).await? {
        return Ok(());
    }
    let language = texts::read_language(&language);
    let (subject, text) = match news {
        News::Accepted => texts::accepted(language, wave),
        News::NotAccepted => texts::not_accepted(language, wave),
        News::LeftOff(why) => texts::left_off(language, wave, why),
    };
    let mail = Mail { to: email, subject, text, code: None };
    let (central, until) = (records.central, records.at + WORTH_MS);
    central.notifier.queue(records.tx, central, &mail, until).await.map_err(failed)?;
    if let Some((scheme, to)) = phone::verified(records, person).await? {
        let text = match news {
            News::Accepted => texts::result_sms(language, wave, true),
            News::NotAccepted => texts::result_sms(language, wave, false),
            News::LeftOff(_) => texts::left_off_sms(language, wave),
        };
        let sms = Sms { scheme, to, text, code: None };
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
