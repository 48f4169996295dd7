//! Somebody with an account on a computer without a network: what central said is put into the store while the app is
//! closed, exactly as the exchange would.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use prakerja_app::ipc::{AppEvent, Changed, Delivery};
use prakerja_app::{App, AppConfig, Clock, DATABASE, Steady, SyncTimes, Uuid};
use prakerja_domain::registration::{Facts, TestProgress};
use prakerja_protocol::registration::RegistrationRecord;
use prakerja_store::{
    CatalogueUpdate, CommandOutcome, DatabaseKey, FeedChange, FeedPage, Session, SnapshotPage, Store, Tokens,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::broadcast;

use super::support::wait::until;
use super::support::{FakeKeyring, Heard, Mood, NOBODY_THERE, config};

/// The person.
pub(crate) const PERSON: Uuid = Uuid::from_u128(0xA11CE);
/// A morning in Jakarta.
pub(crate) const NOW: i64 = 1_795_600_000_000;
pub(crate) const HOUR: i64 = 3_600_000;
pub(crate) const DAY: i64 = 24 * HOUR;

/// Clocks that are set by hand.
pub(crate) struct Hand {
    now: AtomicI64,
    boot: AtomicU64,
    /// What the clock that nobody can set shows.
    up: AtomicI64,
}

impl Hand {
    fn new() -> Arc<Self> {
        Arc::new(Self { now: AtomicI64::new(NOW), boot: AtomicU64::new(1), up: AtomicI64::new(HOUR) })
    }

    /// Somebody sets the date.
    pub(crate) fn set(&self, now: i64) {
        self.now.store(now, Ordering::SeqCst);
    }

    /// Time goes on.
    pub(crate) fn passes(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
        self.up.fetch_add(ms, Ordering::SeqCst);
    }

    /// The computer is started anew.
    pub(crate) fn reboot(&self) {
        self.boot.fetch_add(1, Ordering::SeqCst);
    }
}

impl Clock for Hand {
    fn now_ms(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    fn steady(&self) -> Steady {
        let boot = Uuid::from_u128(self.boot.load(Ordering::SeqCst).into());
        Steady { boot, ms: self.up.load(Ordering::SeqCst) }
    }
}

/// A computer of that person.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    pub(crate) clock: Arc<Hand>,
    pub(crate) heard: Arc<Heard>,
    keyring: Arc<FakeKeyring>,
    central: String,
    seq: AtomicI64,
}

impl Desk {
    /// With an account, and a central that nobody reaches.
    pub(crate) async fn new() -> Self {
        Self::at(NOBODY_THERE.into()).await
    }

    /// With an account at a central.
    pub(crate) async fn at(central: String) -> Self {
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
            clock: Hand::new(),
            heard: Arc::default(),
            keyring: FakeKeyring::new(Mood::Working),
            central,
            seq: AtomicI64::new(0),
        };
        desk.open().await.close().await;
        desk.with(async |store| {
            let session = Session {
                account: PERSON,
                email: "sari.w@contoh.id".into(),
                origin: desk.central.clone(),
                session: Uuid::from_u128(5),
                tokens: Tokens { access: "access".into(), access_expires_at: i64::MAX, refresh: "refresh".into() },
                epoch: Some(Uuid::from_u128(6)),
                receipt_key: None,
            };
            store.sign_in(&session, true, NOW).await.unwrap();
        })
        .await;
        desk
    }

    /// Starts the app with its window in front. Where nobody is reached, the one try of the exchange is over: what it has
    /// in its hands cannot be taken back.
    pub(crate) async fn open(&self) -> App {
        let app = App::open(self.config()).await;
        if self.central == NOBODY_THERE {
            until("the exchange gave up", || async {
                let sync = app.get_sync().await.unwrap();
                let sending = sync.waiting.iter().any(|row| matches!(row.delivery, Delivery::Sending { .. }));
                (sync.summary.online == Some(false) && !sending).then_some(())
            })
            .await;
        }
        app
    }

    /// Starts the app with its window behind others.
    pub(crate) async fn open_unseen(&self) -> App {
        let app = App::new(self.config());
        app.set_foreground(false);
        app.open_vault().await;
        app
    }

    /// Starts the app and waits until the database and the exchange each told all there is: nothing but the clock moves
    /// the waves after that.
    pub(crate) async fn open_and_settle(&self) -> (App, broadcast::Receiver<AppEvent>) {
        let app = App::new(self.config());
        let mut events = app.events();
        app.open_vault().await;
        for _ in 0..2 {
            while !matches!(events.recv().await.unwrap(), AppEvent::Changed { what: Changed::Notices }) {}
        }
        (app, events)
    }

    fn config(&self) -> AppConfig {
        let mut config = config(self.folder.path(), &self.keyring);
        config.central = Some(self.central.clone());
        config.clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        config.notifier = Arc::clone(&self.heard) as _;
        if self.central == NOBODY_THERE {
            // After its first try nothing is sent in the middle of a test.
            let hour = HOUR.unsigned_abs();
            config.sync = SyncTimes { backoff_unit: hour, backoff_cap: hour, spread_foreground: hour, ..config.sync };
        }
        config
    }

    /// Works on the store of the closed app.
    pub(crate) async fn with<T>(&self, work: impl AsyncFnOnce(&Store) -> T) -> T {
        let key = DatabaseKey::from_bytes(self.keyring.keys().values().next().unwrap()).unwrap();
        let store = Store::open(&self.folder.path().join(DATABASE), &key).await.unwrap();
        let done = work(&store).await;
        store.close().await;
        done
    }

    /// Central says something.
    pub(crate) async fn told(&self, records: &[(&str, u128, Value)]) {
        let change = |(kind, id, data): &(&str, u128, Value)| {
            let seq = self.seq.fetch_add(1, Ordering::SeqCst) + 1;
            let (kind, id, data) = ((*kind).to_owned(), Uuid::from_u128(*id), Some(data.clone()));
            FeedChange { seq, kind, id, rev: seq, data, by: None }
        };
        let changes = records.iter().map(change).collect();
        let page = FeedPage { epoch: Uuid::from_u128(6), cursor: "c".into(), changes };
        self.with(async |store| store.apply_page(PERSON, &page, NOW).await.unwrap()).await;
    }

    /// Central was restored: it has another epoch, and of the person only this is left.
    pub(crate) async fn restored(&self, registration: Value) {
        let seq = self.seq.fetch_add(1, Ordering::SeqCst) + 1;
        let data = Some(registration);
        let id = Uuid::from_u128(0xA11CE);
        let records = vec![FeedChange { seq, kind: "registration".into(), id, rev: seq, data, by: None }];
        let (epoch, cursor) = (Uuid::from_u128(7), "restored".to_owned());
        let page = SnapshotPage { epoch, as_of_seq: seq, records, next: None, cursor };
        self.with(async |store| store.apply_snapshot_page(PERSON, &page, NOW).await.unwrap()).await;
    }

    /// Central's registration of the person.
    pub(crate) async fn registered(&self, facts: Facts) {
        self.told(&[("registration", 0xA11CE, record(facts))]).await;
    }

    /// Central's waves.
    pub(crate) async fn waves(&self, waves: Value) {
        let version = self.seq.fetch_add(1, Ordering::SeqCst) + 1;
        let update = CatalogueUpdate { version, waves, provinces: vec!["21".into()], ..CatalogueUpdate::default() };
        self.with(async |store| store.apply_catalogue(&update, NOW).await.unwrap()).await;
    }

    /// Central's final answer to a waiting command of a kind.
    pub(crate) async fn answered(&self, kind: &str, status: &str, problem: Option<Value>) {
        self.with(async |store| {
            let waiting = store.waiting(PERSON).await.unwrap();
            let command = waiting.iter().find(|row| row.kind == kind).unwrap().id;
            let seq = self.seq.fetch_add(1, Ordering::SeqCst) + 1;
            let outcome = CommandOutcome {
                command,
                status: status.into(),
                problem,
                current: None,
                rev: Some(1),
                seq: Some(seq),
                received_at: Some(NOW),
                receipt: None,
                number: None,
            };
            store.record_results(PERSON, &[outcome], NOW).await.unwrap();
        })
        .await;
    }
}

/// A registration as central tells it.
pub(crate) fn record(facts: Facts) -> Value {
    let record = RegistrationRecord {
        case_number: "PD-2026-000123".into(),
        scheme: "2023".into(),
        state: facts.state(),
        facts,
        since: NOW - DAY,
        identity: None,
        face: None,
        phone: None,
        declarations: None,
        test: None,
        blocked: None,
    };
    serde_json::to_value(record).unwrap()
}

/// Everything done and passed.
pub(crate) fn complete() -> Facts {
    Facts::complete(TestProgress::Passed)
}

/// Personal data as central has it: complete.
pub(crate) fn profile() -> Value {
    json!({ "fields": {
        "full_name": "Sari Wulandari", "nik": "2171014102030001", "kk_number": "2171010102030004",
        "birth_date": "2003-02-01", "gender": "female", "phone": "+6281234567890", "ktp_address": "Jl. Kenanga No. 5",
        "ktp_region": "2171041003", "domicile_same_as_ktp": "yes", "education_level": "sma_smk",
        "marital_status": "single", "dependants_count": "0", "employment_status": "job_seeker",
        "training_interests": "office",
    } })
}

/// The consents of the identity screen, ticked.
pub(crate) fn ticked() -> Vec<String> {
    vec!["data_matching".to_owned()]
}
