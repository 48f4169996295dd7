//! The real window, driven by WebDriver: what journeys and measurements share.

pub mod applicant;
pub mod axe;
pub mod clear_text;
pub mod desktop;
pub mod handset;
pub mod keyboard;
pub mod knowledge;
pub mod programme;
pub mod programs;
pub mod report;
pub mod scenarios;
pub mod steps;
pub mod window;

/// What went wrong, for the person who reads the terminal.
pub type Outcome<T = ()> = Result<T, String>;
