//! A screen, a message bus and a keyring for windows that nobody looks at.

use std::process::Command;

use crate::shell::command;

/// True when a window can open on somebody's screen.
pub fn exists() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// A command that runs `program` under a virtual display, a private D-Bus and a fresh, unlocked keyring daemon.
///
/// The display is outside and the bus inside: the other way round the desktop portal has no display.
pub fn private(program: &std::path::Path, arguments: &[String]) -> Command {
    let mut private = command("xvfb-run");
    private.args(["-a", "-s", "-screen 0 1280x800x24", "dbus-run-session", "--", "bash", "-c"]);
    private.arg("printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec \"$@\"");
    private.arg("journeys").arg(program).args(arguments);
    private.env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1").env("GTK_A11Y", "none");
    private
}
