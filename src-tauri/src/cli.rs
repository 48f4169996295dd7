//! The command line. It is read before Tauri starts, so that a check in the terminal needs no window.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::{data_folder, run, terminal};

/// Variable with the address of central.
const CENTRAL: &str = "PRAKERJA_CENTRAL";

/// Prepare for the Kartu Prakerja programme and take part in it, also without internet.
#[derive(Debug, Parser)]
#[command(name = "prakerja", version)]
struct Arguments {
    /// Keep everything of this run in this folder
    #[arg(long, value_name = "DIR", global = true)]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Check the internet connection and print what came out, without a window.
    ///
    /// Ends with 0 when the connection is good enough to sign up, with 1 when it is not, with 2 for wrong arguments.
    Check {
        /// Print everything as JSON
        #[arg(long)]
        json: bool,
        /// Address of central, in place of the one in the settings
        #[arg(long, value_name = "URL")]
        central: Option<String>,
        /// Language of the text
        #[arg(long, value_enum, default_value_t = Lang::Id)]
        lang: Lang,
    },
}

/// Languages of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Lang {
    /// Indonesian
    Id,
    /// English
    En,
}

/// Reads the arguments and does what they say.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let environment = std::env::var(CENTRAL).ok();
    let folder = match data_folder::find(arguments.data_dir.as_deref()) {
        Ok(folder) => folder,
        Err(error) => return fail(&error),
    };
    let done = match arguments.task {
        Some(Task::Check { json, central, lang }) => {
            let central =
                central.unwrap_or_else(|| prakerja_app::settings::central_of(&folder, environment.as_deref()));
            let language = match lang {
                Lang::Id => prakerja_connectivity::Language::Indonesian,
                Lang::En => prakerja_connectivity::Language::English,
            };
            terminal::check(&central, language, json)
        }
        None => run::window(folder, arguments.data_dir.is_none(), environment),
    };
    match done {
        Ok(code) => code,
        Err(error) => fail(error.as_ref()),
    }
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    // Nowhere to write to is no further error.
    let _ = writeln!(std::io::stderr(), "prakerja: {error}");
    ExitCode::from(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
        let read = |line: &str| Arguments::try_parse_from(line.split(' '));
        assert!(read("prakerja").unwrap().task.is_none());
        assert_eq!(read("prakerja --data-dir x").unwrap().data_dir, Some("x".into()));
        assert_eq!(read("prakerja check --data-dir x").unwrap().data_dir, Some("x".into()));
        assert!(matches!(
            read("prakerja check --json --central http://127.0.0.1:1 --lang en").unwrap().task,
            Some(Task::Check { json: true, central: Some(_), lang: Lang::En })
        ));
        assert!(read("prakerja --nonsense").is_err());
        assert!(read("prakerja https://example.org").is_err(), "an address from outside is no argument");
    }
}
