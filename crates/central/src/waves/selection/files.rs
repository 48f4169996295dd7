//! The public files of a selection in the data folder: durable before anybody is told of them.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use prakerja_selection::{Commitment, List, ListDecoder, Part, ReadError, VOID_FILE, Voided};

use super::SelectionError;
use crate::secrets::write_durably;

/// Effort of the compressor: blinds are random, only the other half of an entry becomes smaller.
const ZSTD_LEVEL: i32 = 3;
/// The list as it is published.
pub(super) const PACKED_LIST: &str = "list.bin.zst";

/// Where a file of a wave is.
pub(in crate::waves) fn path(data: &Path, wave: u32, file: &str) -> PathBuf {
    data.join("selections").join(wave.to_string()).join(file)
}

/// How long to wait before looking again whether the lock is free.
const LOOK: Duration = Duration::from_millis(100);

/// One process and task at a time works on the files; the lock ends with the value.
pub(super) async fn lock(data: &Path) -> Result<File, SelectionError> {
    loop {
        match try_lock(data)? {
            Some(file) => return Ok(file),
            None => tokio::time::sleep(LOOK).await,
        }
    }
}

/// The lock, unless somebody has it.
pub(super) fn try_lock(data: &Path) -> Result<Option<File>, SelectionError> {
    let folder = data.join("selections");
    std::fs::create_dir_all(&folder)?;
    let file = File::options().write(true).create(true).truncate(false).open(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        // A file system without locks: one operator at a time there is the operator's care.
        Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => Ok(Some(file)),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Writes list and commitment. Gives the bytes of the packed list.
pub(super) fn write_commitment(data: &Path, list: &List, commitment: &Commitment) -> Result<u64, SelectionError> {
    let wave = commitment.wave;
    if let Some(folder) = path(data, wave, PACKED_LIST).parent() {
        std::fs::create_dir_all(folder)?;
    }
    let packed = zstd::encode_all(list.encode().as_slice(), ZSTD_LEVEL)?;
    write_durably(&path(data, wave, PACKED_LIST), &packed)?;
    write_durably(&path(data, wave, Part::Commitment.file_name()), &commitment.to_json())?;
    Ok(packed.len() as u64)
}

/// Name below which the files of a voided draw are, in the folder of its wave.
pub(in crate::waves) fn voided_name(commitment: &str, file: &str) -> String {
    format!("voided/{commitment}/{file}")
}

/// Keeps list and commitment of a draw that is voided where the next draw does not write over them, with the reason.
pub(super) fn write_void(data: &Path, voided: &Voided) -> Result<(), SelectionError> {
    let (wave, commitment) = (voided.wave, voided.commitment.to_string());
    let place = |file: &str| path(data, wave, &voided_name(&commitment, file));
    let void = place(VOID_FILE);
    if let Some(folder) = void.parent() {
        std::fs::create_dir_all(folder)?;
    }
    for file in [PACKED_LIST, Part::Commitment.file_name()] {
        let (from, to) = (path(data, wave, file), place(file));
        match std::fs::remove_file(&to) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        // A file is replaced by the next draw, never written into; where a file system has no links, it is copied.
        if std::fs::hard_link(&from, &to).is_err() {
            write_durably(&to, &std::fs::read(&from)?)?;
        }
    }
    write_durably(&void, &voided.to_json())?;
    Ok(())
}

/// Writes what is published after the draw.
pub(super) fn write_result(data: &Path, wave: u32, result: &[u8], accepted: &[u8]) -> Result<(), SelectionError> {
    write_durably(&path(data, wave, Part::Accepted.file_name()), accepted)?;
    write_durably(&path(data, wave, Part::Result.file_name()), result)?;
    Ok(())
}

/// Reads a file.
pub(super) fn read(data: &Path, wave: u32, part: Part) -> Result<Vec<u8>, SelectionError> {
    Ok(std::fs::read(path(data, wave, part.file_name()))?)
}

/// Reads the commitment alone.
pub(super) fn read_only_commitment(data: &Path, wave: u32) -> Result<Commitment, SelectionError> {
    let part = Part::Commitment;
    let commitment = Commitment::from_json(&read(data, wave, part)?)
        .map_err(|error| prakerja_selection::Tampered::Form { part, error })?;
    commitment.check()?;
    Ok(commitment)
}

/// Reads the commitment and the list that belongs to it.
pub(super) fn read_commitment(data: &Path, wave: u32) -> Result<(Commitment, List), SelectionError> {
    let commitment = read_only_commitment(data, wave)?;
    let file = File::open(path(data, wave, PACKED_LIST))?;
    let decoder = ListDecoder::new(commitment.rules.clone())?;
    let list = decoder.read(zstd::stream::Decoder::new(file)?).map_err(|error| match error {
        ReadError::Source(error) => SelectionError::from(error),
        ReadError::List(error) => error.into(),
    })?;
    Ok((commitment, list))
}
