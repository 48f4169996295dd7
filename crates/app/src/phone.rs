//! The code to the phone. Both steps need central at once; how the code stands is kept, so that a restart shows it again.

use prakerja_domain::registration::Step;
use prakerja_store::Store;
use uuid::Uuid;

use crate::account::{code_refused, read_code};
use crate::error::Answer;
use crate::ipc::registration::{PhoneCodeView, RegistrationView};
use crate::ipc::{Changed, ErrorCode, IpcError};
use crate::registration::Case;
use crate::{App, Opened};

/// Name of the fact that keeps how the code stands.
const CODE: &str = "phone code";

impl App {
    /// The code that is awaited, or the wait after too many wrong ones.
    ///
    /// # Errors
    /// `vault_locked`, `vault_broken`.
    pub async fn get_phone_code(&self) -> Answer<Option<PhoneCodeView>> {
        let opened = self.opened()?;
        let person = opened.person().await?;
        let case = Case::read(&opened.store, person).await?;
        let is_verified = case.record.and_then(|record| record.phone).is_some_and(|phone| phone.verified_at.is_some());
        if is_verified {
            return Ok(None);
        }
        kept(&opened.store, person).await
    }

    /// Asks for a code to the confirmed number.
    ///
    /// # Errors
    /// `step_refused`, `code_locked` with the wait, `party_unavailable`, and what keeps from reaching central.
    pub async fn send_phone_code(&self) -> Answer<PhoneCodeView> {
        let opened = self.opened()?;
        let person = opened.account().await?;
        Case::read(&opened.store, person).await?.demand(Step::SendPhoneCode)?;
        let sent = match opened.exchange().accounts().send_phone_code().await {
            Ok(sent) => sent,
            Err(error) => return Err(self.locked(&opened, person, code_refused(error)).await?),
        };
        let now = self.inner.config.clock.now_ms();
        let after = |seconds: u64| now.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000));
        let demo = self.about_central(Some(&opened.store)).await.is_some_and(|about| about.demo);
        let code = PhoneCodeView {
            ends_with: sent.ends_with,
            expires_at: after(sent.expires_in_s),
            resend_at: after(sent.resend_after_s),
            resends_left: sent.resends_left,
            tries_left: sent.tries,
            locked_until: None,
            sandbox_mailbox: demo.then(|| format!("{}/sandbox/mailbox", self.central().url)),
        };
        keep(&opened.store, person, Some(&code)).await?;
        self.told(&[Changed::Registration]).await?;
        Ok(code)
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
        keep(&opened.store, person, None).await?;
        // The record follows by the feed.
        opened.exchange().sync_now();
        self.told(&[Changed::Registration]).await?;
        self.get_registration().await
    }

    /// Keeps what a refusal says about the code: tries that are left, the wait.
    async fn locked(&self, opened: &Opened, person: Uuid, error: IpcError) -> Answer<IpcError> {
        let Some(mut code) = kept(&opened.store, person).await? else { return Ok(error) };
        match error.code {
            ErrorCode::WrongCode => {
                let left = error.numbers.get("attempts_left").and_then(|left| u32::try_from(*left).ok());
                code.tries_left = left.unwrap_or(code.tries_left);
            }
            ErrorCode::CodeLocked => {
                let wait = i64::try_from(error.retry_after_ms.unwrap_or(0)).unwrap_or(i64::MAX);
                code.locked_until = Some(self.inner.config.clock.now_ms().saturating_add(wait));
                code.tries_left = 0;
            }
            ErrorCode::CodeExpired => code.expires_at = code.expires_at.min(self.inner.config.clock.now_ms()),
            _ => return Ok(error),
        }
        keep(&opened.store, person, Some(&code)).await?;
        Ok(error)
    }
}

async fn kept(store: &Store, person: Uuid) -> Answer<Option<PhoneCodeView>> {
    Ok(store.fact(person, CODE).await?.and_then(|text| serde_json::from_str(&text).ok()))
}

async fn keep(store: &Store, person: Uuid, code: Option<&PhoneCodeView>) -> Answer<()> {
    let text = code.map(serde_json::to_string).transpose();
    let text = text.map_err(|error| IpcError::defect("phone code", &error))?;
    Ok(store.set_fact(person, CODE, text.as_deref()).await?)
}
