//! What a fresh machine lacks: system libraries, UI packages.

use std::process::Stdio;
use std::time::SystemTime;

use crate::places;
use crate::shell::{Done, answer, command, heading, npm, run, succeeds};

/// Debian packages that building and running need.
const DEBIAN_RUN: &[&str] = &[
    "build-essential",
    "pkg-config",
    "cmake",
    "perl",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "librsvg2-dev",
    "libayatana-appindicator3-dev",
];

/// Debian packages that driving a window without a screen needs.
const DEBIAN_DRIVE: &[&str] = &[
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "dbus",
    "dbus-x11",
    "gnome-keyring",
    "fonts-noto-core",
    "imagemagick",
    "procps",
];

/// What the test of the phone's page needs in addition. Debian has it; Ubuntu's package is an empty one.
const DEBIAN_BROWSER: &[&str] = &["chromium-driver"];

/// Programs that driving a window starts.
const DRIVERS: &[&str] =
    &["WebKitWebDriver", "xvfb-run", "dbus-run-session", "gnome-keyring-daemon", "import", "pgrep", "pkill"];

/// What the built UI is made of.
const UI_SOURCES: &[&str] = &[
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
];

/// How much is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// To build and open the window.
    Run,
    /// To drive the window too.
    Drive,
}

/// Installs what is missing, or says what to type.
pub fn prepare(need: Need) -> Done {
    heading("Setting up");
    toolchain()?;
    system_packages(need)?;
    ui_packages()
}

/// Builds the UI when it is older than its sources.
pub fn build_ui() -> Done {
    let ui = places::root().join("ui");
    let newest = UI_SOURCES.iter().filter_map(|source| newest(&ui.join(source))).max();
    let built = newest_file(&ui.join("dist/index.html"));
    if built.is_some_and(|built| newest.is_some_and(|newest| built > newest)) {
        println!("UI is built already.");
        return Ok(());
    }
    heading("Building the UI");
    run(npm().args(["run", "--silent", "build"]))
}

fn toolchain() -> Done {
    for (tool, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !succeeds("cargo", &[tool, "--version"]) {
            println!("Adding the Rust component {component}");
            run(command("rustup").args(["component", "add", component]))
                .map_err(|error| format!("{error}. Install the Rust component {component}, then run this again."))?;
        }
    }
    let version = answer("node", &["--version"]).unwrap_or_default();
    if version.is_empty() {
        return Err(format!("{NODE} Install it, then run this again."));
    }
    if !node_fits(&version) {
        return Err(format!("{NODE} Here is {version}: install a newer one, then run this again."));
    }
    if !npm_is_there() {
        return Err("npm is missing; it belongs to Node.js. Install it, then run this again.".into());
    }
    Ok(())
}

const NODE: &str = "Node.js 20.19 or newer (22.12 or newer of the later ones) with npm is needed.";

/// The `engines` of ui/package.json: `^20.19 || >=22.12`.
fn node_fits(version: &str) -> bool {
    let mut numbers = version.trim().trim_start_matches('v').split('.').map(|number| number.parse().unwrap_or(0));
    let (major, minor): (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    (major == 20 && minor >= 19) || (major == 22 && minor >= 12) || major > 22
}

fn npm_is_there() -> bool {
    npm().arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn system_packages(need: Need) -> Done {
    if cfg!(target_os = "macos") {
        return if succeeds("xcode-select", &["-p"]) {
            Ok(())
        } else {
            Err("Apple's command line tools are needed. Run:\n  xcode-select --install".into())
        };
    }
    if cfg!(windows) {
        println!(
            "Windows needs the Microsoft C++ Build Tools, WebView2 (part of Windows 10 and later), Perl and NASM:\n  \
             winget install Microsoft.VisualStudio.2022.BuildTools StrawberryPerl.StrawberryPerl NASM.NASM"
        );
        return Ok(());
    }
    if succeeds("dpkg", &["--version"]) {
        return debian(need);
    }
    let libraries = succeeds("pkg-config", &["--exists", "webkit2gtk-4.1", "openssl"]);
    let drivers = if need == Need::Drive { DRIVERS } else { &[] };
    let missing: Vec<&str> = drivers.iter().copied().filter(|program| !is_in_path(program)).collect();
    if libraries && missing.is_empty() {
        return Ok(());
    }
    let what = if libraries {
        format!("Programs are missing: {}", missing.join(", "))
    } else {
        "System packages are missing".into()
    };
    Err(format!("{what}. Run:\n  {}\nThen run this again.", hint(need)))
}

fn is_in_path(program: &str) -> bool {
    succeeds("sh", &["-c", &format!("command -v {program}")])
}

/// The exact command for distributions other than Debian's family.
fn hint(need: Need) -> String {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let (run, drive) = if release.contains("fedora") || release.contains("rhel") {
        (
            "sudo dnf install gcc gcc-c++ make cmake perl openssl-devel webkit2gtk4.1-devel librsvg2-devel \
             libappindicator-gtk3-devel",
            "webkit2gtk-driver xorg-x11-server-Xvfb dbus-daemon gnome-keyring google-noto-sans-fonts ImageMagick procps-ng",
        )
    } else if release.contains("arch") {
        (
            "sudo pacman -S --needed base-devel cmake perl openssl webkit2gtk-4.1 librsvg libappindicator-gtk3",
            "xorg-server-xvfb dbus gnome-keyring noto-fonts imagemagick procps-ng",
        )
    } else {
        (
            "(your package manager) a C compiler, cmake, perl, and the headers of OpenSSL, WebKitGTK 4.1 and librsvg",
            "WebKitWebDriver, Xvfb with xvfb-run, D-Bus, gnome-keyring, Noto fonts, ImageMagick and procps",
        )
    };
    if need == Need::Drive { format!("{run} {drive}") } else { run.into() }
}

fn debian(need: Need) -> Done {
    let is_debian = std::fs::read_to_string("/etc/os-release")
        .is_ok_and(|text| text.lines().any(|line| line.trim() == "ID=debian"));
    let drive = if need == Need::Drive { DEBIAN_DRIVE } else { &[] };
    let browser = if need == Need::Drive && is_debian { DEBIAN_BROWSER } else { &[] };
    let wanted = DEBIAN_RUN.iter().chain(drive).chain(browser);
    let missing: Vec<&str> = wanted.copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        println!("System packages are there.");
        return Ok(());
    }
    let by_hand = format!("sudo apt-get install -y {}", missing.join(" "));
    let apt = |arguments: &[&str]| {
        let root = succeeds("sh", &["-c", "test \"$(id -u)\" = 0"]);
        let mut apt = if root { command("apt-get") } else { command("sudo") };
        if !root {
            apt.args(["-n", "apt-get"]);
        }
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        run(&mut apt)
    };
    println!("Installing system packages: {}", missing.join(" "));
    let mut install = vec!["install", "-y", "--no-install-recommends", "-q"];
    install.extend(&missing);
    apt(&["update", "-q"])
        .and_then(|()| apt(&install))
        .map_err(|error| format!("{error}\nInstall the packages yourself, then run this again:\n  {by_hand}"))
}

fn is_installed(package: &str) -> bool {
    succeeds("sh", &["-c", &format!("dpkg-query -W -f '${{Status}}' {package} | grep -q 'ok installed'")])
}

fn ui_packages() -> Done {
    let ui = places::root().join("ui");
    let locked = newest_file(&ui.join("package-lock.json"));
    let installed = newest_file(&ui.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= locked {
        println!("UI packages are there.");
        return Ok(());
    }
    println!("Installing UI packages");
    run(npm().args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))
}

fn newest_file(path: &std::path::Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

fn newest(path: &std::path::Path) -> Option<SystemTime> {
    let Ok(entries) = std::fs::read_dir(path) else { return newest_file(path) };
    entries.flatten().filter_map(|entry| newest(&entry.path())).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_must_fit_what_the_ui_needs() {
        for (version, fits) in [
            ("v18.20.4", false),
            ("v20.11.1", false),
            ("v20.19.0", true),
            ("v21.7.3", false),
            ("v22.11.0", false),
            ("v22.12.0", true),
            ("v24.1.0\n", true),
            ("", false),
        ] {
            assert_eq!(node_fits(version), fits, "{version}");
        }
    }

    #[test]
    fn everything_that_makes_the_ui_is_there() {
        for source in UI_SOURCES {
            assert!(newest(&places::root().join("ui").join(source)).is_some(), "{source}");
        }
    }
}
