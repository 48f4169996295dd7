//! The shell: one window, the keyring, the clipboard, notifications, and adapters of a few lines to `prakerja-app`, which knows all the
//! rules. Nothing below this crate knows Tauri.

#[cfg(target_os = "linux")]
mod camera;
pub mod cli;
mod clipboard;
pub mod commands;
mod data_folder;
mod keyring;
mod logs;
mod metered;
mod notifier;
pub mod platform;
mod run;
mod terminal;
mod window;
mod words;
