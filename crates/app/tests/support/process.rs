//! An app that can be killed: it lives on a runtime of its own, whose end drops everything in the middle of whatever it
//! does. What the operating system would free (locks, files, sockets) is freed by the same drops.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use prakerja_app::ipc::VaultView;
use prakerja_app::{App, AppConfig, SyncTimes};
use tokio::runtime::Runtime;

use super::wait::until;
use super::{FakeKeyring, config};

/// A running app.
pub struct Process {
    app: App,
    runtime: Option<Runtime>,
}

/// Times of an exchange that does not wait long between tries.
pub fn hasty(times: &mut SyncTimes) {
    times.backoff_unit = 20;
    times.backoff_cap = 200;
    times.spread_foreground = 20;
    times.periodic = 500;
}

impl Process {
    /// Starts on a data folder and waits until its database is open. It does not wait long between tries.
    pub async fn start(folder: &Path, keyring: &Arc<FakeKeyring>, central: String) -> Self {
        Self::start_with(folder, keyring, central, |config| hasty(&mut config.sync)).await
    }

    /// The same with another configuration.
    pub async fn start_with(
        folder: &Path,
        keyring: &Arc<FakeKeyring>,
        central: String,
        tweak: impl FnOnce(&mut AppConfig),
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let mut config = config(folder, keyring);
        config.central = Some(central);
        tweak(&mut config);
        let app = runtime.spawn(App::open(config)).await.unwrap();
        let process = Self { app, runtime: Some(runtime) };
        // The files of a killed one are free a moment after its end.
        until("the database opens", || async {
            let state = process.ask(|app| async move { app.unlock_vault(None).await }).await.unwrap();
            matches!(state.vault, VaultView::Open { .. }).then_some(())
        })
        .await;
        process
    }

    /// Runs a use case where the app lives.
    pub async fn ask<T: Send + 'static, F>(&self, work: impl FnOnce(App) -> F) -> T
    where
        F: Future<Output = T> + Send + 'static,
    {
        self.runtime.as_ref().unwrap().spawn(work(self.app.clone())).await.unwrap()
    }

    /// Ends at once; nothing is said good-bye to.
    pub async fn kill(mut self) {
        let runtime = self.runtime.take().unwrap();
        tokio::task::spawn_blocking(move || runtime.shutdown_timeout(Duration::from_secs(10))).await.unwrap();
    }

    /// Ends in order.
    pub async fn quit(self) {
        self.ask(|app| async move { app.close().await }).await;
        self.kill().await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
