//! Notifications of the desktop.
//!
//! `notify-rust` directly: the notification plugin wraps the same crate, gives its handle away, and with it the click (on
//! Linux), and it adds commands for the page, which has none to use. Nothing personal is in a text: it stands on locked
//! screens and is read by whoever stands beside.

use std::sync::{Arc, OnceLock};

use notify_rust::Notification;
use prakerja_app::{Notifier, Reminder};
use tauri::AppHandle;

use crate::words::{self, Words};

/// Tells it by the desktop's own notifications.
#[derive(Default)]
pub(crate) struct Desktop {
    /// The window that a click shows; absent before there is one.
    app: Arc<OnceLock<AppHandle>>,
}

impl Desktop {
    /// From now on a click shows the window.
    pub(crate) fn begin(&self, app: AppHandle) {
        let _ = self.app.set(app);
    }
}

impl Notifier for Desktop {
    fn tell(&self, reminder: Reminder, language: &str) {
        let Some(words) = words::of(reminder, language) else { return };
        let app = Arc::clone(&self.app);
        // The desktop may be slow to answer, and a click comes when it comes.
        let waits = std::thread::Builder::new().name("notification".into()).spawn(move || show(&words, &app));
        if let Err(error) = waits {
            tracing::warn!(%error, "no notification is shown");
        }
    }
}

fn show(words: &Words, app: &OnceLock<AppHandle>) {
    let mut notification = Notification::new();
    notification.appname("Prakerja Desktop").summary(&words.title).body(&words.body);
    #[cfg(windows)]
    notification.app_id(crate::data_folder::IDENTIFIER);
    #[cfg(target_os = "linux")]
    notification.icon("prakerja").action("default", &words.title);
    match notification.show() {
        Ok(shown) => when_clicked(shown, app),
        // A desktop without notifications: the inbox has everything.
        Err(error) => tracing::warn!(%error, "no notification is shown"),
    }
}

#[cfg(target_os = "linux")]
fn when_clicked(shown: notify_rust::NotificationHandle, app: &OnceLock<AppHandle>) {
    shown.wait_for_action(|action| {
        if action == "default"
            && let Some(app) = app.get()
        {
            crate::window::show_inbox(app);
        }
    });
}

/// Elsewhere a click starts the app, which shows the window that is there.
#[cfg(not(target_os = "linux"))]
fn when_clicked<T>(_shown: T, _app: &OnceLock<AppHandle>) {}
