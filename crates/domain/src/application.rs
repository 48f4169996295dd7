//! An application to a wave (state machine 3.4): unique per person and wave.

use serde::{Deserialize, Serialize};

use crate::wave::WaveState;

/// Where an application stands. The wave's own state is another line: both at once confused people (domain.md, S30).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum ApplicationState {
    /// "Menunggu gelombang ditutup".
    JoinedWaitingClose,
    /// "Sedang diproses".
    Processing,
    /// Lolos.
    Accepted,
    /// "Kamu Belum Berhasil".
    NotAccepted,
}

impl ApplicationState {
    /// True when the draw has settled it.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Accepted | Self::NotAccepted)
    }

    /// What an application that the draw has not settled shows, by the state of its wave.
    pub fn waiting(wave: WaveState) -> Self {
        match wave {
            WaveState::Announced | WaveState::Open => Self::JoinedWaitingClose,
            WaveState::Closed | WaveState::Selecting | WaveState::ResultsPublished => Self::Processing,
        }
    }

    /// Whether it may become `next`.
    pub fn may_become(self, next: Self) -> bool {
        use ApplicationState::*;
        matches!((self, next), (JoinedWaitingClose, Processing) | (Processing, Accepted | NotAccepted))
    }
}

/// Why the draw passed an application over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum NotDrawn {
    /// All places of the wave were given before its turn.
    TotalFull,
    /// All places of its priority class.
    ClassFull,
    /// All places of its province.
    RegionFull,
    /// The family card has its recipients.
    FamilyFull,
}

/// Why an application that was received is not on the list that is drawn from. It has no place in the draw: whoever is told
/// this was not passed over by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum LeftOff {
    /// The account was blocked when the list was closed.
    Blocked,
    /// What the person declares excludes him or her, or the account is gone; or the wave has no place for the class.
    Excluded,
    /// A participant already: once per lifetime (domain.md §2.1).
    Recipient,
}

#[cfg(test)]
mod tests {
    use super::ApplicationState::*;
    use super::*;

    #[test]
    fn an_application_moves_forward_only() {
        let all = [JoinedWaitingClose, Processing, Accepted, NotAccepted];
        let allowed = [(JoinedWaitingClose, Processing), (Processing, Accepted), (Processing, NotAccepted)];
        for from in all {
            for to in all {
                assert_eq!(from.may_become(to), allowed.contains(&(from, to)), "{from:?} {to:?}");
            }
        }
    }

    #[test]
    fn what_waits_follows_its_wave() {
        for (wave, expected) in [
            (WaveState::Open, JoinedWaitingClose),
            (WaveState::Closed, Processing),
            (WaveState::Selecting, Processing),
            (WaveState::ResultsPublished, Processing),
        ] {
            assert_eq!(ApplicationState::waiting(wave), expected, "{wave:?}");
        }
    }
}
