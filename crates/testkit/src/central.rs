//! The real central, in this process but on a runtime of its own, so that it can be killed like a program.
//!
//! It serves demo data and the sandbox mailbox on a loopback port, in a temporary folder, with quick password stretching
//! and limits that no test meets by accident.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use prakerja_central::clock::Clock;
use prakerja_central::config::Config;
use prakerja_protocol::password::StretchParams;
use serde::Deserialize;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Longest wait for a condition.
const PATIENCE: Duration = Duration::from_secs(20);
/// Time between two looks at a condition.
const LOOK: Duration = Duration::from_millis(10);

/// Central could not be started, stopped or read.
#[derive(Debug, thiserror::Error)]
#[error("central: {0}")]
pub struct CentralError(String);

fn failed(error: impl std::fmt::Display) -> CentralError {
    CentralError(error.to_string())
}

/// A mail in the sandbox mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SandboxMail {
    /// Address.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
    /// The code in it.
    pub code: Option<String>,
    /// When it was kept, by central's clock, Unix milliseconds.
    pub at: i64,
}

/// A central, running or stopped.
#[derive(Debug)]
pub struct Central {
    config: Config,
    clock: Clock,
    address: SocketAddr,
    running: Option<Running>,
    /// Code mails that were handed out, per address.
    taken: Mutex<HashMap<String, usize>>,
    _folder: TempDir,
}

#[derive(Debug)]
struct Running {
    runtime: Runtime,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
    state: prakerja_central::state::Central,
}

impl Central {
    /// Starts with the operating system's clock.
    ///
    /// # Errors
    /// [`CentralError`].
    pub async fn start() -> Result<Self, CentralError> {
        Self::start_with(Clock::System, |_| {}).await
    }

    /// Starts with a clock and a changed configuration.
    ///
    /// # Errors
    /// [`CentralError`].
    pub async fn start_with(clock: Clock, tweak: impl FnOnce(&mut Config)) -> Result<Self, CentralError> {
        Self::start_on(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), clock, tweak).await
    }

    /// The same on an address: a central that takes the place of another one.
    ///
    /// # Errors
    /// [`CentralError`].
    pub async fn start_on(
        address: SocketAddr,
        clock: Clock,
        tweak: impl FnOnce(&mut Config),
    ) -> Result<Self, CentralError> {
        let folder = tempfile::tempdir().map_err(failed)?;
        let mut config = Config { data: folder.path().join("central"), demo: true, ..Config::default() };
        config.stretch = StretchParams { memory_kib: 8 * 1024, passes: 1, lanes: 1 };
        config.limits.address_per_minute = 1_000_000;
        config.limits.account_per_minute = 1_000_000;
        config.limits.sink_per_minute = 1_000_000;
        config.limits.admission.slow_start_s = 0;
        tweak(&mut config);
        let mut central = Self { config, clock, address, running: None, taken: Mutex::default(), _folder: folder };
        central.restart().await?;
        Ok(central)
    }

    /// Its address, such as `http://127.0.0.1:40123`; the same after a restart.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its socket address; the same after a restart.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its data folder.
    pub fn data_dir(&self) -> &Path {
        &self.config.data
    }

    /// Its clock.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Its inside, while it runs.
    pub fn state(&self) -> Option<&prakerja_central::state::Central> {
        self.running.as_ref().map(|running| &running.state)
    }

    /// Changes the configuration of the next start.
    pub fn configure(&mut self, tweak: impl FnOnce(&mut Config)) {
        tweak(&mut self.config);
    }

    /// Stops in order: open requests end, the database is closed.
    ///
    /// # Errors
    /// [`CentralError`] when it does not come to an end.
    pub async fn stop(&mut self) -> Result<(), CentralError> {
        let Some(Running { runtime, stop, served, state }) = self.running.take() else { return Ok(()) };
        drop(state);
        // It may have ended by itself.
        let _ = stop.send(());
        let ended = tokio::time::timeout(PATIENCE, served).await;
        end(runtime).await?;
        ended.map_err(failed)?.map_err(failed)
    }

    /// Ends at once, in the middle of whatever it does: every task is dropped at its next wait, nothing is answered.
    ///
    /// # Errors
    /// [`CentralError`] when the runtime does not end.
    pub async fn kill(&mut self) -> Result<(), CentralError> {
        match self.running.take() {
            Some(running) => end(running.runtime).await,
            None => Ok(()),
        }
    }

    /// Starts again on the same folder and port; stops in order before, when it still runs.
    ///
    /// # Errors
    /// [`CentralError`].
    pub async fn restart(&mut self) -> Result<(), CentralError> {
        self.stop().await?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("central")
            .enable_all()
            .build()
            .map_err(failed)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let (config, clock, address) = (self.config.clone(), self.clock.clone(), self.address);
        let opened = runtime.spawn(async move {
            let listener = bind(address).await?;
            let address = listener.local_addr().map_err(failed)?;
            let state = prakerja_central::state::Central::open(config, clock).await.map_err(failed)?;
            Ok::<_, CentralError>((listener, address, state))
        });
        let (listener, address, state) = match opened.await.map_err(failed).and_then(|opened| opened) {
            Ok(opened) => opened,
            Err(error) => {
                end(runtime).await?;
                return Err(error);
            }
        };
        self.address = address;
        let served = runtime.spawn(prakerja_central::serve(state.clone(), listener, async move {
            // A dropped sender means the same.
            let _ = stopped.await;
        }));
        self.running = Some(Running { runtime, stop, served, state });
        Ok(())
    }

    /// All mails to an address, newest first.
    ///
    /// # Errors
    /// [`CentralError`].
    pub async fn mails(&self, to: &str) -> Result<Vec<SandboxMail>, CentralError> {
        let client = reqwest::Client::builder().no_proxy().build().map_err(failed)?;
        let request = client.get(format!("{}/sandbox/mailbox.json", self.base_url())).query(&[("to", to)]);
        request.send().await.map_err(failed)?.json().await.map_err(failed)
    }

    /// Waits until at least `count` mails have come to an address.
    ///
    /// # Errors
    /// [`CentralError`] when they do not come.
    pub async fn wait_for_mails(&self, to: &str, count: usize) -> Result<Vec<SandboxMail>, CentralError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mails = self.mails(to).await?;
            if mails.len() >= count {
                return Ok(mails);
            }
            if Instant::now() > deadline {
                return Err(CentralError(format!("{} of {count} mails came", mails.len())));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits for the newest code that was mailed to an address; each call waits for one that no call before gave.
    ///
    /// # Errors
    /// [`CentralError`] when none comes.
    pub async fn code_for(&self, email: &str) -> Result<String, CentralError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let codes: Vec<String> = self.mails(email).await?.into_iter().filter_map(|mail| mail.code).collect();
            {
                let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
                let taken = taken.entry(email.to_owned()).or_default();
                if codes.len() > *taken
                    && let Some(newest) = codes.first()
                {
                    *taken = codes.len();
                    return Ok(newest.clone());
                }
            }
            if Instant::now() > deadline {
                return Err(CentralError("no code came".to_owned()));
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Drop for Central {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            // Waiting is not allowed inside of a test's runtime.
            running.runtime.shutdown_background();
        }
    }
}

/// The port may need a moment after the last central let it go.
async fn bind(address: SocketAddr) -> Result<TcpListener, CentralError> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return Ok(listener),
            Err(error) if Instant::now() > deadline => return Err(failed(error)),
            Err(_) => tokio::time::sleep(LOOK).await,
        }
    }
}

/// Ends a runtime outside of the caller's: it may not be dropped inside.
async fn end(runtime: Runtime) -> Result<(), CentralError> {
    tokio::task::spawn_blocking(move || runtime.shutdown_timeout(PATIENCE)).await.map_err(failed)
}
