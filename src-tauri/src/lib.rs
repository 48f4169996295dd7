//! The shell: one window, the keyring, the clipboard, and adapters of a few lines to `prakerja-app`, which knows all the
//! rules. Nothing below this crate knows Tauri.

pub mod cli;
mod clipboard;
pub mod commands;
mod data_folder;
mod keyring;
mod logs;
pub mod platform;
mod run;
mod terminal;
mod window;
