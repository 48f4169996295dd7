//! `prakerja-central wave-secret`.

use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;

use super::{CommandError, cli, done, open, say};
use crate::config::Folder;
use crate::office::{noted, wave_secrets};

/// Arguments of `prakerja-central wave-secret`.
#[derive(Debug, clap::Args)]
pub struct WaveSecrets {
    #[command(flatten)]
    folder: Folder,
    #[command(subcommand)]
    command: WaveSecretCommand,
}

#[derive(Debug, Subcommand)]
enum WaveSecretCommand {
    /// Writes the secret of a wave's blinds into a new file, for an auditor. Whoever has it and the ids of applications knows
    /// whose blind is whose.
    Export {
        /// The wave.
        wave: u32,
        /// The file; it is readable for you only.
        #[arg(long)]
        out: PathBuf,
    },
    /// Destroys it, once the results are published and the keeping time (`wave_secret_keep_days`) is over. For ever.
    Destroy {
        /// The wave.
        wave: u32,
        /// The wave once more.
        #[arg(long)]
        confirm: u32,
        /// Destroys it before its time, and why.
        #[arg(long, value_name = "REASON")]
        force: Option<String>,
    },
}

impl WaveSecrets {
    /// Carries the command out.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn run(self, out: &mut impl Write) -> Result<(), CommandError> {
        let central = open(self.folder).await?;
        let result = match self.command {
            WaveSecretCommand::Export { wave, out: file } => {
                let work = wave_secrets::export(&central, wave, &file);
                let written = noted(&central, cli("wave-secret.export", format!("wave {wave}")), work).await;
                done(out, written).and_then(|()| say(out, "delete the file when the auditor is done with it"))
            }
            WaveSecretCommand::Destroy { wave, confirm, force } => {
                let action = cli("wave-secret.destroy", wave_secrets::subject_with(wave, force.as_deref()));
                let work = wave_secrets::destroy(&central, wave, confirm, force.as_deref());
                done(out, noted(&central, action, work).await)
                    .and_then(|()| say(out, "backups made before still have it: let them end, too"))
            }
        };
        central.close_beside().await;
        result
    }
}
