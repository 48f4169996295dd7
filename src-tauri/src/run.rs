//! The run of a window: the app behind it, the events to it, the end of both.

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use prakerja_app::ipc::EVENT;
use prakerja_app::{App, AppConfig, Clipboard as _, Notifier, SystemClock, SystemDisk, keys};
use tauri::{AppHandle, Emitter, RunEvent, WindowEvent};
use tokio::sync::broadcast::error::RecvError;

use crate::clipboard::Clipboard;
use crate::keyring::OsKeyring;
use crate::notifier::Desktop;
use crate::{commands, data_folder, logs, metered, window};

/// Time to write what is still in memory when the window closes. Everything that matters was written before.
const FAREWELL: Duration = Duration::from_secs(2);

/// Opens the window and stays until it is closed. With `alone`, a second start shows the window of the first one; with a
/// folder of its own a run is apart from others, and the lock on its database keeps two from one folder.
///
/// # Errors
/// The data folder cannot be made, or there is no window to be had.
pub(crate) fn window(folder: PathBuf, alone: bool, central: Option<String>) -> Result<ExitCode, Box<dyn Error>> {
    data_folder::make(&folder)?;
    let _logs = logs::start(&folder);
    let mut builder = tauri::Builder::default();
    if alone {
        builder = builder.plugin(tauri_plugin_single_instance::init(|handle, _, _| window::show(handle)));
    }
    let notifier = Arc::new(Desktop::default());
    // A run with a folder of its own keeps everything in it.
    let documents = if alone { data_folder::documents(&folder) } else { folder.join("documents") };
    let app = App::new(config(folder.clone(), documents, central, Arc::<Desktop>::clone(&notifier)));
    let (shown, clipboard) = (app.clone(), Clipboard::default());
    let tauri = builder
        .plugin(tauri_plugin_opener::init())
        .manage(app.clone())
        .manage(clipboard.clone())
        .invoke_handler(commands::handler())
        .setup(move |tauri| {
            notifier.begin(tauri.handle().clone());
            tauri::async_runtime::spawn(metered::watch(shown.clone()));
            tauri::async_runtime::spawn(tell(shown, tauri.handle().clone()));
            Ok(window::open(tauri.handle(), &folder)?)
        })
        .build(tauri::generate_context!())?;
    tauri.run(move |_, event| match event {
        RunEvent::WindowEvent { event: WindowEvent::Focused(looked_at), .. } => app.set_foreground(looked_at),
        RunEvent::Exit => {
            clipboard.forget();
            let farewell = async { tokio::time::timeout(FAREWELL, app.close()).await };
            if tauri::async_runtime::block_on(farewell).is_err() {
                tracing::warn!("something was still under way when the window closed");
            }
        }
        _ => {}
    });
    Ok(ExitCode::SUCCESS)
}

fn config(
    data_dir: PathBuf,
    documents_dir: PathBuf,
    central: Option<String>,
    notifier: Arc<dyn Notifier>,
) -> AppConfig {
    AppConfig {
        data_dir,
        documents_dir,
        central,
        key_store: Arc::new(OsKeyring),
        key_patience: keys::PATIENCE,
        version: env!("CARGO_PKG_VERSION").into(),
        os: std::env::consts::OS.into(),
        device_name: device_name().into(),
        clock: Arc::new(SystemClock),
        disk: Arc::new(SystemDisk),
        notifier,
        sync: prakerja_app::SyncTimes::default(),
    }
}

/// How the session list calls this computer. Not its host name: that often is a person's.
fn device_name() -> &'static str {
    match std::env::consts::OS {
        "windows" => "Windows",
        "macos" => "macOS",
        "linux" => "Linux",
        other => other,
    }
}

/// Opens the database and passes on everything that happens. The window asks for the state when it is ready; what
/// happened before is in it.
async fn tell(app: App, handle: AppHandle) {
    let mut events = app.events();
    tauri::async_runtime::spawn({
        let app = app.clone();
        async move { app.open_vault().await }
    });
    loop {
        match events.recv().await {
            Ok(event) => {
                // Only fails when the window is going.
                let _ = handle.emit(EVENT, event);
            }
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "the window was too slow");
                app.tell_everything().await;
            }
            Err(RecvError::Closed) => return,
        }
    }
}
