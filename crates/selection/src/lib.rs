//! The selection of a wave: a draw among the applicants that anyone can recompute.
//!
//! Before the draw a [`Commitment`] is published: it fixes the [`Rules`], the [`List`] of blinded applications and a
//! secret [`Seed`]. Afterwards the seed is revealed and mixed with a public value that nobody knew before; [`draw`] then
//! leaves nothing to decide, and [`verify`] finds every difference. `docs/selection.md` has the scheme for applicants and
//! auditors, byte by byte, and what it cannot prove.
//!
//! No database, no network, no clock, no source of chance: bytes, times and the seed are passed in. Who is eligible is
//! decided before the list is made; that is not in here.

mod accepted;
mod allocation;
mod beacon;
mod bytes;
mod canonical;
mod commitment;
mod decoder;
mod draw;
mod files;
mod list;
mod result;
mod roll;
mod rules;
mod ticket;
mod verify;
mod voided;

pub use allocation::{Decision, Refusal};
pub use beacon::{Beacon, BeaconError, normalise};
pub use bytes::{Blind, Digest, HexError, Seed};
pub use canonical::{FormatError, is_line};
pub use commitment::{Commitment, CommitmentError};
pub use decoder::{ListDecoder, ReadError};
pub use draw::{DrawError, Drawn, Reveal, draw};
pub use files::{Files, Part};
pub use list::{Application, Entry, List, ListError};
pub use result::{ClassCount, DrawResult, Refused, RegionCount};
pub use rules::{ClassRule, RegionRule, Rules, RulesError};
pub use ticket::{DrawKey, WaveSecret};
pub use verify::{Known, Place, Tampered, Verified, verify};
pub use voided::{VOID_FILE, VoidError, Voided};

/// Version of the scheme and of every format in here.
pub const VERSION: u16 = 1;
