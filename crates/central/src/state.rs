//! What every handler shares: database, keys, clock, configuration.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use prakerja_domain::scheme::Scheme;
use prakerja_protocol::catalogue::Programme;
use prakerja_protocol::sealed::OpeningKey;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::ability_test::{AbilityTest, BankTrouble};
use crate::by_scheme::ByScheme;
use crate::clock::Clock;
use crate::config::{Config, ConfigError};
use crate::data_lock::DataLock;
use crate::db::Db;
use crate::documents::Desk;
use crate::errands::Errands;
use crate::face::FaceProvider;

use crate::middleware::{AdmissionControl, RateLimits};
use crate::notifier::{Notifier, NotifierError};
use crate::outside::SettingsError;
use crate::registry::Registry;
use crate::schemes::{Schemes, SchemesError};
use crate::secrets::{Secrets, SecretsError};

/// The running central. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Central(Arc<Parts>);

/// What [`Central`] leads to.
#[derive(Debug)]
pub struct Parts {
    /// What the operator set.
    pub config: Config,
    /// Central's clock.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// Keys.
    pub secrets: Secrets,
    /// Schemes in force.
    pub schemes: Schemes,
    /// The test and its question banks.
    pub ability_test: AbilityTest,
    /// Requests per address and account.
    pub rates: RateLimits,
    /// Requests at the same time.
    pub admission: AdmissionControl,
    /// Uploads, documents and the judging of photos.
    pub documents: Desk,
    /// Messages to people.
    pub notifier: Notifier,
    /// Calls to outside parties that wait.
    pub(crate) errands: Errands,
    /// Held by whoever moves a wave of the demo on: the conductor, or a journey that decides itself.
    pub(crate) demo_turn: tokio::sync::Mutex<()>,
    /// The civil registry of each scheme.
    pub(crate) registries: ByScheme<Registry>,
    /// The provider of face checks of each scheme.
    pub(crate) faces: ByScheme<FaceProvider>,
    /// The data folder, until [`Central::close`].
    pub folder: DataLock,
    /// Epoch of the database; it changes when a backup is restored.
    pub epoch: Uuid,
    /// Cancelled when central stops: long waits end, tasks finish what they have.
    pub stopping: CancellationToken,
    /// Tasks to wait for at the end.
    pub tasks: TaskTracker,
    /// The sync engine, set before the first request.
    pub sync: OnceLock<crate::sync::Engine>,
    /// The catalogue, set before the first request.
    pub catalogue: OnceLock<crate::catalogue::Shelf>,
}

impl Deref for Central {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Central could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder could not be made.
    #[error("the data folder could not be made")]
    Folder(#[source] std::io::Error),
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Schemes.
    #[error(transparent)]
    Schemes(#[from] SchemesError),
    /// The question bank.
    #[error(transparent)]
    Questions(#[from] BankTrouble),
    /// `--demo` on a folder that is not a demo's.
    #[error(
        "{0} belongs to a real central, and --demo would write invented trainings into it and print people's mails: choose \
         another folder with --data"
    )]
    RealFolder(PathBuf),
    /// A demo's folder without `--demo`.
    #[error("{0} holds the invented data of a demo: start with --demo, or choose another folder with --data")]
    DemoFolder(PathBuf),
    /// Another process works on the folder.
    #[error("another central works with {0}: stop it first, or choose another folder with --data")]
    InUse(PathBuf),
    /// Keys.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    /// A command that would decide by other schemes than the serving central.
    #[error(
        "the schemes are not those with which central was started last: give the same --config as serve (after a change of \
         schemes or keys, start central first)"
    )]
    OtherSchemes,
    /// The database.
    #[error("the database could not be opened")]
    Db(#[from] sqlx::Error),
    /// The mail server's configuration.
    #[error(transparent)]
    Notifier(#[from] NotifierError),
    /// The configuration of an outside party.
    #[error(transparent)]
    Outside(#[from] SettingsError),
    /// Anything else that a room needs at start.
    #[error("{0}")]
    Other(String),
}

impl Central {
    /// Opens database and keys in `config.data` and starts what runs beside the requests.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn open(config: Config, clock: Clock) -> Result<Self, StartError> {
        config.check()?;
        let schemes = Schemes::load(&config)?;
        let ability_test = AbilityTest::load(&config, &schemes, clock.now_ms())?;
        crate::ability_test::warn_of_public_answers(&config, &schemes);
        make_folder(&config.data).map_err(StartError::Folder)?;
        let folder = DataLock::take(&config.data)?;
        let file = config.data.join("central.db");
        let secrets = Secrets::open(&config.data, &file)?;
        let db = Db::open(&file).await?;
        if db.claim(config.demo).await? != config.demo {
            db.close().await;
            let data = config.data;
            return Err(if config.demo { StartError::RealFolder(data) } else { StartError::DemoFolder(data) });
        }
        crate::office::audit::begin(&db, &config.data).await?;
        let epoch = crate::sync::epoch::open(&db, &config.data, clock.now_ms()).await?;
        let central = Self(Arc::new(Parts {
            rates: RateLimits::new(&config.limits),
            admission: AdmissionControl::new(&config.limits),
            documents: Desk::open(&config).map_err(StartError::Folder)?,
            notifier: Notifier::new(&config)?,
            errands: Errands::default(),
            demo_turn: tokio::sync::Mutex::default(),
            registries: Registry::load(&config, &schemes)?,
            faces: FaceProvider::load(&config, &schemes)?,
            config,
            clock,
            db,
            secrets,
            schemes,
            ability_test,
            folder,
            epoch,
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
            sync: OnceLock::new(),
            catalogue: OnceLock::new(),
        }));
        crate::accounts::remember_stretch(&central).await?;
        central.notifier.start(&central);
        let shelf = crate::catalogue::start(&central).await?;
        let engine = crate::sync::start(&central).await?;
        // Just made, so both are empty.
        let _ = central.catalogue.set(shelf);
        let _ = central.sync.set(engine);
        // Before anybody is served: whom a backup brought back must not come in.
        let closed = crate::accounts::catch_up(&central).await;
        closed.map_err(|error| StartError::Other(format!("closed accounts cannot be looked through: {error:?}")))?;
        crate::ability_test::run(&central);
        // They need the engine.
        crate::housekeeping::start(&central);
        crate::errands::start(&central);
        crate::waves::start(&central);
        Ok(central)
    }

    /// A transaction was committed: tasks whose work was queued in it begin.
    pub(crate) fn committed(&self) {
        self.notifier.bell.committed();
        self.errands.bell.committed();
        self.ability_test.bell.committed();
    }

    /// For an operator's command, beside a central that may be running: it takes no folder, starts nothing and writes with
    /// the same keys. The database's schema must be this program's, and the schemes those of the serving central.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn beside(mut config: Config, clock: Clock) -> Result<Self, StartError> {
        let file = config.data.join("central.db");
        if !file.exists() {
            return Err(StartError::Other(format!(
                "there is no database in {}; start central once",
                config.data.display()
            )));
        }
        let schemes = Schemes::load(&config)?;
        let ability_test = AbilityTest::load(&config, &schemes, clock.now_ms())?;
        let secrets = Secrets::open(&config.data, &file)?;
        let db = Db::open_existing(&file).await?;
        let (demo,): (i64,) = sqlx::query_as("select demo from made_for where one = 1").fetch_one(db.read()).await?;
        config.demo = demo == 1;
        let epoch = crate::sync::epoch::known(&db).await?;
        let central = Self(Arc::new(Parts {
            rates: RateLimits::new(&config.limits),
            admission: AdmissionControl::new(&config.limits),
            documents: Desk::open(&config).map_err(StartError::Folder)?,
            notifier: Notifier::beside(),
            errands: Errands::default(),
            demo_turn: tokio::sync::Mutex::default(),
            registries: Registry::load(&config, &schemes)?,
            faces: FaceProvider::load(&config, &schemes)?,
            config,
            clock,
            db,
            secrets,
            schemes,
            ability_test,
            folder: DataLock::none(),
            epoch,
            stopping: CancellationToken::new(),
            tasks: TaskTracker::new(),
            sync: OnceLock::new(),
            catalogue: OnceLock::new(),
        }));
        if !crate::catalogue::has_schemes_of_last_start(&central).await? {
            central.close_beside().await;
            return Err(StartError::OtherSchemes);
        }
        let _ = central.sync.set(crate::sync::beside(&central));
        Ok(central)
    }

    /// Closes what [`Central::beside`] opened. The folder and its files are the serving central's.
    pub async fn close_beside(&self) {
        self.db.close().await;
    }

    /// Seals and opens personal content.
    pub(crate) fn sealer(&self) -> Result<&crate::sync::Sealer, crate::error::ApiError> {
        let engine = self.sync.get().ok_or_else(|| crate::error::ApiError::defect("no sync engine"))?;
        Ok(engine.sealer())
    }

    /// What the catalogue says of schemes and keys.
    pub(crate) fn programme(&self) -> Programme {
        Programme {
            schemes: self.schemes.all().iter().map(|scheme| Scheme::clone(scheme)).collect(),
            scheme: self.schemes.present().version.clone(),
            sealing_key: self.secrets.documents.first().map(OpeningKey::public),
        }
    }

    /// Ends what [`Central::open`] started and closes the database.
    pub async fn close(&self) {
        self.stopping.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        crate::sync::epoch::note(self, 0).await;
        self.db.close().await;
        self.folder.release();
    }
}

/// Makes the data folder, for its owner only.
fn make_folder(path: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
