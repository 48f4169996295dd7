//! The message with a code. Whether the address has an account decides what it says and, for a phone, where it goes; nobody but
//! its owner reads it. With a mail both cases do the same work. For a code to a phone the account's case is read besides: the
//! answer is the same, only its time may differ a little.

use prakerja_protocol::account::{CodeChannel, Language};
use uuid::Uuid;

use super::code;
use super::pending::Purpose;
use crate::db::Id;
use crate::error::ApiResult;
use crate::notifier::{Mail, Sms, texts};
use crate::phone;
use crate::state::Central;
use crate::sync::Change;

/// Whom it goes to, and what for.
pub(super) struct To<'a> {
    pub(super) id: Uuid,
    pub(super) purpose: Purpose,
    pub(super) email: &'a str,
    pub(super) language: Language,
}

/// Queues a code, or a mail that says why there is none. Returns whether it is in vain, and the MAC of the code that works.
pub(super) async fn send(
    change: &mut Change,
    central: &Central,
    to: &To<'_>,
    expires_at: i64,
) -> ApiResult<(bool, [u8; 32])> {
    let person: Option<Id> = sqlx::query_scalar("select id from person where email = $1")
        .bind(to.email)
        .fetch_optional(&mut **change.tx())
        .await?;
    let code = code::draw();
    let mac = code::mac(&central.secrets.codes, to.id, &code);
    let none = code::mac_of_none();
    let (language, minutes) = (to.language, central.config.accounts.code_ttl_s / 60);
    let mail = match (to.purpose, person) {
        (Purpose::Account, None) => Ok(texts::code(language, &code, minutes)),
        (Purpose::Account, Some(_)) => Err(texts::has_account(language)),
        (Purpose::Password(CodeChannel::Mail), Some(_)) => Ok(texts::password_code(language, &code, minutes)),
        (Purpose::Password(CodeChannel::Mail), None) => Err(texts::no_account(language)),
        (Purpose::Password(CodeChannel::Sms), person) => {
            if let Some((scheme, number)) = phone_of(change, person).await {
                let text = texts::password_code_sms(language, &code, minutes);
                let sms = Sms { scheme, to: number, text, code: Some(code) };
                central.notifier.queue_sms(change.tx(), central, &sms, expires_at).await?;
                return Ok((false, mac));
            }
            Err(texts::no_phone(language, central.config.accounts.reset_phone_age_days()))
        }
    };
    let in_vain = mail.is_err();
    let (Ok((subject, text)) | Err((subject, text))) = mail;
    let mail = Mail { to: to.email.to_owned(), subject, text, code: (!in_vain).then_some(code) };
    central.notifier.queue(change.tx(), central, &mail, expires_at).await?;
    Ok((in_vain, if in_vain { none } else { mac }))
}

/// The phone that the code may go to. None as well when the case cannot be read: a failure would tell a stranger that there is
/// one.
async fn phone_of(change: &mut Change, person: Option<Id>) -> Option<(String, String)> {
    let Id(person) = person?;
    phone::for_password(&mut change.records(person), person).await.unwrap_or_else(|error| {
        tracing::error!(account = %person, ?error, "no code for another password can go to a phone");
        None
    })
}
