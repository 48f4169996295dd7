//! The desktop around the window: the service that shows notifications, and where the person looks. The display of the
//! journeys has neither such a service nor a window manager, so this stands in for both.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, InputFocus};
use x11rb::rust_connection::RustConnection;
use zbus::zvariant::OwnedValue;

use crate::applicant::Applicant;
use crate::window::PATIENCE;
use crate::{Outcome, clear_text};

/// Name of the service and of its interface, and where it is asked.
const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// What notifications say, in the checkout that this runs in.
const WORDS: &str = "src-tauri/words.toml";

/// A desktop, for as long as a scenario needs it.
pub struct Desktop {
    bus: zbus::Connection,
    shown: Arc<Mutex<Vec<Shown>>>,
    display: RustConnection,
    root: u32,
}

/// A notification that came.
#[derive(Debug, Clone)]
struct Shown {
    id: u32,
    words: [String; 2],
    actions: Vec<String>,
    /// All that came with it.
    whole: String,
}

/// Keeps what it is given to show.
struct Service(Arc<Mutex<Vec<Shown>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[allow(clippy::too_many_arguments, reason = "the interface has so many")]
    fn notify(
        &self,
        app: String,
        _replaces: u32,
        icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _expires_ms: i32,
    ) -> u32 {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = shown.last().map_or(1, |last| last.id + 1);
        let whole = format!("{app} {icon} {title} {body} {actions:?} {hints:?}");
        shown.push(Shown { id, words: [title, body], actions, whole });
        id
    }

    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body"].map(str::to_owned).to_vec()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("journeys".into(), "prakerja-tests-journeys".into(), env!("CARGO_PKG_VERSION").into(), "1.2".into())
    }

    fn close_notification(&self, _id: u32) {}
}

/// A service of an earlier scenario may not be gone yet: this one takes its place.
async fn serve(service: Service) -> zbus::Result<zbus::Connection> {
    let bus = zbus::connection::Builder::session()?.serve_at(PATH, service)?.name(SERVICE)?;
    bus.allow_name_replacements(true).replace_existing_names(true).build().await
}

impl Desktop {
    /// Begins to show notifications.
    pub async fn start() -> Outcome<Self> {
        let shown = Arc::default();
        let bus = serve(Service(Arc::clone(&shown))).await;
        let bus = bus.map_err(|error| format!("cannot show notifications: {error}"))?;
        let (display, screen) = x11rb::connect(None).map_err(|error| format!("no display: {error}"))?;
        let root = display.setup().roots.get(screen).ok_or("the display has no screen")?.root;
        Ok(Self { bus, shown, display, root })
    }

    /// The person looks at something else: the keyboard is the window's no more.
    pub fn look_away(&self) -> Outcome {
        // Nobody notices the loss of what they did not have.
        let lost = self.window().and_then(|window| self.focus(window)).and_then(|()| self.focus(x11rb::NONE));
        lost.map_err(|error| format!("cannot look away: {error}"))
    }

    /// The app's window, by its title.
    fn window(&self) -> Result<u32, Box<dyn Error>> {
        for window in self.display.query_tree(self.root)?.reply()?.children {
            let name = self.display.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64)?;
            // A window may go while it is asked.
            if name.reply().is_ok_and(|name| name.value == b"Prakerja Desktop") {
                return Ok(window);
            }
        }
        Err("there is no window".into())
    }

    fn focus(&self, window: u32) -> Result<(), Box<dyn Error>> {
        Ok(self.display.set_input_focus(InputFocus::POINTER_ROOT, window, x11rb::CURRENT_TIME)?.check()?)
    }

    fn shown(&self) -> Vec<Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for a notification that says this and can be clicked; does something for it again and again. Says which.
    pub async fn shows(&self, words: &[String; 2], nudge: impl AsyncFn() -> Outcome) -> Outcome<u32> {
        let fits = |it: &Shown| it.words == *words && it.actions.first().is_some_and(|action| action == "default");
        let found = until(nudge, async || Ok(self.shown().into_iter().find(fits))).await?;
        found.map(|it| it.id).ok_or_else(|| format!("not {words:?} is shown, but {:?}", self.shown()))
    }

    /// Clicks on a notification until something is seen of it: the app may only be about to listen for a click.
    pub async fn click(&self, id: u32, seen: impl AsyncFn() -> Outcome<bool>) -> Outcome {
        let click = async || {
            let clicked = self.bus.emit_signal(None::<&str>, PATH, SERVICE, "ActionInvoked", &(id, "default")).await;
            clicked.map_err(|error| format!("cannot click: {error}"))
        };
        let came = until(click, async || Ok(seen().await?.then_some(()))).await?;
        came.ok_or_else(|| "nothing comes of a click on the notification".into())
    }

    /// Everything that was shown is read by whoever stands beside: it holds nothing that was typed, and none of `numbers`.
    pub fn names_nobody(&self, applicant: &Applicant, numbers: &[String]) -> Outcome {
        let words = clear_text::words(applicant, numbers);
        match self.shown().into_iter().find(|shown| words.iter().any(|word| shown.whole.contains(word.as_str()))) {
            None => Ok(()),
            Some(shown) => Err(format!("a notification says who it is for: {}", shown.whole)),
        }
    }
}

impl Drop for Desktop {
    /// Other scenarios find the display as this one did: the keyboard is that window's at which the pointer is.
    fn drop(&mut self) {
        let _ = self.focus(InputFocus::POINTER_ROOT.into());
    }
}

/// Title and sentence of the notification of something that happened.
pub fn words(language: &str, kind: &str) -> Outcome<[String; 2]> {
    let text = std::fs::read_to_string(WORDS).map_err(|error| format!("{WORDS}: {error}"))?;
    let file: toml::Table = toml::from_str(&text).map_err(|error| format!("{WORDS}: {error}"))?;
    let words = file.get(language).and_then(|words| words.get("happened")?.get(kind));
    let part = |name: &str| Some(words?.get(name)?.as_str()?.to_owned());
    let both = part("title").zip(part("body"));
    both.map(<[String; 2]>::from).ok_or_else(|| format!("{WORDS} has no words for {kind} in {language}"))
}

/// Does something every two seconds until there is something to see.
async fn until<T>(nudge: impl AsyncFn() -> Outcome, look: impl AsyncFn() -> Outcome<Option<T>>) -> Outcome<Option<T>> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while tokio::time::Instant::now() < deadline {
        nudge().await?;
        for _ in 0..20 {
            if let Some(seen) = look().await? {
                return Ok(Some(seen));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    Ok(None)
}
