//! The code to the phone. Both steps need central at once; how the code stands is kept, so that a restart shows it again.
//!
//! Central sends to the number that it has. So what the person typed since goes there first, and what is kept of a code to
//! another number is not shown.

use prakerja_domain::profile::ProfileField;
use prakerja_domain::registration::Step;
use prakerja_store::Store;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::account::read_code;
use crate::error::Answer;
use crate::facts;
use crate::ipc::registration::{PhoneCodeState, PhoneCodeView, RegistrationView};
use crate::ipc::{Changed, ErrorCode, IpcError};
use crate::profile::{Personal, patch, patches_on_their_way};
use crate::refusal::code_refused;
use crate::registration::Case;
use crate::{App, Opened};

/// Name of the fact that keeps how the code stands.
const CODE: &str = "phone code";

/// What is kept, as JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Kept {
    code: Option<Sent>,
    /// No new code before this; also without a code.
    locked_until: Option<i64>,
    /// Revision of the registration that was known here when central took the code: only a later one says more.
    #[serde(default)]
    confirmed: Option<i64>,
}

/// A code that was sent.
#[derive(Debug, Serialize, Deserialize)]
struct Sent {
    view: PhoneCodeView,
    /// Revision of the registration that was known here when it was sent: only a later one says more.
    rev: i64,
}

impl App {
    /// The code that is awaited, and the wait after too many tries.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn get_phone_code(&self) -> Answer<PhoneCodeState> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        let case = Case::read(&opened.store, person).await?;
        let phone = case.record.as_ref().and_then(|record| record.phone.as_ref());
        if phone.is_some_and(|phone| phone.verified_at.is_some()) {
            return Ok(PhoneCodeState::default());
        }
        let kept = kept(&opened.store, person).await?;
        let personal = Personal::read(&opened.store, person).await?;
        let rules = self.rules(&opened.store, &opened.exchange()).await?;
        let shown = personal.shown(ProfileField::Phone, &rules);
        let to_this = |sent: &Sent| shown.as_ref().is_none_or(|number| number.ends_with(&sent.view.ends_with));
        let is_awaited = |sent: &Sent| {
            let still = phone.is_some_and(|phone| phone.ends_with == sent.view.ends_with);
            (still || case.rev() <= sent.rev) && to_this(sent)
        };
        let now = self.inner.config.clock.now_ms();
        let is_news = kept.confirmed.is_some_and(|rev| case.rev() <= rev);
        let confirmed = is_news && kept.code.as_ref().is_none_or(to_this);
        Ok(PhoneCodeState {
            // A code that was taken works no more.
            code: kept.code.filter(|sent| kept.confirmed.is_none() && is_awaited(sent)).map(|sent| sent.view),
            locked_until: kept.locked_until.filter(|until| *until > now),
            confirmed,
        })
    }

    /// Asks for a code to the number that is shown. When it was changed here, central gets it first.
    ///
    /// # Errors
    /// `validation` for a number that is wrong, `step_refused` also while the person has to decide about the number,
    /// `code_locked` with the wait, `party_unavailable`, and what keeps from reaching central.
    pub async fn send_phone_code(&self) -> Answer<PhoneCodeState> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        Case::read(&opened.store, person).await?.demand(Step::SendPhoneCode)?;
        self.settle_number(&opened, person).await?;
        let sent = match opened.exchange().accounts().send_phone_code().await {
            Ok(sent) => sent,
            Err(error) => return Err(self.locked(&opened, person, code_refused(error)).await?),
        };
        let now = self.inner.config.clock.now_ms();
        let after = |seconds: u64| now.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000));
        let demo = self.about_central(Some(&opened.store)).await.is_some_and(|about| about.demo);
        let view = PhoneCodeView {
            ends_with: sent.ends_with,
            expires_at: after(sent.expires_in_s),
            resend_at: after(sent.resend_after_s),
            resends_left: sent.resends_left,
            tries_left: sent.tries,
            sandbox_mailbox: demo.then(|| format!("{}/sandbox/mailbox", self.central().url)),
        };
        let rev = Case::read(&opened.store, person).await?.rev();
        let code = Some(Sent { view: view.clone(), rev });
        keep(&opened.store, person, &Kept { code, ..Kept::default() }).await?;
        self.told(&[Changed::Registration]).await?;
        Ok(PhoneCodeState { code: Some(view), ..PhoneCodeState::default() })
    }

    /// Sends the typed code.
    ///
    /// # Errors
    /// `validation` for something that is no code, `wrong_code` with `attempts_left`, `code_expired`, `code_locked`, and
    /// what keeps from reaching central.
    pub async fn confirm_phone_code(&self, code: &str) -> Answer<RegistrationView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        let code = read_code(code).map_err(|error| IpcError::validation(vec![error]))?;
        if let Err(error) = opened.exchange().accounts().confirm_phone(&code).await {
            return Err(self.locked(&opened, person, code_refused(error)).await?);
        }
        // The record follows by the feed; until then a right code must not look like none.
        let confirmed = Some(Case::read(&opened.store, person).await?.rev());
        let code = kept(&opened.store, person).await?.code;
        keep(&opened.store, person, &Kept { code, confirmed, locked_until: None }).await?;
        opened.exchange().sync_now();
        self.told(&[Changed::Registration]).await?;
        self.get_registration().await
    }

    /// Confirms the number as it is shown, and waits until central has it: the message must not go to another one.
    async fn settle_number(&self, opened: &Opened, person: Uuid) -> Answer<()> {
        let exchange = opened.exchange();
        let turn = self.inner.once.lock().await;
        let personal = Personal::read(&opened.store, person).await?;
        let rules = self.rules(&opened.store, &exchange).await?;
        if let Some(number) = personal.drafted(ProfileField::Phone, &rules) {
            let number = number.map_err(|wrong| IpcError::validation(vec![wrong]))?;
            let right = [(ProfileField::Phone, number)].into();
            self.confirm(opened, person, &personal, right).await?;
            self.told(&[Changed::Profile, Changed::Sync]).await?;
        }
        let mut on_their_way = patches_on_their_way(&opened.store, person).await?;
        drop(turn);
        on_their_way.retain(|row| patch(row).is_some_and(|patch| patch.fields.contains_key(&ProfileField::Phone)));
        for row in on_their_way {
            let status = exchange.answer_to(&opened.store, &row).await?;
            if status.as_deref() != Some("applied") {
                return Err(IpcError::new(ErrorCode::StepRefused));
            }
        }
        Ok(())
    }

    /// Keeps what a refusal says about the code: tries that are left, the wait.
    async fn locked(&self, opened: &Opened, person: Uuid, error: IpcError) -> Answer<IpcError> {
        let mut kept = kept(&opened.store, person).await?;
        let now = self.inner.config.clock.now_ms();
        let code = kept.code.as_mut().map(|sent| &mut sent.view);
        match (error.code, code) {
            (ErrorCode::WrongCode, Some(code)) => {
                let left = error.numbers.get("attempts_left").and_then(|left| u32::try_from(*left).ok());
                code.tries_left = left.unwrap_or(code.tries_left);
            }
            (ErrorCode::CodeLocked, code) => {
                // Without a count it is about sending: the code that is here may still be typed.
                if let Some(code) = code
                    && error.numbers.contains_key("attempts_left")
                {
                    code.tries_left = 0;
                }
                let wait = i64::try_from(error.retry_after_ms.unwrap_or(0)).unwrap_or(i64::MAX);
                kept.locked_until = Some(now.saturating_add(wait));
            }
            (ErrorCode::CodeExpired, Some(code)) => code.expires_at = code.expires_at.min(now),
            _ => return Ok(error),
        }
        keep(&opened.store, person, &kept).await?;
        self.told(&[Changed::Registration]).await?;
        Ok(error)
    }
}

async fn kept(store: &Store, person: Uuid) -> Answer<Kept> {
    Ok(facts::read(store, person, CODE).await?.unwrap_or_default())
}

async fn keep(store: &Store, person: Uuid, kept: &Kept) -> Answer<()> {
    let is_something = kept.code.is_some() || kept.locked_until.is_some() || kept.confirmed.is_some();
    if is_something {
        facts::keep(store, person, CODE, kept).await
    } else {
        Ok(store.set_fact(person, CODE, None).await?)
    }
}
