//! `prakerja-central account lock|unlock EMAIL`: what an operator does by hand. Works beside a running central.

use clap::Subcommand;
use prakerja_central::accounts::operator::{Change, change};
use prakerja_central::config::Folder;

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
    change(&arguments.folder.path()?, &email, to).await?;
    crate::print("done\n")
}
