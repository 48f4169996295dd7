//! What happens to people.

pub mod looks;
pub mod offline;
pub mod online;
pub mod without_keyring;
