//! Settings of this computer: language, theme, text size, when photos are sent, address of central. Nothing personal, so
//! they are plain JSON and readable before the database is open.

use std::io::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::{fs, io};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::App;
use crate::error::Answer;
use crate::holding::PHOTO_SENDING;
use crate::ipc::{AppState, ErrorCode, IpcError, Settings, SettingsPatch};

/// Address when nobody chose another.
pub const BUILT_IN_CENTRAL: &str = "https://api.prakerja-desktop.example";
/// Name of the file in the data folder.
const FILE: &str = "settings.json";

/// Content of `settings.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stored {
    /// What the window shows.
    #[serde(flatten)]
    pub shown: Settings,
    /// Address of central that the person chose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub central_url: Option<String>,
}

impl Default for Stored {
    fn default() -> Self {
        let shown = Settings {
            language: "id".into(),
            theme: "system".into(),
            text_percent: 100,
            photo_sending: "automatic".into(),
        };
        Self { shown, central_url: None }
    }
}

impl Stored {
    /// Reads the settings of a data folder. A file that cannot be read counts as absent: settings are never worth a
    /// window that does not open.
    pub fn read(folder: &Path) -> Self {
        let Ok(bytes) = fs::read(path(folder)) else { return Self::default() };
        let read: Self = serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            tracing::warn!(line = error.line(), "settings.json is unreadable; the defaults hold");
            Self::default()
        });
        read.sane()
    }

    /// Replaces the file: after a crash it is the old one or the new one, whole.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let temporary = path(folder).with_extension("json.new");
        let mut file = fs::File::create(&temporary)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        fs::rename(temporary, path(folder))
    }

    /// Puts the defaults where somebody wrote nonsense into the file.
    fn sane(mut self) -> Self {
        let default = Self::default();
        if !LANGUAGES.contains(&self.shown.language.as_str()) {
            self.shown.language = default.shown.language;
        }
        if !THEMES.contains(&self.shown.theme.as_str()) {
            self.shown.theme = default.shown.theme;
        }
        if !TEXT_PERCENTS.contains(&self.shown.text_percent) {
            self.shown.text_percent = default.shown.text_percent;
        }
        if !PHOTO_SENDING.contains(&self.shown.photo_sending.as_str()) {
            self.shown.photo_sending = default.shown.photo_sending;
        }
        self.central_url = self.central_url.and_then(|typed| address(&typed));
        self
    }

    /// Settings after a change.
    fn with(mut self, patch: SettingsPatch) -> Result<Self, ErrorCode> {
        let known = |value: &Option<String>, choices: &[&str]| {
            value.as_ref().is_none_or(|value| choices.contains(&value.as_str()))
        };
        if !known(&patch.language, &LANGUAGES)
            || !known(&patch.theme, &THEMES)
            || !known(&patch.photo_sending, &PHOTO_SENDING)
            || patch.text_percent.is_some_and(|percent| !TEXT_PERCENTS.contains(&percent))
        {
            return Err(ErrorCode::Internal);
        }
        self.shown.language = patch.language.unwrap_or(self.shown.language);
        self.shown.theme = patch.theme.unwrap_or(self.shown.theme);
        self.shown.text_percent = patch.text_percent.unwrap_or(self.shown.text_percent);
        self.shown.photo_sending = patch.photo_sending.unwrap_or(self.shown.photo_sending);
        match patch.central_url.as_deref().map(str::trim) {
            None => {}
            Some("") => self.central_url = None,
            Some(typed) => self.central_url = Some(address(typed).ok_or(ErrorCode::BadAddress)?),
        }
        Ok(self)
    }
}

const LANGUAGES: [&str; 2] = ["id", "en"];
const THEMES: [&str; 3] = ["system", "light", "dark"];
const TEXT_PERCENTS: [u32; 4] = [100, 125, 150, 200];

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// Reads an address of central: https, or http on a loopback host; nothing but scheme, host and port. Gives it without
/// a slash at the end.
pub fn address(typed: &str) -> Option<String> {
    let url = Url::parse(typed.trim()).ok()?;
    let safe = is_safe(&url);
    let bare = url.query().is_none() && url.fragment().is_none() && url.path() == "/";
    (safe && bare).then(|| url.as_str().trim_end_matches('/').to_owned())
}

/// True for https, and for http on this computer; never with a name or password in it.
pub(crate) fn is_safe(url: &Url) -> bool {
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url));
    scheme && url.has_host() && url.username().is_empty() && url.password().is_none()
}

fn is_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(|host| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

/// Address of central and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CentralAddress {
    pub(crate) url: String,
    pub(crate) source: &'static str,
}

impl CentralAddress {
    /// Settings before the environment before the built-in one. An address that breaks the rule counts as absent.
    pub(crate) fn choose(stored: &Stored, environment: Option<&str>) -> Self {
        let from = |url: Option<String>, source| url.map(|url| Self { url, source });
        from(stored.central_url.clone(), "settings")
            .or_else(|| from(environment.and_then(address), "environment"))
            .unwrap_or(Self { url: BUILT_IN_CENTRAL.into(), source: "built_in" })
    }
}

/// Address of central that a run on this data folder uses; for what needs no app (`prakerja check`).
pub fn central_of(folder: &Path, environment: Option<&str>) -> String {
    CentralAddress::choose(&Stored::read(folder), environment).url
}

impl App {
    /// Language of everything that is told: `id` or `en`.
    pub fn language(&self) -> String {
        self.stored_settings().shown.language
    }

    /// Changes settings; absent ones stay.
    ///
    /// # Errors
    /// `bad_address`, or a file that cannot be written.
    pub async fn set_settings(&self, patch: SettingsPatch) -> Answer<AppState> {
        let turn = self.inner.settings_turn.lock().await;
        let before = self.central();
        let next = self.stored_settings().with(patch).map_err(IpcError::new)?;
        next.write(&self.inner.config.data_dir).map_err(from_io)?;
        *self.inner.settings.write().unwrap_or_else(PoisonError::into_inner) = next;
        if before != self.central() {
            self.central_changed().await;
        }
        self.hold_photos();
        drop(turn);
        self.changed_state().await
    }
}

pub(crate) fn from_io(error: io::Error) -> IpcError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => IpcError::new(ErrorCode::DiskFull),
        _ => IpcError::defect("settings", &error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_https_or_loopback() {
        let cases = [
            ("https://api.contoh.id", Some("https://api.contoh.id")),
            (" https://api.contoh.id/ ", Some("https://api.contoh.id")),
            ("https://api.contoh.id:8443", Some("https://api.contoh.id:8443")),
            ("HTTPS://API.contoh.id", Some("https://api.contoh.id")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("http://127.3.2.1:8080", Some("http://127.3.2.1:8080")),
            ("http://[::1]:8080", Some("http://[::1]:8080")),
            ("http://localhost:8080/", Some("http://localhost:8080")),
            ("http://api.contoh.id", None),
            ("http://127.0.0.1.contoh.id", None),
            ("http://localhost.contoh.id", None),
            ("http://192.168.1.10", None),
            ("https://user:secret@api.contoh.id", None),
            ("https://api.contoh.id/v1", None),
            ("https://api.contoh.id?x=1", None),
            ("https://api.contoh.id#x", None),
            ("ftp://api.contoh.id", None),
            ("file:///etc/hosts", None),
            ("javascript:alert(1)", None),
            ("api.contoh.id", None),
            ("", None),
        ];
        for (typed, expected) in cases {
            assert_eq!(address(typed).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn settings_survive_a_restart_and_nonsense() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Stored::read(folder.path()), Stored::default());
        let patch = SettingsPatch {
            language: Some("en".into()),
            text_percent: Some(150),
            central_url: Some("https://api.contoh.id/".into()),
            ..SettingsPatch::default()
        };
        let changed = Stored::default().with(patch).unwrap();
        changed.write(folder.path()).unwrap();
        assert_eq!(Stored::read(folder.path()), changed);
        insta::assert_snapshot!(fs::read_to_string(path(folder.path())).unwrap(), @r#"
        {
          "language": "en",
          "theme": "system",
          "text_percent": 150,
          "photo_sending": "automatic",
          "central_url": "https://api.contoh.id"
        }
        "#);
        fs::write(
            path(folder.path()),
            r#"{"language":"xx","theme":"dark","text_percent":1,"central_url":"http://evil"}"#,
        )
        .unwrap();
        let read = Stored::read(folder.path());
        assert_eq!((read.shown.language.as_str(), read.shown.theme.as_str()), ("id", "dark"));
        assert_eq!((read.shown.text_percent, read.central_url), (100, None));
        fs::write(path(folder.path()), "{").unwrap();
        assert_eq!(Stored::read(folder.path()), Stored::default());
    }

    #[test]
    fn an_empty_address_means_the_built_in_one() {
        let chosen = Stored { central_url: Some("https://api.contoh.id".into()), ..Stored::default() };
        let source = |stored: &Stored, environment| CentralAddress::choose(stored, environment).source;
        assert_eq!(source(&chosen, Some("http://127.0.0.1:1")), "settings");
        let emptied = chosen.with(SettingsPatch { central_url: Some(" ".into()), ..SettingsPatch::default() }).unwrap();
        assert_eq!(source(&emptied, Some("http://127.0.0.1:1")), "environment");
        assert_eq!(source(&emptied, Some("http://contoh.id")), "built_in", "an unsafe address is not used");
        assert_eq!(source(&emptied, None), "built_in");
        let bad = SettingsPatch { central_url: Some("http://contoh.id".into()), ..SettingsPatch::default() };
        assert_eq!(emptied.with(bad), Err(ErrorCode::BadAddress));
    }
}
