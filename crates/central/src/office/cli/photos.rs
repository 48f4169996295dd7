//! `prakerja-central photo`.

use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use prakerja_domain::registration::DocumentRefusal;
use uuid::Uuid;

use super::{CommandError, cli, done, open, print};
use crate::config::Folder;
use crate::office::{looked, noted, photos};
use crate::secrets::write_durably;

/// Arguments of `prakerja-central photo`.
#[derive(Debug, clap::Args)]
pub struct Photos {
    #[command(flatten)]
    folder: Folder,
    #[command(subcommand)]
    command: PhotoCommand,
}

#[derive(Debug, Subcommand)]
enum PhotoCommand {
    /// Lists photos that wait for a decision.
    List,
    /// Writes a picture into a file that only you can read.
    Save {
        /// The document.
        document: Uuid,
        /// The file (JPEG).
        file: PathBuf,
    },
    /// Accepts a photo.
    Accept {
        /// The document.
        document: Uuid,
    },
    /// Refuses a photo; the person may send another.
    Refuse {
        /// The document.
        document: Uuid,
        /// Why, such as blurred, cut, too_dark, glare, not_original, other_person or other.
        #[arg(long, value_parser = photos::reason)]
        reason: DocumentRefusal,
        /// Words for the person.
        #[arg(long)]
        note: Option<String>,
    },
}

impl Photos {
    /// Carries the command out.
    ///
    /// # Errors
    /// [`CommandError`].
    pub async fn run(self, out: &mut impl Write) -> Result<(), CommandError> {
        let central = open(self.folder).await?;
        let result = match self.command {
            PhotoCommand::List => {
                let list = looked(&central, cli("photo.list", ""), photos::list(&central)).await;
                list.map_err(CommandError::from).and_then(|list| print(out, &list))
            }
            PhotoCommand::Save { document, file } => {
                let work = photos::picture(&central, document);
                match looked(&central, cli("photo.show", photos::subject(document)), work).await {
                    // An identity card is for the eyes of whoever decides.
                    Ok(jpeg) => write_durably(&file, &jpeg).map_err(CommandError::from),
                    Err(error) => Err(error.into()),
                }
            }
            PhotoCommand::Accept { document } => {
                let work = photos::accept(&central, document);
                done(out, noted(&central, cli("photo.accept", photos::subject(document)), work).await)
            }
            PhotoCommand::Refuse { document, reason, note } => {
                let subject = photos::subject_with(document, reason);
                let work = photos::refuse(&central, document, reason, note);
                done(out, noted(&central, cli("photo.refuse", subject), work).await)
            }
        };
        central.close_beside().await;
        result
    }
}
