//! Log files in the data folder: one a day, the last seven, no personal data.

use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::EnvFilter;

/// Overrides what is logged, for somebody who looks for a defect (`tracing-subscriber`'s filter language).
const FILTER: &str = "PRAKERJA_LOG";

/// Begins to log into `<folder>/logs`. Keep the guard until the end: it writes what is still in memory. Without a
/// writable folder the app runs without logs.
pub(crate) fn start(folder: &Path) -> Option<WorkerGuard> {
    let folder = folder.join("logs");
    // The appender complains on standard error about a folder that it is going to make itself.
    std::fs::create_dir_all(&folder).ok()?;
    let appender = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix("prakerja")
        .filename_suffix("log")
        .max_log_files(7)
        .build(folder)
        .ok()?;
    let (file, guard) = tracing_appender::non_blocking(appender);
    let filter = EnvFilter::try_from_env(FILTER).unwrap_or_else(|_| EnvFilter::new("warn,prakerja=info"));
    let started =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(file).try_init().is_ok();
    note_panics();
    started.then_some(guard)
}

/// A defect leaves its place in the log. Its message stays out: it may hold what somebody typed.
fn note_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current();
        tracing::error!(place, thread = thread.name().unwrap_or("unnamed"), "a defect stopped a task");
    }));
}
