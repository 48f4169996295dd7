//! Starting other programs with their output in view.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::places;

/// What tools answer: a sentence that says what to do.
pub type Done<T = ()> = Result<T, String>;

/// A command in the checkout.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(places::root());
    command
}

/// `cargo`, the one that runs this.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// `npm` in the UI's folder.
pub fn npm() -> Command {
    let mut npm = if cfg!(windows) {
        let mut shell = command("cmd");
        shell.args(["/C", "npm"]);
        shell
    } else {
        command("npm")
    };
    npm.current_dir(places::root().join("ui"));
    npm
}

/// Prints a heading.
pub fn heading(text: &str) {
    println!("\n== {text}");
}

/// Runs to the end, showing the output.
pub fn run(command: &mut Command) -> Done {
    let shown = show(command);
    let status = command.status().map_err(|error| format!("cannot start {shown}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown} failed ({status})")) }
}

/// Runs to the end, showing the output and giving it back too, with how it ended.
pub fn run_and_read(command: &mut Command) -> Done<(String, Done)> {
    let shown = show(command);
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| format!("cannot start {shown}: {error}"))?;
    let mut text = String::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|error| format!("cannot read from {shown}: {error}"))?;
            println!("{line}");
            text.push_str(&line);
            text.push('\n');
        }
    }
    let status = child.wait().map_err(|error| format!("cannot wait for {shown}: {error}"))?;
    let ended = if status.success() { Ok(()) } else { Err(format!("{shown} failed ({status})")) };
    Ok((text, ended))
}

/// What a program prints, when it is there and ends well.
pub fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = command(program).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// True when the program is there and ends well.
pub fn succeeds(program: &str, arguments: &[&str]) -> bool {
    command(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn show(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}
