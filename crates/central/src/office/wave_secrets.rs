//! The secret of a wave's blinds in the office's hands: given to an auditor, and destroyed when objections are over. In the
//! terminal only, since it must not go over a wire.

use std::io::Write as _;
use std::path::Path;

use serde::Serialize;

use super::OfficeError;
use crate::catalogue::waves;
use crate::state::Central;
use crate::waves::secret::{self, Found};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// What an auditor gets.
#[derive(Serialize)]
struct Exported {
    wave: u32,
    secret: String,
    /// How a blind comes from it.
    blind: &'static str,
}

/// Writes the secret of a wave into a new file that its owner alone can read.
///
/// # Errors
/// `wave-unknown`, `no-secret` before anybody applied, `destroyed`, `file` when there is a file of this name or it cannot be
/// written.
pub async fn export(central: &Central, wave: u32, out: &Path) -> Result<(), OfficeError> {
    let mut tx = central.db.read().begin().await?;
    if waves::one(&mut tx, wave).await?.is_none() {
        return Err(OfficeError::refused("wave-unknown", "there is no such wave"));
    }
    let secret = match secret::find(&mut tx, central.sealer()?, wave).await? {
        Found::Kept(secret) => hex::encode(secret),
        Found::None => return Err(OfficeError::refused("no-secret", "nobody has applied to this wave")),
        Found::Destroyed => return Err(destroyed()),
    };
    drop(tx);
    let blind = "first 16 bytes of HMAC-SHA256(secret, 16 bytes of the application's id)";
    let json = serde_json::to_string_pretty(&Exported { wave, secret, blind });
    let json = json.map_err(|error| OfficeError::Internal(error.to_string()))?;
    let out = out.to_owned();
    let written = tokio::task::spawn_blocking(move || write_private(&out, &json)).await;
    let written = written.map_err(|error| OfficeError::Internal(error.to_string()))?;
    written.map_err(|error| OfficeError::refused("file", format!("the file could not be written: {error}")))
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

/// Destroys the secret of a wave. Before the keeping time after the publication has passed only with a reason.
///
/// # Errors
/// `wave-unknown`, `confirm` when another wave is named the second time, `not-published`, `too-early`, `reason` for an empty
/// one, `no-secret`, `destroyed`.
pub async fn destroy(central: &Central, wave: u32, confirm: u32, forced: Option<&str>) -> Result<(), OfficeError> {
    let known = {
        let mut connection = central.db.read().acquire().await?;
        waves::one(&mut connection, wave).await?
    };
    let known = known.ok_or_else(|| OfficeError::refused("wave-unknown", "there is no such wave"))?;
    if confirm != wave {
        return Err(OfficeError::refused("confirm", "--confirm names another wave"));
    }
    if forced.is_some_and(|reason| reason.trim().is_empty()) {
        return Err(OfficeError::refused("reason", "say why it is destroyed before its time"));
    }
    let published = known.selection.and_then(|selection| selection.published_at);
    let published =
        published.ok_or_else(|| OfficeError::refused("not-published", "the results of the wave are not published"))?;
    let keep = published.saturating_add(i64::from(central.config.wave_secret_keep_days).saturating_mul(DAY_MS));
    let now = central.clock.now_ms();
    if now < keep && forced.is_none() {
        let until = jiff::Timestamp::from_millisecond(keep).unwrap_or(jiff::Timestamp::MAX);
        return Err(OfficeError::refused(
            "too-early",
            format!("it is kept until {until}, for objections and auditors"),
        ));
    }
    if secret::destroy(&central.db, wave, now).await? {
        return Ok(());
    }
    let mut connection = central.db.read().acquire().await?;
    Err(match secret::find(&mut connection, central.sealer()?, wave).await? {
        Found::Destroyed => destroyed(),
        _ => OfficeError::refused("no-secret", "nobody has applied to this wave"),
    })
}

/// A destruction as the audit log names it.
pub fn subject_with(wave: u32, forced: Option<&str>) -> String {
    match forced {
        Some(reason) => format!("wave {wave}, forced: {}", reason.trim()),
        None => format!("wave {wave}"),
    }
}

fn destroyed() -> OfficeError {
    OfficeError::refused("destroyed", "the secret of this wave was destroyed")
}
