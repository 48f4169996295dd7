//! `prakerja-central operator` and `audit`.

use std::io::Write;

use clap::Subcommand;
use jiff::Timestamp;

use super::{CommandError, cli, done, open, say};
use crate::config::Folder;
use crate::office::operators::{self, subject};
use crate::office::role::Role;
use crate::office::{audit, looked, noted};

/// Arguments of `prakerja-central operator`.
#[derive(Debug, clap::Args)]
pub struct Staff {
    #[command(flatten)]
    folder: Folder,
    #[command(subcommand)]
    command: StaffCommand,
}

#[derive(Debug, Subcommand)]
enum StaffCommand {
    /// Makes an operator of the admin API and prints the token, once.
    Add {
        /// Name in the audit log.
        name: String,
        /// What the operator may do.
        #[arg(long)]
        role: Role,
    },
    /// Ends an operator's token.
    Revoke {
        /// The name.
        name: String,
    },
    /// Lists operators.
    List,
}

/// Arguments of `prakerja-central audit`.
#[derive(Debug, clap::Args)]
pub struct Audit {
    #[command(flatten)]
    folder: Folder,
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Prints the audit log.
    Show {
        /// From the row after this one.
        #[arg(long, default_value_t = 0)]
        after: i64,
        /// At most so many rows.
        #[arg(long, default_value_t = 1_000)]
        limit: u32,
    },
    /// Looks whether a row was changed or is missing.
    Verify,
}

impl Staff {
    /// Carries the command out.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn run(self, out: &mut impl Write) -> Result<(), CommandError> {
        let central = open(self.folder).await?;
        let result = match self.command {
            StaffCommand::Add { name, role } => {
                let work = operators::add(&central, &name, role);
                match noted(&central, cli("operator.add", operators::subject_of_new(&name, role)), work).await {
                    Ok(token) => say(out, token),
                    Err(error) => Err(error.into()),
                }
            }
            StaffCommand::Revoke { name } => {
                let work = operators::revoke(&central, &name);
                done(out, noted(&central, cli("operator.revoke", subject(&name)), work).await)
            }
            StaffCommand::List => {
                let list = looked(&central, cli("operator.list", ""), operators::list(&central)).await?;
                list.iter().try_for_each(|one| {
                    let state = if one.revoked_at.is_some() { "revoked" } else { "active" };
                    say(out, format!("{:<40} {:<14} {state}", one.name, one.role))
                })
            }
        };
        central.close_beside().await;
        result
    }
}

impl Audit {
    /// Carries the command out.
    ///
    /// # Errors
    /// [`CommandError`]; [`CommandError::Broken`] when the log is not what it was.
    pub async fn run(self, out: &mut impl Write) -> Result<(), CommandError> {
        let central = open(self.folder).await?;
        let result = match self.command {
            AuditCommand::Show { after, limit } => {
                let rows = looked(&central, cli("audit.show", ""), audit::list(&central, after, limit)).await?;
                rows.iter().try_for_each(|entry| {
                    let at = Timestamp::from_millisecond(entry.at).unwrap_or_default();
                    let audit::Entry { seq, who, what, subject, outcome, .. } = entry;
                    say(out, format!("{seq:>6}  {at}  {who:<20} {what:<20} {subject:<24} {outcome}"))
                })
            }
            AuditCommand::Verify => match looked(&central, cli("audit.verify", ""), audit::verify(&central)).await? {
                Ok(rows) => say(out, format!("{rows} rows, none changed, none missing")),
                Err(broken) => Err(broken.into()),
            },
        };
        central.close_beside().await;
        result
    }
}
