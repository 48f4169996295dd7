//! What happens to people.

pub mod blocked;
pub mod keyboard_only;
pub mod locked_keyring;
pub mod looks;
pub mod offline;
pub mod online;
pub mod programme;
pub mod returning;
pub mod without_keyring;
