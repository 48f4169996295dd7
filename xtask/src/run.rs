//! `cargo xtask run`: from a fresh checkout to an open window.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use crate::setup::{Need, build_ui, prepare};
use crate::shell::{Done, cargo, command, heading, run};
use crate::{display, places};

/// The journey of plain `run` on a machine without a screen.
const FIRST_JOURNEY: &str = "tests/journeys/applicants/sari-batam.toml";

/// Opens the window on a demo central, or drives it with an applicant's file.
pub fn open_or_drive(journey: Option<&Path>) -> Done {
    // A mistyped name is said before minutes of building.
    let journey = journey.map(readable).transpose()?;
    let screen = display::exists();
    if journey.is_some() {
        display::can_drive()?;
    }
    prepare(if journey.is_some() || !screen { Need::Drive } else { Need::Run })?;
    build_ui()?;
    build_programs()?;
    match journey {
        Some(file) => drive(&file),
        None if screen => open(),
        None => {
            println!("\nThere is no display here, so the first journey runs under a virtual one: {FIRST_JOURNEY}");
            drive(&readable(&places::root().join(FIRST_JOURNEY))?)
        }
    }
}

/// Builds the app, central, the fault proxy and the driver of the window.
pub fn build_programs() -> Done {
    heading("Building (the first time takes some minutes)");
    run_cargo(&[
        "build",
        "--bins",
        "-p",
        "prakerja-desktop",
        "-p",
        "prakerja-central",
        "-p",
        "prakerja-testkit",
        "-p",
        "prakerja-tests-journeys",
    ])
}

fn run_cargo(arguments: &[&str]) -> Done {
    run(cargo().args(arguments))
}

/// Starts central with demo data on a free loopback port and opens the app on it.
fn open() -> Done {
    heading("Starting a demo central");
    let data = places::reports().join("run");
    let mut central = Running::central(&data.join("central"))?;
    let address = central.address()?;
    println!("Central with demo data listens on {address}. Its sandbox mailbox: {address}/sandbox/mailbox");
    heading("Opening the window (close it to stop)");
    run(command(places::program("debug", "prakerja"))
        .arg("--data-dir")
        .arg(data.join("app"))
        .env("PRAKERJA_CENTRAL", &address))
}

/// Drives the real window with an applicant's data; central is started by the driver.
fn drive(file: &Path) -> Done {
    heading(&format!("Journey of {}", file.display()));
    let out = places::reports().join("journey");
    let arguments = ["run", "--applicant", &file.to_string_lossy(), "--out", &out.to_string_lossy()].map(String::from);
    run(&mut display::private(&places::program("debug", "journeys"), &arguments))?;
    println!("\nScreenshots and report.json are in {}", out.display());
    Ok(())
}

/// The file's full name, once it is sure that it can be read.
fn readable(file: &Path) -> Done<PathBuf> {
    let fail = |error| format!("cannot read {}: {error}", file.display());
    std::fs::read_to_string(file).map_err(fail)?;
    file.canonicalize().map_err(fail)
}

/// A free port, the one of the last run if possible: the app's session belongs to the address of central.
fn port(data: &Path) -> Done<u16> {
    let noted = data.join("port");
    let last = std::fs::read_to_string(&noted).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    let free = TcpListener::bind(("127.0.0.1", last)).or_else(|_| TcpListener::bind(("127.0.0.1", 0)));
    let port =
        free.and_then(|listener| listener.local_addr()).map_err(|error| format!("no free port: {error}"))?.port();
    std::fs::write(&noted, port.to_string()).map_err(|error| format!("{}: {error}", noted.display()))?;
    Ok(port)
}

/// A program that stops with this value.
struct Running(Child);

impl Running {
    fn central(data: &Path) -> Done<Self> {
        std::fs::create_dir_all(data).map_err(|error| format!("cannot create {}: {error}", data.display()))?;
        command(places::program("debug", "prakerja-central"))
            .args(["serve", "--demo", "--listen", &format!("127.0.0.1:{}", port(data)?), "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .map(Self)
            .map_err(|error| format!("cannot start central: {error}"))
    }

    /// Reads the address from central's first lines; later lines are passed on.
    fn address(&mut self) -> Done<String> {
        let output = self.0.stdout.take().ok_or("central has no output")?;
        let mut lines = BufReader::new(output).lines();
        for line in lines.by_ref() {
            let line = line.map_err(|error| format!("cannot read from central: {error}"))?;
            println!("{line}");
            if let Some(address) = line.strip_prefix("listening on ") {
                let address = address.trim().to_owned();
                std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| println!("{line}")));
                return Ok(address);
            }
        }
        Err("central ended before it listened".into())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
