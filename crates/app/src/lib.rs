//! The use cases a window or a terminal can ask for.
//!
//! Tauri is unknown here: `src-tauri` adapts each command of [`ipc`] in a few lines, and tests call the same functions.
//! [`App`] has one method for each command, grouped in one file for each subject. What they have in common: they check
//! what a stranger could have typed, they write through `store` before anything goes out, and they fail with one code
//! that the window has words for.

mod account;
mod activities;
mod alarm;
mod appeal;
mod applications;
mod calendar;
mod check;
mod clock;
mod close_account;
mod consents;
mod declarations;
mod delivery;
mod disk;
mod documents;
mod eligibility;
pub mod error;
mod exchange;
mod face;
mod facts;
mod holding;
pub mod ipc;
pub mod keys;
mod membership;
mod notices;
mod phone;
mod photo;
mod profile;
mod programme;
mod qr;
mod refusal;
mod regions;
mod registration;
mod reminders;
mod selection;
pub mod settings;
mod state;
mod sync_view;
mod test;
mod trainings;
pub mod typescript;
mod vault;
mod waves;

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::Duration;

use tokio::sync::broadcast;

pub use prakerja_domain::profile::ProfileField;
pub use prakerja_photo::QuarterTurn;
pub use prakerja_sync::clock::{Clock, Steady, SystemClock};
pub use prakerja_sync::core::Config as SyncTimes;
pub use uuid::Uuid;

pub use crate::calendar::CalendarWords;
pub use crate::disk::{Disk, ROOM_FOR_A_PHOTO, SystemDisk};
pub use crate::membership::Clipboard;
pub use crate::reminders::{NoticeKind, Notifier, Reminder};
pub use crate::vault::DATABASE;

use crate::error::Answer;
use crate::exchange::Exchange;
use crate::ipc::{
    AppEvent, AppState, Changed, ErrorCode, IpcError, KeyringTrouble, Protection, VaultProblem, VaultView,
};
use crate::keys::{KeyStore, Keyring};
use crate::settings::{CentralAddress, Stored};
use crate::vault::{Outcome, problem};
use prakerja_store::{NOBODY, OpenError, Store, StoreError};

/// Events that a slow window may be behind; it is told everything anew when it was slower still.
const EVENTS: usize = 256;

/// What the app needs to know of where it runs.
pub struct AppConfig {
    /// Folder for everything of this run; it exists and is private.
    pub data_dir: PathBuf,
    /// Folder of the person for what he or she exports.
    pub documents_dir: PathBuf,
    /// Address of central from the environment (`PRAKERJA_CENTRAL`).
    pub central: Option<String>,
    /// The keyring.
    pub key_store: Arc<dyn KeyStore>,
    /// How long a keyring may take; [`keys::PATIENCE`] but for tests.
    pub key_patience: Duration,
    /// Version of the app.
    pub version: String,
    /// Name of the operating system, as sent to central.
    pub os: String,
    /// Name of this computer for the session list.
    pub device_name: String,
    /// This computer's clocks.
    pub clock: Arc<dyn Clock>,
    /// This computer's disk.
    pub disk: Arc<dyn Disk>,
    /// Tells the person something outside of the window.
    pub notifier: Arc<dyn Notifier>,
    /// Times of the exchange with central; the default but for tests.
    pub sync: SyncTimes,
}

/// The app. Cheap to clone; all clones are one app.
#[derive(Clone)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) config: AppConfig,
    pub(crate) keyring: Keyring,
    pub(crate) settings: RwLock<Stored>,
    /// Taken while settings are changed.
    pub(crate) settings_turn: tokio::sync::Mutex<()>,
    vault: RwLock<Vault>,
    /// Taken while the database is opened, made or set aside.
    pub(crate) vault_turn: tokio::sync::Mutex<()>,
    pub(crate) check: check::Desk,
    /// The window is looked at.
    pub(crate) looked_at: AtomicBool,
    /// Bytes cost money on this connection, by what the operating system says.
    pub(crate) metered: Mutex<Option<bool>>,
    /// Taken while something that is done once is looked up and done: a double click or the clock must not do it twice.
    pub(crate) once: tokio::sync::Mutex<()>,
    /// Turn of the last state of the frame. Taken while one is read and told.
    pub(crate) telling: tokio::sync::Mutex<u32>,
    /// Taken while commitments of draws are kept, and as long as somebody compares them with the catalogue.
    pub(crate) commitments: tokio::sync::Mutex<()>,
    /// The waves with their states, as they were when somebody last looked at the clock.
    pub(crate) waves_seen: Mutex<Option<Vec<(u32, prakerja_domain::wave::WaveState)>>>,
    /// Wakes what looks at the clock.
    pub(crate) alarm: Arc<tokio::sync::Notify>,
    /// The provider's page of the last face check: the window may open what is on the same origin.
    pub(crate) face_page: Mutex<Option<url::Url>>,
    /// What will take the card number out of the clipboard.
    pub(crate) forgetting: Mutex<Option<tokio::task::AbortHandle>>,
    events: broadcast::Sender<AppEvent>,
}

/// The database, as this run knows it.
enum Vault {
    Opening,
    NeedsPassphrase(KeyringTrouble),
    Locked(Protection),
    Broken(VaultProblem),
    Open(Arc<Opened>),
}

/// What there is while the database is open.
pub(crate) struct Opened {
    pub(crate) store: Store,
    by: Protection,
    /// Everything that goes to central and comes from there; another one after the address was changed.
    exchange: RwLock<Arc<Exchange>>,
}

impl Opened {
    pub(crate) fn exchange(&self) -> Arc<Exchange> {
        Arc::clone(&self.exchange.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The account that the window shows; [`NOBODY`] for what is typed before there is one.
    pub(crate) async fn person(&self) -> Answer<Uuid> {
        Ok(self.store.current_account().await?.map_or(NOBODY, |account| account.id))
    }

    /// The account, for what only a person with one can do.
    pub(crate) async fn account(&self) -> Answer<Uuid> {
        let account = self.store.current_account().await?;
        account.map(|account| account.id).ok_or_else(|| IpcError::new(ErrorCode::SignInNeeded))
    }
}

impl App {
    /// An app whose database is not open yet: what a window shows at once. [`App::open_vault`] goes on.
    pub fn new(config: AppConfig) -> Self {
        let settings = Stored::read(&config.data_dir);
        regions::preload();
        let inner = Inner {
            keyring: Keyring::new(Arc::clone(&config.key_store), config.key_patience),
            settings: RwLock::new(settings),
            settings_turn: tokio::sync::Mutex::default(),
            vault: RwLock::new(Vault::Opening),
            vault_turn: tokio::sync::Mutex::default(),
            check: check::Desk::default(),
            looked_at: AtomicBool::new(true),
            metered: Mutex::default(),
            once: tokio::sync::Mutex::default(),
            telling: tokio::sync::Mutex::default(),
            commitments: tokio::sync::Mutex::default(),
            waves_seen: Mutex::default(),
            alarm: Arc::default(),
            face_page: Mutex::default(),
            forgetting: Mutex::default(),
            events: broadcast::channel(EVENTS).0,
            config,
        };
        Self { inner: Arc::new(inner) }
    }

    /// An app whose database was opened, made, or found unusable; the state says which.
    pub async fn open(config: AppConfig) -> Self {
        let app = Self::new(config);
        app.open_vault().await;
        app
    }

    /// The state and everything that happens after it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn subscribe(&self) -> Answer<(AppState, broadcast::Receiver<AppEvent>)> {
        let events = self.events();
        Ok((self.get_state().await?, events))
    }

    /// Everything that happens from now on.
    pub fn events(&self) -> broadcast::Receiver<AppEvent> {
        self.inner.events.subscribe()
    }

    /// Tells the window everything anew: it just opened, or was too slow to hear all events.
    pub async fn tell_everything(&self) {
        if let Err(error) = self.changed_state().await {
            tracing::warn!(code = ?error.code, "the state is not known");
        }
        for what in exchange::EVERYTHING {
            self.tell(what);
        }
        // Somebody else may be there now.
        self.look_again();
    }

    /// Ends what runs in the background and lets go of the database.
    pub async fn close(&self) {
        self.stop_check_task();
        let turn = self.inner.vault_turn.lock().await;
        let before =
            std::mem::replace(&mut *self.inner.vault.write().unwrap_or_else(PoisonError::into_inner), Vault::Opening);
        if let Vault::Open(opened) = before {
            opened.exchange().stop().await;
            opened.store.close().await;
        }
        drop(turn);
    }

    pub(crate) fn emit(&self, event: AppEvent) {
        // Nobody listening is no error: a terminal has no window.
        let _ = self.inner.events.send(event);
    }

    pub(crate) fn tell(&self, what: Changed) {
        self.emit(AppEvent::Changed { what });
    }

    /// The database, when it is open.
    pub(crate) fn if_open(&self) -> Option<Arc<Opened>> {
        match &*self.inner.vault.read().unwrap_or_else(PoisonError::into_inner) {
            Vault::Open(opened) => Some(Arc::clone(opened)),
            _ => None,
        }
    }

    /// The open database, for commands that need it.
    pub(crate) fn opened(&self) -> Answer<Arc<Opened>> {
        match &*self.inner.vault.read().unwrap_or_else(PoisonError::into_inner) {
            Vault::Open(opened) => Ok(Arc::clone(opened)),
            Vault::Broken(_) => Err(IpcError::new(ErrorCode::VaultBroken)),
            Vault::Opening | Vault::NeedsPassphrase(_) | Vault::Locked(_) => Err(IpcError::new(ErrorCode::VaultLocked)),
        }
    }

    pub(crate) fn vault_view(&self) -> VaultView {
        match &*self.inner.vault.read().unwrap_or_else(PoisonError::into_inner) {
            Vault::Opening => VaultView::Opening,
            Vault::NeedsPassphrase(why) => VaultView::NeedsPassphrase { why: *why },
            Vault::Locked(by) => VaultView::Locked { by: *by },
            Vault::Open(opened) => VaultView::Open { by: opened.by },
            Vault::Broken(why) => {
                let path = self.inner.config.data_dir.join(DATABASE).display().to_string();
                VaultView::Broken { why: *why, path }
            }
        }
    }

    /// Takes note of what came of opening the database, and begins to exchange when it is open.
    pub(crate) async fn settle(&self, outcome: Outcome) {
        let next = match outcome {
            Outcome::NeedsPassphrase(why) => Vault::NeedsPassphrase(why),
            Outcome::Locked(by) => Vault::Locked(by),
            Outcome::Broken(why) => Vault::Broken(why),
            Outcome::Opened(store, by) => {
                let met = prakerja_store::damage();
                match self.begin(&store).await {
                    Ok(exchange) => {
                        let opened = Arc::new(Opened { store, by, exchange: RwLock::new(exchange) });
                        tokio::spawn(watch_damage(met, Arc::downgrade(&self.inner), Arc::downgrade(&opened)));
                        Vault::Open(opened)
                    }
                    Err(why) => {
                        store.close().await;
                        Vault::Broken(why)
                    }
                }
            }
        };
        let opened = if let Vault::Open(opened) = &next { Some(Arc::downgrade(opened)) } else { None };
        *self.inner.vault.write().unwrap_or_else(PoisonError::into_inner) = next;
        if let Some(opened) = opened {
            tokio::spawn(alarm::run(Arc::downgrade(&self.inner), opened));
        }
        // The kind of connection may have become known while the database was opened.
        self.hold_photos();
    }

    /// The address of central changed: what is under way ends, and everything goes to the new one.
    pub(crate) async fn central_changed(&self) {
        self.forget_check();
        let Some(opened) = self.if_open() else { return };
        opened.exchange().stop().await;
        match self.begin(&opened.store).await {
            Ok(exchange) => {
                *opened.exchange.write().unwrap_or_else(PoisonError::into_inner) = exchange;
                self.hold_photos();
            }
            // Opening it again begins an exchange, too.
            Err(why) => self.give_up(&opened, why).await,
        }
    }

    /// Begins to exchange with the address in force. Sessions with another central rest: nothing of them is sent there.
    async fn begin(&self, store: &Store) -> Result<Arc<Exchange>, VaultProblem> {
        store.use_origin(&self.central().url).await.map_err(|error| problem(&OpenError::from(error)))?;
        self.connect(store).await.map_err(|error| {
            tracing::error!(code = ?error.code, reference = error.reference, "no exchange begins");
            VaultProblem::Failed
        })
    }

    /// Takes the open database out of use and tells the window why. The file stays as it is.
    async fn give_up(&self, opened: &Arc<Opened>, why: VaultProblem) {
        let turn = self.inner.vault_turn.lock().await;
        let is_in_use = self.if_open().is_some_and(|now| Arc::ptr_eq(&now, opened));
        if is_in_use {
            tracing::error!(?why, "the open database fails");
            *self.inner.vault.write().unwrap_or_else(PoisonError::into_inner) = Vault::Broken(why);
            opened.exchange().stop().await;
            opened.store.close().await;
        }
        drop(turn);
        if is_in_use {
            self.tell_everything().await;
        }
    }

    pub(crate) fn stored_settings(&self) -> Stored {
        self.inner.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn central(&self) -> CentralAddress {
        CentralAddress::choose(&self.stored_settings(), self.inner.config.central.as_deref())
    }
}

/// Looks at the open database whenever a damaged page was met, whoever met it, until the database is closed.
async fn watch_damage(mut met: tokio::sync::watch::Receiver<u64>, app: Weak<Inner>, opened: Weak<Opened>) {
    while met.changed().await.is_ok() {
        let (Some(inner), Some(opened)) = (app.upgrade(), opened.upgrade()) else { return };
        if matches!(opened.store.check_integrity().await, Err(StoreError::Damaged)) {
            return App { inner }.give_up(&opened, VaultProblem::Damaged).await;
        }
    }
}
