//! A screen, a message bus and a keyring for windows that nobody looks at.

use std::path::Path;
use std::process::Command;

use crate::shell::{Done, command};

/// Runs its arguments under a virtual display, a private D-Bus and a fresh, unlocked keyring daemon.
///
/// The display is outside and the bus inside: the other way round the desktop portal has no display. The folders are
/// made before both, because the bus starts services with its own environment: nothing may reach the keyrings and
/// settings of whoever runs this.
const PRIVATE: &str = r#"
set -e
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -m 700 "$home/data" "$home/config" "$home/cache" "$home/runtime"
export XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache"
export XDG_RUNTIME_DIR="$home/runtime"
xvfb-run -a -s '-screen 0 1280x800x24' dbus-run-session -- bash -c '
    printf "\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
    exec "$@"
' driven "$@"
"#;

/// True when a window can open on somebody's screen.
pub fn exists() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Says so where no window can be driven: the driver is WebKitGTK's.
pub fn can_drive() -> Done {
    if cfg!(target_os = "linux") {
        Ok(())
    } else {
        Err("The window can be driven on Linux only (WebKitGTK's WebDriver). Everything else runs here.".into())
    }
}

/// A command that runs `program` where nobody looks.
pub fn private(program: &Path, arguments: &[String]) -> Command {
    let mut private = command("bash");
    private.args(["-c", PRIVATE, "private"]).arg(program).args(arguments);
    private.env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1").env("GTK_A11Y", "none");
    private
}
