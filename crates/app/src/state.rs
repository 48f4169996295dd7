//! The frame of the window: settings, vault, account, preparations, the sync indicator.

use std::sync::Arc;

use prakerja_domain::profile::{self, Fields, ProfileField};
use prakerja_store::{NOBODY, Store};

use crate::App;
use crate::error::Answer;
use crate::exchange::Standing;
use crate::ipc::{
    AccountView, AppEvent, AppState, CentralView, Choice, Choices, LastCheck, Preparations, SyncStatus, SyncSummary,
};
use crate::profile::Personal;
use crate::programme::Programme;
use crate::refusal::refused;
use crate::registration::Case;

impl App {
    /// Everything that the frame of the window shows.
    ///
    /// # Errors
    /// The database fails. A closed one is no failure: the state says so.
    pub async fn get_state(&self) -> Answer<AppState> {
        self.read_state(&mut *self.inner.telling.lock().await).await
    }

    async fn read_state(&self, turn: &mut u32) -> Answer<AppState> {
        *turn += 1;
        let address = self.central();
        let mut state = AppState {
            turn: *turn,
            version: self.inner.config.version.clone(),
            settings: self.stored_settings().shown,
            central: CentralView { url: address.url, source: address.source.into(), operator: None, demo: false },
            vault: self.vault_view(),
            account: AccountView::None,
            closing_asked: false,
            preparations: Preparations {
                connection: self.last_check(None).await,
                account: false,
                personal_filled: 0,
                personal_total: u32::try_from(ProfileField::ALL.len()).unwrap_or(u32::MAX),
                personal_submitted: false,
            },
            sync: SyncSummary {
                status: SyncStatus::Idle,
                waiting: 0,
                needs_you: 0,
                online: None,
                last_sync_at: None,
                next_try_at: None,
            },
            registration: None,
            unread_notices: 0,
            member: false,
            metered: self.metered(),
        };
        if let Some(opened) = self.if_open() {
            let store = &opened.store;
            let exchange = opened.exchange();
            let standing = exchange.standing();
            let personal = Personal::read(store, opened.person().await?).await?;
            let rules = self.rules(store, &exchange).await?;
            state.account = account(store, &personal).await?;
            if let Some(account) = store.current_account().await? {
                state.registration = Some(Case::read(store, account.id).await?.state());
                state.unread_notices = crate::notices::unread(store, account.id).await?;
                state.member = self.is_member(&opened, account.id).await?;
                state.closing_asked = exchange.accounts().is_closing(account.id).await.map_err(refused)?;
            }
            state.preparations.account =
                matches!(state.account, AccountView::SignedIn { .. } | AccountView::SignInNeeded { .. });
            state.preparations.connection = self.last_check(Some(store)).await;
            state.preparations.personal_filled = personal.filled(&rules);
            state.preparations.personal_total = personal.total();
            state.preparations.personal_submitted = personal.is_submitted();
            state.sync = self.summary(store, &standing).await?;
            if let Some(about) = self.about_central(Some(store)).await {
                state.central.operator = Some(about.operator);
                state.central.demo = about.demo;
            }
        } else if let Some(about) = self.about_central(None).await {
            state.central.operator = Some(about.operator);
            state.central.demo = about.demo;
        }
        Ok(state)
    }

    /// The new state, told to the window too.
    pub(crate) async fn changed_state(&self) -> Answer<AppState> {
        // Read and told in turn: what was read earlier is never told later.
        let mut turn = self.inner.telling.lock().await;
        let state = self.read_state(&mut turn).await?;
        self.emit(AppEvent::State { state: Box::new(state.clone()) });
        Ok(state)
    }

    /// Codes of the select fields.
    ///
    /// # Errors
    /// The database fails.
    pub async fn get_choices(&self) -> Answer<Choices> {
        let scheme = match self.if_open() {
            Some(opened) => self.rules(&opened.store, &opened.exchange()).await?.scheme,
            None => Arc::clone(Programme::shipped()?.present()),
        };
        let excludes = |status: &str| {
            let fields = Fields::from([(ProfileField::EmploymentStatus, status.to_owned())]);
            Some((status.to_owned(), profile::exclusion(&fields)?))
        };
        let provinces = prakerja_domain::province::PROVINCES;
        Ok(Choices {
            provinces: provinces.map(|(code, name)| Choice { code: code.into(), name: name.into() }).into(),
            education_levels: profile::EDUCATION_LEVELS.map(String::from).into(),
            employment_statuses: profile::EMPLOYMENT_STATUSES.map(String::from).into(),
            excluding_statuses: profile::EMPLOYMENT_STATUSES.into_iter().filter_map(excludes).collect(),
            min_age: scheme.eligibility.min_age,
            max_age: scheme.eligibility.max_age,
            marital_statuses: profile::MARITAL_STATUSES.map(String::from).into(),
            training_interests: scheme.training_interests.clone(),
        })
    }

    pub(crate) async fn summary(&self, store: &Store, standing: &Standing) -> Answer<SyncSummary> {
        let account = store.current_account().await?;
        let counts = store.counts(account.as_ref().map_or(NOBODY, |account| account.id)).await?;
        Ok(standing.summary(&counts, account.is_some_and(|account| !account.signed_in)))
    }

    async fn last_check(&self, store: Option<&Store>) -> Option<LastCheck> {
        match self.inner.check.last() {
            Some(last) => Some(last),
            None => crate::check::stored_check(store?, &self.central().url).await,
        }
    }
}

async fn account(store: &Store, personal: &Personal) -> Answer<AccountView> {
    if let Some(account) = store.current_account().await? {
        let (email, first_name) = (account.email, personal.first_name());
        return Ok(if account.signed_in {
            AccountView::SignedIn { email, first_name }
        } else {
            AccountView::SignInNeeded { email, first_name }
        });
    }
    let waiting = store.sign_up().await?.filter(|sign_up| sign_up.code.is_some());
    Ok(waiting.map_or(AccountView::None, |sign_up| AccountView::AwaitingCode {
        email: sign_up.email,
        purpose: sign_up.purpose.into(),
    }))
}
