//! A person at a computer: the real store in a temporary folder and the real exchange.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use prakerja_domain::enrolment::EnrolmentState;
use prakerja_domain::profile::ProfileField;
use prakerja_protocol::account::{Consent, Language};
use prakerja_protocol::sync::{Command, EnrolmentCancel, EnrolmentRequest, ProfilePatch};
use prakerja_store::{
    ActivityState, DatabaseKey, DraftChange, KeyInfo, NewCommand, OutboxRow, Protection, Store, TrainingQuery,
};
use prakerja_sync::account::{Accounts, CodeForm, Wish};
use prakerja_sync::clock::{ServerClock, SystemClock};
use prakerja_sync::core::Config;
use prakerja_sync::executor::{self, SyncConfig, SyncHandle, SyncStatus};
use prakerja_sync::http::{Http, HttpConfig};
use prakerja_testkit::central::Central;
use secrecy::SecretString;
use tempfile::TempDir;
use uuid::Uuid;

/// Longest wait for a condition.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a condition is looked at although nothing was told.
const LOOK: Duration = Duration::from_millis(20);

pub(crate) const PASSWORD: &str = "Rahasia-kuat-42";

/// The real spans, shortened.
pub(crate) fn quick() -> Config {
    Config {
        backoff_unit: 20,
        backoff_cap: 200,
        overload_spread: 20,
        periodic: 400,
        spread_foreground: 20,
        spread_background: 20,
        tls_recheck: 100,
        version_recheck: 100,
        locked_recheck: 100,
        local_recheck: 50,
        watchdog: 10_000,
        replay_spread: 20,
        ..Config::default()
    }
}

pub(crate) struct Person {
    pub(crate) store: Store,
    pub(crate) sync: SyncHandle,
    pub(crate) email: String,
    pub(crate) base: String,
    pub(crate) folder: Option<TempDir>,
}

/// Makes the database of a computer, or opens it.
pub(crate) async fn open(folder: &Path) -> Store {
    let path = folder.join("applicant.db");
    let key = DatabaseKey::from_bytes(&[7; 32]).unwrap();
    if path.exists() {
        return Store::open(&path, &key).await.unwrap();
    }
    let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
    Store::create(&path, &key, &info).await.unwrap()
}

/// Starts the exchange of a computer.
pub(crate) async fn start(store: &Store, base: &str, config: Config, roots: Vec<Vec<u8>>) -> SyncHandle {
    let device = store.device().await.unwrap().id;
    let http = HttpConfig {
        extra_roots: roots,
        connect_timeout: Duration::from_secs(5),
        idle_timeout: Duration::from_secs(5),
        ..HttpConfig::new(base, device, "app/0.1.0 (linux; schema=1)")
    };
    let clock = ServerClock::resumed(store, Arc::new(SystemClock)).await.unwrap();
    let http = Http::new(http, Arc::new(clock)).unwrap();
    executor::start(http, store.clone(), SyncConfig { core: config, foreground: true, hold_uploads: false })
}

pub(crate) fn form(email: &str) -> CodeForm {
    let consent = |id: &str| Consent { id: id.to_owned(), version: "2026-11-01".to_owned(), accepted_at: 1 };
    CodeForm {
        email: email.to_owned(),
        password: SecretString::from(PASSWORD),
        language: Language::Id,
        wish: Wish::Account { consents: vec![consent("terms"), consent("privacy")] },
    }
}

impl Person {
    /// A fresh computer.
    pub(crate) async fn new(email: &str, base: &str) -> Self {
        Self::with(email, base, quick(), Vec::new()).await
    }

    pub(crate) async fn with(email: &str, base: &str, config: Config, roots: Vec<Vec<u8>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).await;
        let sync = start(&store, base, config, roots).await;
        Self { store, sync, email: email.to_owned(), base: base.to_owned(), folder: Some(folder) }
    }

    /// A fresh computer with an account, signed in and up to date.
    pub(crate) async fn signed_up(central: &Central, email: &str, base: &str) -> Self {
        let person = Self::new(email, base).await;
        person.sign_up(central).await;
        person.caught_up().await;
        person
    }

    pub(crate) fn accounts(&self) -> Accounts {
        self.sync.accounts()
    }

    pub(crate) async fn sign_up(&self, central: &Central) {
        self.accounts().ask_for_code(&form(&self.email)).await.unwrap();
        let code = central.code_for(&self.email).await.unwrap();
        self.accounts().confirm_code(&code, "Laptop").await.unwrap();
    }

    pub(crate) async fn sign_in(&self) {
        let password = SecretString::from(PASSWORD);
        self.accounts().sign_in(&self.email, &password, "Laptop lain", true).await.unwrap();
    }

    pub(crate) async fn account(&self) -> Uuid {
        self.store.current_account().await.unwrap().expect("somebody is signed in").id
    }

    /// Ends the exchange in order and starts it again, as closing and opening the program does.
    pub(crate) async fn reopen(&mut self) {
        self.sync.shutdown().await;
        self.sync = start(&self.store, &self.base, quick(), Vec::new()).await;
    }

    pub(crate) async fn enqueue(&self, command: &Command, lane: String) -> Uuid {
        let new = NewCommand {
            id: Uuid::now_v7(),
            lane,
            kind: command.kind().to_owned(),
            v: 1,
            base_rev: None,
            depends_on: Vec::new(),
            payload: command.payload().unwrap(),
            clock: serde_json::to_value(self.sync.clock().evidence()).unwrap(),
            label: None,
            created_at: 1,
        };
        self.store.enqueue(self.account().await, &new, &DraftChange::default()).await.unwrap();
        self.sync.poke();
        new.id
    }

    /// Changes one field of the personal data.
    pub(crate) async fn write(&self, field: ProfileField, value: &str) -> Uuid {
        let fields = BTreeMap::from([(field, Some(value.to_owned()))]);
        self.enqueue(&Command::ProfilePatch(ProfilePatch { fields }), "profile".to_owned()).await
    }

    pub(crate) async fn enrol(&self, training: Uuid, schedule: Option<Uuid>) -> Uuid {
        let request = EnrolmentRequest { enrolment: Uuid::now_v7(), training, schedule };
        self.enqueue(&Command::EnrolmentRequest(request), Command::enrol_lane(training)).await
    }

    /// Gives the place that a command asked for back.
    pub(crate) async fn cancel(&self, request: Uuid) -> Uuid {
        let row = self.row(request).await;
        let enrolment = row.payload["enrolment"].as_str().unwrap().parse().unwrap();
        self.enqueue(&Command::EnrolmentCancel(EnrolmentCancel { enrolment }), row.lane).await
    }

    /// Free trainings without dates, for which there is always a place.
    pub(crate) async fn free_trainings(&self, count: usize) -> Vec<Uuid> {
        self.until("the catalogue", async || self.store.catalogue().await.unwrap().is_some()).await;
        let methods = vec![prakerja_domain::training::Method::SelfPaced];
        let query = TrainingQuery { methods, free_only: true, limit: 100, ..TrainingQuery::default() };
        let page = self.store.search_trainings(&query).await.unwrap();
        let trainings: Vec<Uuid> = page.rows.iter().map(|training| training.id).take(count).collect();
        assert_eq!(trainings.len(), count, "the demo has enough of them");
        trainings
    }

    pub(crate) async fn row(&self, command: Uuid) -> OutboxRow {
        self.store.command(self.account().await, command).await.unwrap().expect("the command is here")
    }

    /// Waits for a condition, looking whenever something was told.
    pub(crate) async fn until(&self, what: &str, reached: impl AsyncFn() -> bool) {
        let mut view = self.sync.subscribe();
        let waiting = async {
            while !reached().await {
                // Whatever comes first; a change without a note is found a moment later.
                let _ = tokio::time::timeout(LOOK, async {
                    tokio::select! { _ = view.events.recv() => (), _ = view.status.changed() => () }
                })
                .await;
            }
        };
        if tokio::time::timeout(PATIENCE, waiting).await.is_err() {
            let account = self.store.current_account().await.unwrap().map(|account| account.id);
            let rows = self.store.waiting(account.unwrap_or_default()).await.unwrap();
            panic!("waited in vain for {what}: {:?}\n{rows:?}", self.sync.status());
        }
    }

    pub(crate) async fn until_status(&self, what: &str, reached: impl Fn(&SyncStatus) -> bool) {
        self.until(what, async || reached(&self.sync.status())).await;
    }

    /// Waits until central answered a command for good, and gives its word.
    pub(crate) async fn finished(&self, command: Uuid) -> String {
        self.until("a final answer", async || self.row(command).await.status.is_some()).await;
        self.row(command).await.status.unwrap()
    }

    /// Waits until nothing is left to send and the records are central's.
    pub(crate) async fn caught_up(&self) {
        self.until("everything to be exchanged", async || {
            let account = self.account().await;
            let nothing_waits = self.store.waiting(account).await.unwrap().is_empty();
            let behind = self.store.finished(account, 500).await.unwrap();
            let newest = behind.iter().filter_map(|row| row.receipt.as_ref()?.seq).max().unwrap_or(0);
            let feed = self.store.feed(account).await.unwrap();
            nothing_waits && feed.is_some_and(|feed| feed.seen_seq >= newest)
        })
        .await;
    }
}

/// What central holds for a person, read by a second computer that knows nothing: the trainings, and how often the
/// personal data was changed.
pub(crate) struct AtCentral {
    pub(crate) trainings: Vec<Uuid>,
    pub(crate) profile: BTreeMap<ProfileField, String>,
    pub(crate) profile_rev: i64,
}

pub(crate) async fn at_central(central: &Central, email: &str) -> AtCentral {
    let other = Person::new(email, &central.base_url()).await;
    other.sign_in().await;
    let account = other.account().await;
    other.until("the records", async || other.store.feed(account).await.unwrap().is_some()).await;
    let activities = other.store.activities(account).await.unwrap();
    let taken = activities.iter().filter(|a| a.state != ActivityState::Enrolled(EnrolmentState::Cancelled));
    let mut trainings: Vec<Uuid> = taken.map(|activity| activity.training).collect();
    trainings.sort_unstable();
    let profile = other.store.profile(account).await.unwrap();
    other.sync.shutdown().await;
    AtCentral { trainings, profile: profile.base, profile_rev: profile.base_rev.unwrap_or(0) }
}

/// Central's own books: how many commands it keeps a result of, and how far the feeds of all people reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Books {
    pub(crate) commands: i64,
    pub(crate) effects: i64,
}

pub(crate) async fn books(central: &Central) -> Books {
    let db = &central.state().expect("central runs").db;
    let (commands, ids): (i64, i64) =
        sqlx::query_as("select count(*), count(distinct id) from command_log").fetch_one(db.read()).await.unwrap();
    assert_eq!(commands, ids, "one row a command");
    let effects: (i64,) = sqlx::query_as("select sum(feed_seq) from person").fetch_one(db.read()).await.unwrap();
    Books { commands, effects: effects.0 }
}

pub(crate) fn sorted(mut ids: Vec<Uuid>) -> Vec<Uuid> {
    ids.sort_unstable();
    ids
}
