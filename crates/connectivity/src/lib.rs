//! Is this connection good enough to sign up?
//!
//! A check runs seven stages (name, reach, secure, API, portal, quality, upload) against central and comes to one of
//! twelve verdicts; a live watch goes on while a form is open. Statistics and verdicts are pure; thresholds and the
//! number of tries come from central. No third party is asked anything. The check never makes sign-up safe
//! (idempotency does), so it stops it only where sign-up cannot work at all: see [`sign_up_policy`].
//!
//! Not here: what the window shows (the app maps [`CheckReport`] to its own types), and when a check is due.

mod api;
pub mod check;
mod diagnose;
mod names;
mod portal;
mod quality;
mod reach;
pub mod report;
mod secure;
mod stage;
mod statistics;
mod target;
mod upload;
mod verdict;
pub mod watch;
mod words;

pub use check::{CheckEvent, CheckReport};
pub use names::{NameError, Names, SystemNames};
pub use stage::{Stage, StageReport, StageState};
pub use statistics::{Figures, Sample};
pub use target::{BadTarget, Clock, Limits, Options, Target, Trust};
pub use verdict::{Hysteresis, SignUp, Verdict, again_after, judge, sign_up_policy};
pub use watch::WatchReport;
pub use words::Language;
