//! The bank: all items of one version, checked. It does not know who sits a test.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::entry::{BankFile, Item, Key, complete, words_of};
use crate::error::{BankError, Fault};
use crate::words::{Kind, Words};

/// The bank of this programme, one file for each kind.
pub(crate) const EMBEDDED: [(&str, &str); 4] = [
    ("verbal.toml", include_str!("../bank/verbal.toml")),
    ("numeric.toml", include_str!("../bank/numeric.toml")),
    ("figural.toml", include_str!("../bank/figural.toml")),
    ("motivation.toml", include_str!("../bank/motivation.toml")),
];

/// A checked bank of items with their answers. It has no `Debug` and no `Serialize`, so that answers do not get
/// into a log or a response by accident.
pub struct Bank {
    version: u32,
    items: Vec<Item>,
}

impl Bank {
    /// The bank that comes with this crate.
    ///
    /// # Errors
    ///
    /// None in practice: a test loads it.
    pub fn embedded() -> Result<Self, BankError> {
        Self::from_texts(&EMBEDDED)
    }

    /// An operator's own bank: names of the files, for the errors, and their text. A kind may have several files
    /// or none. `bank/README.md` describes the format.
    ///
    /// # Errors
    ///
    /// The first fault that is found, with file and item.
    pub fn from_texts(files: &[(&str, &str)]) -> Result<Self, BankError> {
        let mut version = None;
        let mut items = Vec::new();
        let mut ids = BTreeSet::new();
        for (name, text) in files {
            let file: BankFile = toml::from_str(text)
                .map_err(|error| BankError::Syntax { file: (*name).to_owned(), message: error.to_string() })?;
            let expected = *version.get_or_insert(file.version);
            if file.version != expected {
                return Err(BankError::Version { file: (*name).to_owned(), found: file.version, expected });
            }
            if !scale_fits(file.kind, &file.scale) {
                return Err(BankError::Scale { file: (*name).to_owned() });
            }
            for entry in file.entries {
                let id = entry.id.clone();
                let fault = |fault| BankError::Item { file: (*name).to_owned(), item: id.clone(), fault };
                if !ids.insert(id.clone()) {
                    return Err(fault(Fault::Twice));
                }
                items.push(entry.check(file.kind, &file.scale).map_err(fault)?);
            }
        }
        items.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(Self { version: version.unwrap_or_default(), items })
    }

    /// The version that the files carry.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// How many items there are of a kind.
    pub fn count(&self, kind: Kind) -> usize {
        self.items.iter().filter(|item| item.kind == kind).count()
    }

    /// SHA-256 in hex of everything that decides a paper and its score: kept beside the seed of an attempt, it
    /// tells whether the bank is still the one that the paper was drawn from. Passages, tables, drawings and the
    /// English words decide nothing and are left out: to mend one must not end the attempts that run.
    pub fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        let mut add = |text: &str| {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text.as_bytes());
        };
        for item in &self.items {
            add(&item.id);
            add(item.kind.as_str());
            add(&item.difficulty.to_string());
            add(&match item.key {
                Key::Right(place) => place.to_string(),
                Key::Statement { reverse } => reverse.to_string(),
            });
            add(&item.text.id);
            for option in &item.options {
                add(words_of(option).map_or("", |words| &words.id));
            }
        }
        hex::encode(digest.finalize())
    }

    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }
}

fn scale_fits(kind: Kind, scale: &[Words]) -> bool {
    let different = |pick: fn(&Words) -> &str| scale.iter().map(pick).collect::<BTreeSet<_>>().len() == 4;
    match kind {
        Kind::Motivation => {
            scale.len() == 4 && scale.iter().all(complete) && different(|step| &step.id) && different(|step| &step.en)
        }
        Kind::Verbal | Kind::Numeric | Kind::Figural => scale.is_empty(),
    }
}
