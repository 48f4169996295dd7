//! `prakerja check`: the connection check without a window.

use std::error::Error;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::process::ExitCode;

use prakerja_connectivity::{CheckEvent, Language, Options, SignUp, Target, check, report};

/// Checks and prints. 0 when sign-up is open, 1 otherwise.
///
/// # Errors
/// An address that central cannot have, or nowhere to print to.
pub(crate) fn check(central: &str, language: Language, json: bool) -> Result<ExitCode, Box<dyn Error>> {
    let target = Target::parse(central)?;
    let options = Options::new(env!("CARGO_PKG_VERSION"));
    let lively = stderr().is_terminal();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(check::run(&target, &options, |_, event| {
        // A check takes up to half a minute: show that it lives.
        if lively && matches!(event, CheckEvent::Stage(_) | CheckEvent::Sample(_)) {
            let _ = write!(stderr(), ".");
        }
    }));
    // A name that is still being looked up must not keep the answer waiting; nothing can be lost.
    runtime.shutdown_background();
    if lively {
        let _ = writeln!(stderr());
    }
    let text = if json { report::json(&report)? + "\n" } else { report::terminal(&report, language) };
    stdout().write_all(text.as_bytes())?;
    Ok(if report.sign_up == SignUp::Open { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
