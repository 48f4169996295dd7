//! Keys of this central, made once and kept beside the database.
//!
//! The database without its keys is useless: no password would fit, no receipt verify. So a missing file next to an existing
//! database is an error, never a reason to make new keys.

use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use hmac::{Hmac, Mac};
use opaque_ke::ServerSetup;
use prakerja_protocol::password::Suite;
use prakerja_protocol::sealed::OpeningKey;
use rand::RngCore;
use rand::rngs::OsRng;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// A 256-bit key for HMAC-SHA-256 with one purpose.
#[derive(Clone)]
pub struct MacKey(Zeroizing<[u8; 32]>);

impl MacKey {
    /// A key that is known already.
    pub fn of(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// HMAC-SHA-256 over the parts, each with its length in front, so that no two lists of parts are the same.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC takes keys of any length, so this cannot fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.as_slice()) else { return [0; 32] };
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Compares in constant time.
    pub fn verify(&self, parts: &[&[u8]], mac: &[u8]) -> bool {
        self.mac(parts).ct_eq(mac).into()
    }
}

impl std::fmt::Debug for MacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MacKey")
    }
}

/// All keys.
#[derive(Clone)]
pub struct Secrets {
    /// OPAQUE server setup.
    pub opaque: ServerSetup<Suite>,
    /// Makes session tokens.
    pub tokens: MacKey,
    /// Hashes e-mail codes.
    pub codes: MacKey,
    /// Stands for e-mail addresses where only equality matters.
    pub addresses: MacKey,
    /// Seals mails that wait.
    pub mails: Zeroizing<[u8; 32]>,
    /// Protects cursors and page tokens.
    pub cursors: MacKey,
    /// Seals personal records; keys are derived from it.
    pub records: MacKey,
    /// Signs receipts.
    pub receipts: SigningKey,
    /// Opens documents. The first is published; the others open what was sealed before it was made. Never empty.
    pub documents: Vec<OpeningKey>,
}

impl Secrets {
    /// The key that opens what was sealed to a published key.
    pub fn opening_key(&self, id: &str) -> Option<&OpeningKey> {
        self.documents.iter().find(|key| key.id() == id)
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}

/// The secrets file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// There is a database but no secrets file.
    #[error("{0} is missing although there is a database; put it back from the backup")]
    Missing(PathBuf),
    /// The file could not be read or written.
    #[error("{0} could not be read or written")]
    Io(PathBuf, #[source] std::io::Error),
    /// The file is of another version of central.
    #[error("{0} has version {1}, and this central knows version {VERSION}: use the central that wrote it")]
    Version(PathBuf, u32),
    /// The file is damaged.
    #[error("{0} is damaged; put it back from the backup")]
    Damaged(PathBuf),
}

/// Version of the file. 2 brought the keys for documents.
const VERSION: u32 = 2;

/// What every version of the file has.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct SecretsFile {
    version: u32,
    opaque: Zeroizing<String>,
    tokens: Zeroizing<String>,
    codes: Zeroizing<String>,
    addresses: Zeroizing<String>,
    mails: Zeroizing<String>,
    cursors: Zeroizing<String>,
    records: Zeroizing<String>,
    receipts: Zeroizing<String>,
    /// Newest first.
    documents: Vec<Zeroizing<String>>,
}

impl Secrets {
    /// Reads the keys in `data`, or makes them when there is no database yet.
    ///
    /// # Errors
    /// [`SecretsError`].
    pub fn open(data: &Path, database: &Path) -> Result<Self, SecretsError> {
        let file = data.join("secrets.json");
        match std::fs::read(&file).map(Zeroizing::new) {
            Ok(bytes) => match serde_json::from_slice::<Versioned>(&bytes) {
                Ok(found) if found.version != VERSION => Err(SecretsError::Version(file, found.version)),
                _ => Self::parse(&bytes).ok_or(SecretsError::Damaged(file)),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if database.exists() {
                    return Err(SecretsError::Missing(file));
                }
                let bytes = Zeroizing::new(make());
                write_durably(&file, &bytes).map_err(|error| SecretsError::Io(file.clone(), error))?;
                Self::parse(&bytes).ok_or(SecretsError::Damaged(file))
            }
            Err(error) => Err(SecretsError::Io(file, error)),
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let file: SecretsFile = serde_json::from_slice(bytes).ok()?;
        let opaque = Zeroizing::new(STANDARD.decode(file.opaque.as_bytes()).ok()?);
        let documents: Option<Vec<OpeningKey>> =
            file.documents.iter().map(|text| OpeningKey::from_bytes(&*key(text)?).ok()).collect();
        Some(Self {
            opaque: ServerSetup::deserialize(&opaque).ok()?,
            tokens: MacKey(key(&file.tokens)?),
            codes: MacKey(key(&file.codes)?),
            addresses: MacKey(key(&file.addresses)?),
            mails: key(&file.mails)?,
            cursors: MacKey(key(&file.cursors)?),
            records: MacKey(key(&file.records)?),
            receipts: SigningKey::from_bytes(&*key(&file.receipts)?),
            documents: documents.filter(|keys| !keys.is_empty())?,
        })
    }
}

fn key(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
    Some(Zeroizing::new(bytes.as_slice().try_into().ok()?))
}

fn make() -> Vec<u8> {
    let random = || {
        let mut key = Zeroizing::new([0_u8; 32]);
        OsRng.fill_bytes(key.as_mut_slice());
        Zeroizing::new(STANDARD.encode(key.as_slice()))
    };
    let file = SecretsFile {
        version: VERSION,
        opaque: Zeroizing::new(STANDARD.encode(ServerSetup::<Suite>::new(&mut OsRng).serialize())),
        tokens: random(),
        codes: random(),
        addresses: random(),
        mails: random(),
        cursors: random(),
        records: random(),
        receipts: random(),
        documents: vec![Zeroizing::new(STANDARD.encode(OpeningKey::generate().to_bytes().as_slice()))],
    };
    // A struct of strings cannot fail to serialise.
    serde_json::to_vec_pretty(&file).unwrap_or_default()
}

/// Writes a whole file, readable by its owner only, durable before it has its name.
pub(crate) fn write_durably(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let partial = file.with_extension("partial");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&partial)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    std::fs::rename(&partial, file)?;
    // The database must not outlive a name that a power cut forgot.
    #[cfg(unix)]
    if let Some(folder) = file.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
