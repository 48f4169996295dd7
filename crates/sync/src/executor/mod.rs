//! Carries the core's decisions out: one task that owns the core, and one short-lived task for each request or commit.
//!
//! There is nothing to decide here. A request reads its tokens and bytes from the store when it leaves; a commit is one
//! call of the store; each ends in one event for the core. What must survive is in the store, so this may be killed at any
//! point.

mod commits;
mod engine;
mod requests;
mod uploads;
mod view;
mod worker;

use std::sync::Arc;

use prakerja_store::Store;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::view::{Subscription, SyncEvent, SyncStatus};

use self::engine::Engine;
use self::view::View;
use self::worker::Worker;
use crate::account::{Accounts, Closing, FormMemory};
use crate::clock::ServerClock;
use crate::core::{Config, Event};
use crate::http::Http;
use crate::refresh::Authorised;
use crate::selection::SelectionFiles;

/// How the exchange runs.
#[derive(Debug, Clone, Default)]
pub struct SyncConfig {
    /// Spans of time; tests shorten them.
    pub core: Config,
    /// The window is looked at: central may keep a pull waiting for news.
    pub foreground: bool,
    /// Documents are held back from the start.
    pub hold_uploads: bool,
}

/// What the rest of the program may ask of the running exchange. Cheap to clone.
#[derive(Clone)]
pub struct SyncHandle {
    messages: mpsc::UnboundedSender<Message>,
    view: Arc<View>,
    authorised: Authorised,
    form: FormMemory,
    pub(crate) closing: Closing,
    pub(crate) stop: CancellationToken,
    tracker: TaskTracker,
}

/// What the task hears.
enum Message {
    Core(Event),
    Poke,
    AccountChanged(oneshot::Sender<()>),
    LeftAccounts(oneshot::Sender<()>),
    AccountEnded,
}

/// Starts the exchange. It runs until [`SyncHandle::shutdown`].
///
/// # Panics
/// Outside of a Tokio runtime.
pub fn start(http: Http, store: Store, config: SyncConfig) -> SyncHandle {
    let (messages, inbox) = mpsc::unbounded_channel();
    let view = Arc::new(View::default());
    let stop = CancellationToken::new();
    let tracker = TaskTracker::new();
    let authorised = Authorised::new(http, store);
    let asking = config.core.clone();
    let worker = Worker { authorised: authorised.clone(), view: Arc::clone(&view), messages: messages.clone() };
    let engine = Engine::new(worker, config.core, stop.clone(), tracker.clone());
    tracker.spawn(engine.run(inbox, (config.foreground, config.hold_uploads)));
    let (form, closing) = (FormMemory::default(), Closing::default());
    let handle = SyncHandle { messages, view, authorised, form, closing, stop, tracker };
    handle.accounts().ask_later(asking);
    handle
}

impl SyncHandle {
    /// The person asked to exchange everything now.
    pub fn sync_now(&self) {
        self.tell(Message::Core(Event::UserSyncNow));
    }

    /// The outbox changed: something was enqueued, withdrawn or released.
    pub fn poke(&self) {
        self.tell(Message::Poke);
    }

    /// What the operating system thinks of the network. Never more than a hint.
    pub fn set_online_hint(&self, online: bool) {
        self.tell(Message::Core(if online { Event::NetUp } else { Event::NetDown }));
    }

    /// The window is looked at, or not any more.
    pub fn set_foreground(&self, looked_at: bool) {
        self.tell(Message::Core(Event::Foreground(looked_at)));
    }

    /// Documents are held back, because bytes cost the person money here; or not any more. Those that the person released
    /// and everything else are sent.
    pub fn hold_uploads(&self, held: bool) {
        self.tell(Message::Core(Event::HoldUploads(held)));
    }

    /// Somebody signed in or out in the store by other means than [`SyncHandle::accounts`]. Returns when the exchange
    /// works for the present account and for no other, and nothing is being stored for the one before.
    pub async fn account_changed(&self) {
        self.when_stored(Message::AccountChanged).await;
    }

    /// Returns when nothing is being stored any more for accounts before the present one, whose exchange goes on.
    pub(crate) async fn left_accounts_stored(&self) {
        self.when_stored(Message::LeftAccounts).await;
    }

    async fn when_stored(&self, message: impl FnOnce(oneshot::Sender<()>) -> Message) {
        let (done, heard) = oneshot::channel();
        self.tell(message(done));
        if heard.await.is_err() {
            // The task ended: then it works for nobody, and what it began to store ends by itself.
            self.tracker.close();
            self.tracker.wait().await;
        }
    }

    /// Something about the account is to be read again.
    pub(crate) fn tell_account(&self) {
        self.view.tell(SyncEvent::Account);
    }

    /// The present status.
    pub fn status(&self) -> SyncStatus {
        self.view.status()
    }

    /// The present status together with its changes and the list of what to read again: nothing falls between them.
    pub fn subscribe(&self) -> Subscription {
        self.view.subscribe()
    }

    /// Requests about accounts, which share tokens, connections and clock with the exchange.
    pub fn accounts(&self) -> Accounts {
        Accounts::new(self.authorised.clone(), self.form.clone(), self.clone())
    }

    /// The public files of the draws.
    pub fn selection_files(&self) -> SelectionFiles {
        SelectionFiles::new(self.authorised.http.clone())
    }

    /// Central's clock as seen in answers; evidence for new commands.
    pub fn clock(&self) -> Arc<ServerClock> {
        Arc::clone(self.authorised.http.clock())
    }

    /// Ends the exchange: requests are given up, commits are finished.
    pub async fn shutdown(&self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
        // They wait for the tasks before.
        self.closing.questions.close();
        self.closing.questions.wait().await;
    }

    fn tell(&self, message: Message) {
        // After the end nobody listens, and nobody needs to.
        let _ = self.messages.send(message);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use prakerja_store::{DatabaseKey, KeyInfo, Protection};
    use uuid::Uuid;

    use super::*;
    use crate::http::HttpConfig;

    #[tokio::test]
    async fn also_after_the_end_a_change_waits_for_what_is_being_stored() {
        let folder = tempfile::tempdir().unwrap();
        let key = DatabaseKey::generate().unwrap();
        let info = KeyInfo::new(&key, Protection::Keyring).unwrap();
        let store = Store::create(&folder.path().join("applicant.db"), &key, &info).await.unwrap();
        let config = HttpConfig::new("http://127.0.0.1:9", Uuid::nil(), "app/0 (test; schema=1)");
        let handle = start(Http::new(config, Arc::default()).unwrap(), store, SyncConfig::default());
        let stored = Arc::new(AtomicBool::new(false));
        let storing = Arc::clone(&stored);
        handle.tracker.spawn(async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            storing.store(true, Ordering::SeqCst);
        });
        handle.stop.cancel();
        handle.messages.closed().await;
        handle.account_changed().await;
        assert!(stored.load(Ordering::SeqCst));
        handle.shutdown().await;
    }
}
