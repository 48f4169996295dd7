//! The office's actions in the terminal. They work beside a running central and are in the audit log as `cli`.

mod photos;
mod staff;
mod wave_secrets;
mod waves;

use std::fmt::Display;
use std::io::Write;

use clap::Subcommand;
use jiff::Timestamp;
use prakerja_protocol::registration::BlockReason;
use serde::Serialize;

use super::address::{self, AddressReason};
use super::cases::{self, REASONS, UnblockReason, subject, subject_with, word};
use super::{Action, CLI, OfficeError, appeals, looked, memberships, noted};
use crate::clock::Clock;
use crate::config::Folder;
use crate::registration::reopen::Part;
use crate::state::{Central, StartError};
use crate::waves::MembershipChange;

pub use self::photos::Photos;
pub use self::staff::{Audit, Staff};
pub use self::wave_secrets::WaveSecrets;
pub use self::waves::{Selection, Waves, Whitelist};

/// A command that failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    /// The folder.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The action.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// A file, or the terminal.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The audit log is not what it was.
    #[error("the audit log is BROKEN: {0}")]
    Broken(#[from] super::audit::Broken),
}

/// Arguments of `prakerja-central case`.
#[derive(Debug, clap::Args)]
pub struct Case {
    #[command(flatten)]
    folder: Folder,
    #[command(subcommand)]
    command: CaseCommand,
}

#[derive(Debug, Subcommand)]
enum CaseCommand {
    /// Shows a case by its number: states, records, history; personal data masked.
    Show {
        /// Such as PRA-2345-6789.
        number: String,
    },
    /// Blocks a case.
    Block {
        /// Number of the case.
        number: String,
        /// Why: false_data, automation, proxy, missed_first_purchase, unfinished_training, terms_broken or other.
        #[arg(long, value_parser = reason)]
        reason: BlockReason,
        /// Words for the person.
        #[arg(long)]
        note: Option<String>,
    },
    /// Lifts a block.
    Unblock {
        /// Number of the case.
        number: String,
        /// Why.
        #[arg(long)]
        reason: UnblockReason,
        /// Words for the person.
        #[arg(long)]
        note: Option<String>,
    },
    /// Enters another e-mail address for the account, once its owner is identified. All its sessions end, its password
    /// opens nothing any more, and the phone counts as not verified: the owner sets another password by the new address.
    Email {
        /// Number of the case.
        number: String,
        /// The new address.
        address: String,
        /// Why.
        #[arg(long)]
        reason: AddressReason,
    },
    /// Decides a face check that waits for a person of the office.
    Face {
        /// Number of the case.
        number: String,
        /// The face is the card's.
        #[arg(long, conflicts_with = "refuse", required_unless_present = "refuse")]
        accept: bool,
        /// It is not; the person may try anew.
        #[arg(long)]
        refuse: bool,
    },
    /// Takes back what nobody else can undo; the person begins that part anew. Never for a participant.
    #[command(group = clap::ArgGroup::new("part").required(true))]
    Reopen {
        /// Number of the case.
        number: String,
        /// The match with the civil registry, with the photo and the face check that rest on it.
        #[arg(long, group = "part")]
        identity: bool,
        /// The declarations.
        #[arg(long, group = "part")]
        declarations: bool,
        /// The test.
        #[arg(long, group = "part")]
        test: bool,
        /// Words for the person.
        #[arg(long)]
        reason: String,
    },
    /// Changes the membership of a participant.
    Membership {
        /// Number of the case.
        number: String,
        /// What happens to it.
        change: MembershipChange,
        /// When the first training was bought, such as 2026-12-02T16:00:00+07:00; now, where it is not said. A purchase in time
        /// that is reported late undoes a revocation by the clock.
        #[arg(long)]
        bought_at: Option<Timestamp>,
        /// Words for the person; a suspension and a revocation need them.
        #[arg(long)]
        note: Option<String>,
    },
}

fn reason(text: &str) -> Result<BlockReason, String> {
    let known = REASONS.iter().find(|(word, _)| *word == text).map(|(_, reason)| *reason);
    known.ok_or_else(|| format!("expected one of {}", REASONS.map(|(word, _)| word).join(", ")))
}

/// Arguments of `prakerja-central appeal`.
#[derive(Debug, clap::Args)]
pub struct Appeals {
    #[command(flatten)]
    folder: Folder,
    #[command(subcommand)]
    command: AppealCommand,
}

#[derive(Debug, Subcommand)]
enum AppealCommand {
    /// Lists appeals that wait.
    List,
    /// Answers one.
    Answer {
        /// Its id.
        id: uuid::Uuid,
        /// Lifts the block.
        #[arg(long, conflicts_with = "refuse", required_unless_present = "refuse")]
        grant: bool,
        /// The block stays.
        #[arg(long)]
        refuse: bool,
        /// Words for the person.
        #[arg(long)]
        text: String,
    },
}

impl Case {
    /// Carries the command out.
    ///
    /// # Errors
    /// [`CommandError`]; whoever calls ends with a failing exit code.
    pub async fn run(self, out: &mut impl Write) -> Result<(), CommandError> {
        let central = open(self.folder).await?;
        let result = match self.command {
            CaseCommand::Show { number } => {
                let view = looked(&central, cli("case.show", subject(&number)), cases::show(&central, &number)).await;
                view.map_err(CommandError::from).and_then(|view| print(out, &view))
            }
            CaseCommand::Block { number, reason, note } => {
                let action = cli("case.block", subject_with(&number, word(reason)));
                done(out, noted(&central, action, cases::block(&central, &number, reason, note)).await)
            }
            CaseCommand::Unblock { number, reason, note } => {
                let action = cli("case.unblock", subject_with(&number, reason.word()));
                done(out, noted(&central, action, cases::unblock(&central, &number, note)).await)
            }
            CaseCommand::Email { number, address, reason } => {
                let action = cli("case.email", subject_with(&number, reason.word()));
                done(out, noted(&central, action, address::change(&central, &number, &address)).await)
            }
            CaseCommand::Face { number, accept, refuse: _ } => {
                let what = if accept { "face.accept" } else { "face.refuse" };
                let work = cases::decide_face(&central, &number, accept);
                done(out, noted(&central, cli(what, subject(&number)), work).await)
            }
            CaseCommand::Reopen { number, identity, declarations, test: _, reason } => {
                let part = match (identity, declarations) {
                    (true, _) => Part::Identity,
                    (_, true) => Part::Declarations,
                    _ => Part::Test,
                };
                let action = cli("case.reopen", subject_with(&number, part.word()));
                done(out, noted(&central, action, cases::reopen(&central, &number, part, &reason)).await)
            }
            CaseCommand::Membership { number, change, bought_at, note } => {
                let work = memberships::change(&central, &number, (change, bought_at), note);
                let action = cli(memberships::what(change), memberships::subject_with(&number, bought_at));
                done(out, noted(&central, action, work).await)
            }
        };
        central.close_beside().await;
        result
    }
}

impl Appeals {
    /// Carries the command out.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn run(self, out: &mut impl Write) -> Result<(), CommandError> {
        let central = open(self.folder).await?;
        let result = match self.command {
            AppealCommand::List => {
                let list = looked(&central, cli("appeal.list", ""), appeals::list(&central)).await;
                list.map_err(CommandError::from).and_then(|list| print(out, &list))
            }
            AppealCommand::Answer { id, grant, refuse: _, text } => {
                let what = if grant { "appeal.grant" } else { "appeal.refuse" };
                let work = appeals::answer(&central, id, grant, &text);
                done(out, noted(&central, cli(what, format!("appeal {id}")), work).await)
            }
        };
        central.close_beside().await;
        result
    }
}

async fn open(folder: Folder) -> Result<Central, CommandError> {
    Ok(Central::beside(folder.config()?, Clock::System).await?)
}

fn cli(what: &'static str, subject: impl Into<String>) -> Action {
    Action { who: CLI.to_owned(), what, subject: subject.into() }
}

fn print(out: &mut impl Write, value: &impl Serialize) -> Result<(), CommandError> {
    let text = serde_json::to_string_pretty(value).map_err(std::io::Error::from)?;
    say(out, text)
}

fn say(out: &mut impl Write, text: impl Display) -> Result<(), CommandError> {
    Ok(writeln!(out, "{text}")?)
}

fn done(out: &mut impl Write, result: Result<(), OfficeError>) -> Result<(), CommandError> {
    result?;
    say(out, "done")
}
