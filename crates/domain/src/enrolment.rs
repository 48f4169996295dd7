//! Enrolment in a training. This version knows the free trainings of public training centres (BLK); the states of paid
//! ones join when they do.

use serde::{Deserialize, Serialize};

use crate::training::Method;

/// State of an enrolment, as central knows it (domain.md §3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum EnrolmentState {
    /// A place in a webinar.
    Scheduled,
    /// A seat in a face-to-face training.
    SeatConfirmed,
    /// A self-paced training that may begin.
    InProgress,
    /// Given back by the person.
    Cancelled,
    /// The institution called the training off.
    CancelledByInstitution,
    /// Done.
    Completed,
}

impl EnrolmentState {
    /// State in which an enrolment begins.
    pub fn first(method: Method) -> Self {
        match method {
            Method::SelfPaced => Self::InProgress,
            Method::Webinar => Self::Scheduled,
            Method::InPerson => Self::SeatConfirmed,
        }
    }

    /// True when the person may give the place back.
    pub fn is_cancellable(self) -> bool {
        matches!(self, Self::Scheduled | Self::SeatConfirmed | Self::InProgress)
    }

    /// True when the person has a place: at most one such enrolment per person and training.
    pub fn is_active(self) -> bool {
        self.is_cancellable()
    }
}
