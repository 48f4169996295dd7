//! `prakerja-central account lock|unlock EMAIL`: what an operator does by hand. Works beside a running central.

use clap::Subcommand;
use prakerja_central::accounts::operator::{Change, change, person};
use prakerja_central::clock::Clock;
use prakerja_central::config::Folder;
use prakerja_central::office::{Action, CLI, OfficeError, noted};
use prakerja_central::state::Central;

use crate::Failure;

/// Arguments of `prakerja-central account`.
#[derive(Debug, clap::Args)]
pub(crate) struct Account {
    #[command(flatten)]
    folder: Folder,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Locks an account: its sessions answer `account-locked`, nobody can sign in.
    Lock {
        /// Address of the account.
        email: String,
    },
    /// Opens it again.
    Unlock {
        /// Address of the account.
        email: String,
    },
}

/// Carries out a command.
pub(crate) async fn run(arguments: Account) -> Result<(), Failure> {
    let (email, to) = match arguments.command {
        Command::Lock { email } => (email, Change::Lock),
        Command::Unlock { email } => (email, Change::Unlock),
    };
    let config = arguments.folder.config()?;
    let who = person(&config.data, &email).await?;
    let central = Central::beside(config, Clock::System).await?;
    let what = if to == Change::Lock { "account.lock" } else { "account.unlock" };
    let action = Action { who: CLI.to_owned(), what, subject: format!("account {who}") };
    let work = async {
        change(&central.config.data, &email, to).await.map_err(|error| OfficeError::Internal(error.to_string()))
    };
    let result = noted(&central, action, work).await;
    central.close_beside().await;
    result?;
    crate::print("done\n")
}
