//! From a verified account to a complete registration (state machine 3.2 of the programme).
//!
//! [`case`] keeps what is known of a person and tells the person's feed. Whatever wants to change it asks
//! [`case::Case::allows`] first, so that app and central refuse alike.

pub(crate) mod appeal;
pub(crate) mod case;
pub(crate) mod notice;
