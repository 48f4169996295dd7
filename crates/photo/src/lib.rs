//! The photo of the identity card (e-KTP): what can be judged and done before it is sent.
//!
//! Bytes in, result out: no files, no network, no async runtime, no clock. The app asks on the applicant's own laptop, so that
//! a blurred or cut photo costs a minute and not a week; central asks again for photos that come from a phone. Whatever the
//! bytes are, the answer is a result: every limit on pixels, memory and time is in [`Limits`].
//!
//! Deliberately not here: reading the text of the card, deciding whether it is genuine or a copy, finding a face. A copy on
//! good paper cannot be told from a card by one photo, and a check that guesses would turn honest people away.

mod area;
mod decode;
mod examined;
mod exposure;
mod face;
mod file_type;
mod finding;
mod geometry;
mod glare;
mod jpeg;
mod limits;
mod mask;
mod outline;
mod placement;
mod plane;
mod prepared;
mod sharpness;
mod unreadable;
mod upright;

#[cfg(feature = "specimen")]
pub mod specimen;

pub use area::{Area, QuarterTurn};
pub use examined::{Examined, examine, examine_within};
pub use file_type::FileType;
pub use finding::{Finding, FindingKind, Severity};
pub use limits::Limits;
pub use prepared::{Prepared, prepare, prepare_within};
pub use unreadable::Unreadable;
