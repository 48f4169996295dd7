//! The programme's rules and words.
//!
//! No database, no network, no async runtime and no clock: whoever calls passes the time in. App and central use the same
//! functions, so that central refuses exactly what the app refuses. Texts for people live in the UI; here are codes.

pub mod admission;
pub mod appeal;
pub mod application;
pub mod birth_date;
pub mod calendar;
pub mod declaration;
pub mod eligibility;
pub mod email;
pub mod enrolment;
pub mod field;
pub mod identity;
pub mod membership;
pub mod name;
pub mod password;
pub mod phone;
pub mod profile;
pub mod province;
pub mod registration;
pub mod scheme;
pub mod training;
pub mod wave;
