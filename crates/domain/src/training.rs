//! Words about trainings.

use serde::{Deserialize, Serialize};

/// How a training is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Method {
    /// E-learning at one's own pace (SPL).
    SelfPaced,
    /// Live, online.
    Webinar,
    /// Face to face (tatap muka, luring).
    InPerson,
}

/// How many seats are left, roughly. A hint: only central decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum SeatBand {
    /// More than a fifth of the seats, and more than two (or no limit).
    Plenty,
    /// A fifth or less, or the last two.
    Few,
    /// None.
    Full,
}

impl SeatBand {
    /// Band for `taken` of `capacity` seats.
    pub fn of(taken: i64, capacity: i64) -> Self {
        let left = capacity - taken;
        if left <= 0 {
            Self::Full
        } else if left <= 2 || left * 5 <= capacity {
            Self::Few
        } else {
            Self::Plenty
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_fall_into_bands() {
        let cases = [
            (0, 20, SeatBand::Plenty),
            (15, 20, SeatBand::Plenty),
            (16, 20, SeatBand::Few),
            (19, 20, SeatBand::Few),
            (20, 20, SeatBand::Full),
            (21, 20, SeatBand::Full),
            (0, 0, SeatBand::Full),
            (0, 1, SeatBand::Few),
            (1, 4, SeatBand::Plenty),
            (2, 4, SeatBand::Few),
            (6, 8, SeatBand::Few),
            (5, 8, SeatBand::Plenty),
        ];
        for (taken, capacity, expected) in cases {
            assert_eq!(SeatBand::of(taken, capacity), expected, "{taken}/{capacity}");
        }
    }
}
