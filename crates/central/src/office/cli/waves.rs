//! `prakerja-central wave`, `whitelist` and `selection`.

use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use jiff::Timestamp;
use prakerja_selection::Beacon;

use super::{CommandError, cli, done, open, print, say};
use crate::catalogue::{WaveRow, usual_grace_hours};
use crate::config::Folder;
use crate::office::waves::{self, Changes};
use crate::office::{OfficeError, looked, noted, whitelist};
use crate::state::Central;
use crate::waves::selection::{self, Due};

/// Arguments of `prakerja-central wave`.
#[derive(Debug, clap::Args)]
pub struct Waves {
    #[command(flatten)]
    folder: Folder,
    #[command(subcommand)]
    command: WaveCommand,
}

#[derive(Debug, Subcommand)]
enum WaveCommand {
    /// Makes a wave. It needs --opens-at, --closes-at and --quota.
    Create {
        /// Its number.
        number: u32,
        /// Version of its scheme.
        #[arg(long)]
        scheme: String,
        #[command(flatten)]
        values: Changes,
    },
    /// Lists all waves.
    List,
    /// Changes a wave whose selection has not begun.
    Set {
        /// Its number.
        number: u32,
        #[command(flatten)]
        changes: Changes,
    },
    /// Opens a wave now.
    Open {
        /// Its number.
        number: u32,
    },
    /// Closes a wave now.
    Close {
        /// Its number.
        number: u32,
    },
}

/// Arguments of `prakerja-central whitelist`.
#[derive(Debug, clap::Args)]
pub struct Whitelist {
    #[command(flatten)]
    folder: Folder,
    #[command(subcommand)]
    command: WhitelistCommand,
}

#[derive(Debug, Subcommand)]
enum WhitelistCommand {
    /// Imports a list of the laid off (CSV: nik, name, source). Nothing is written while one row is wrong.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Takes back everything that came from a source.
    Remove {
        /// The source, as it stands in the list.
        #[arg(long)]
        source: String,
    },
}

/// Arguments of `prakerja-central selection`.
#[derive(Debug, clap::Args)]
pub struct Selection {
    #[command(flatten)]
    folder: Folder,
    #[command(subcommand)]
    command: SelectionCommand,
}

#[derive(Debug, Subcommand)]
enum SelectionCommand {
    /// Closes the list of a wave and publishes the commitment. Run it again after a crash.
    Commit {
        /// The wave.
        wave: u32,
        /// Which public value will be mixed in, so precisely that two strangers would read the same characters.
        #[arg(long)]
        beacon: String,
        /// When the value becomes known, such as 2026-12-02T16:00:00+07:00.
        #[arg(long)]
        due: Timestamp,
    },
    /// Draws with the public value and publishes the results. Run it again after a crash.
    Publish {
        /// The wave.
        wave: u32,
        /// The public value, from its own source.
        #[arg(long)]
        beacon: String,
        /// The same once more, typed anew: it cannot be taken back.
        #[arg(long)]
        beacon_again: String,
        /// Number of the appointment decree.
        #[arg(long)]
        decree: Option<String>,
    },
    /// Voids a draw before its results are published: its public value is lost, or it was committed to wrongly. Everybody
    /// who applied is told, and the reason is public for ever. Run it again after a crash.
    Void {
        /// The wave.
        wave: u32,
        /// Why, in one line for everybody to read.
        #[arg(long)]
        reason: String,
    },
    /// Shows how far a selection is.
    Status {
        /// The wave.
        wave: u32,
    },
}

impl Waves {
    /// Carries the command out.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn run(self, out: &mut impl Write) -> Result<(), CommandError> {
        let central = open(self.folder).await?;
        let result = wave(&central, self.command, out).await;
        central.close_beside().await;
        result
    }
}

async fn wave(central: &Central, command: WaveCommand, out: &mut impl Write) -> Result<(), CommandError> {
    let subject = |number: u32| format!("wave {number}");
    match command {
        WaveCommand::Create { number, scheme, values } => {
            let row = row(number, scheme, values);
            let subject = row.as_ref().map_or_else(|_| subject(number), waves::subject_of_new);
            let work = async { waves::create(central, row?).await };
            done(out, noted(central, cli("wave.create", subject), work).await)
        }
        WaveCommand::List => {
            for listed in looked(central, cli("wave.list", ""), waves::list(central)).await? {
                let wave = listed.wave;
                let time = |ms| Timestamp::from_millisecond(ms).unwrap_or_default();
                writeln!(
                    out,
                    "{:>4}  {:<17}  scheme {}  {} to {}  {} places, {} applications",
                    wave.number,
                    format!("{:?}", listed.state),
                    wave.scheme,
                    time(wave.opens_at),
                    time(wave.closes_at),
                    wave.quota,
                    listed.applications
                )?;
            }
            Ok(())
        }
        WaveCommand::Set { number, changes } => {
            let action = cli("wave.set", waves::subject_with(number, &changes));
            done(out, noted(central, action, waves::set(central, number, changes)).await)
        }
        WaveCommand::Open { number } => {
            done(out, noted(central, cli("wave.open", subject(number)), waves::open(central, number)).await)
        }
        WaveCommand::Close { number } => {
            done(out, noted(central, cli("wave.close", subject(number)), waves::close(central, number)).await)
        }
    }
}

fn row(number: u32, scheme: String, values: Changes) -> Result<WaveRow, OfficeError> {
    let missing = || OfficeError::refused("missing", "--opens-at, --closes-at and --quota are needed");
    Ok(WaveRow {
        number,
        opens_at: values.opens_at.ok_or_else(missing)?,
        closes_at: values.closes_at.ok_or_else(missing)?,
        provinces: values.provinces.unwrap_or_default(),
        scheme,
        overrides: values.overrides,
        quota: values.quota.ok_or_else(missing)?,
        region_quotas: values.region_quotas.unwrap_or_default().into_iter().collect(),
        grace_hours: values.grace_hours.unwrap_or_else(usual_grace_hours),
        results_expected_at: values.results_expected_at,
    })
}

impl Whitelist {
    /// Carries the command out.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn run(self, out: &mut impl Write) -> Result<(), CommandError> {
        match self.command {
            WhitelistCommand::Import { file } => {
                let csv = std::fs::read(file)?;
                let central = open(self.folder).await?;
                let list = whitelist::List::read(&central, &csv).await?;
                let action = cli("whitelist.import", list.subject());
                let result = noted(&central, action, whitelist::import(&central, list)).await;
                central.close_beside().await;
                if let Err(OfficeError::Rows(rows)) = &result {
                    rows.iter().try_for_each(|row| say(out, row))?;
                }
                say(out, format!("{} rows imported", result?))
            }
            WhitelistCommand::Remove { source } => {
                let central = open(self.folder).await?;
                let action = cli("whitelist.remove", whitelist::subject_of(&source));
                let result = noted(&central, action, whitelist::remove(&central, &source)).await;
                central.close_beside().await;
                say(out, format!("{} rows removed", result?))
            }
        }
    }
}

impl Selection {
    /// Carries the command out.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn run(self, out: &mut impl Write) -> Result<(), CommandError> {
        let central = open(self.folder).await?;
        let result = selection(&central, self.command, out).await;
        central.close_beside().await;
        result
    }
}

async fn selection(central: &Central, command: SelectionCommand, out: &mut impl Write) -> Result<(), CommandError> {
    match command {
        SelectionCommand::Commit { wave, beacon, due } => {
            let beacon = Beacon { description: beacon, due_at_ms: due.as_millisecond() };
            let action = cli("selection.commit", waves::subject_of_commit(wave, &beacon));
            let work = async { Ok(selection::commit(central, wave, beacon).await?) };
            let files = noted(central, action, work).await?;
            say(out, format!("commitment {}\n{} applications on the list", files.commitment, files.entries))?;
            say(out, "publish the commitment where you cannot change it any more, before the public value is known")
        }
        SelectionCommand::Publish { wave, beacon, beacon_again, decree } => {
            let action = cli("selection.publish", waves::subject_of_publish(wave, &beacon, decree.as_deref()));
            let work = async {
                let value = selection::typed_twice(&beacon, &beacon_again)?;
                Ok(selection::publish(central, wave, &value, decree.as_deref(), Due::Waited).await?)
            };
            let done = noted(central, action, work).await?;
            say(out, format!("{} of {} accepted", done.accepted, done.entries))
        }
        SelectionCommand::Void { wave, reason } => {
            let action = cli("selection.void", waves::subject_of_void(wave, &reason));
            let work = async { Ok(selection::void(central, wave, &reason).await?) };
            let done = noted(central, action, work).await?;
            say(out, format!("commitment {} is voided, and everybody who applied is told", done.commitment))?;
            say(out, "commit anew, with a public value that is due later; say in public why")
        }
        SelectionCommand::Status { wave } => {
            let work = async { Ok(selection::progress(central, wave).await?) };
            print(out, &looked(central, cli("selection.status", format!("wave {wave}")), work).await?)
        }
    }
}
