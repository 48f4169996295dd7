//! What a fresh machine lacks: system libraries, UI packages.

use std::time::SystemTime;

use crate::places;
use crate::shell::{Done, command, heading, npm, run, succeeds};

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
    let newest = newest(&ui.join("src")).max(newest(&ui.join("package-lock.json"))).max(newest(&ui.join("index.html")));
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
    if succeeds("node", &["--version"]) {
        return Ok(());
    }
    Err("Node.js 20 or newer with npm is needed: install it, then run this again.".into())
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
    let driver = need == Need::Run || succeeds("WebKitWebDriver", &["--version"]);
    if libraries && driver {
        return Ok(());
    }
    Err(format!("System packages are missing. Run:\n  {}", hint()))
}

/// The exact command for distributions other than Debian's family.
fn hint() -> &'static str {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    if release.contains("fedora") || release.contains("rhel") {
        "sudo dnf install gcc gcc-c++ make cmake perl openssl-devel webkit2gtk4.1-devel librsvg2-devel \
         libappindicator-gtk3-devel xorg-x11-server-Xvfb dbus-x11 gnome-keyring webkit2gtk-driver ImageMagick"
    } else if release.contains("arch") {
        "sudo pacman -S --needed base-devel cmake perl openssl webkit2gtk-4.1 librsvg libappindicator-gtk3 \
         xorg-server-xvfb dbus gnome-keyring imagemagick"
    } else {
        "(your package manager) a C compiler, cmake, perl, OpenSSL headers, WebKitGTK 4.1 headers with WebKitWebDriver, \
         librsvg headers, Xvfb, D-Bus and gnome-keyring"
    }
}

fn debian(need: Need) -> Done {
    let wanted = DEBIAN_RUN.iter().chain(if need == Need::Drive { DEBIAN_DRIVE } else { &[] });
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
