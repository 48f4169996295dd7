//! All administrative regions of Indonesia, offline: the same data for the app's address pickers and for the
//! checks of app and central.
//!
//! The codes are the Ministry of Home Affairs' (Kemendagri), digits only. The data is part of the binary and is
//! unpacked at the first question; where it comes from and how it is packed is in this crate's README.
//! Deliberately not here: postal codes, islands, maps, and codes of the statistics office (they differ in Papua).

mod atlas;
mod fold;
mod layer;
mod order;
mod packed;
mod region;
mod search;
mod short_forms;

#[cfg(any(test, feature = "pack"))]
#[cfg_attr(not(feature = "pack"), expect(unreachable_pub, reason = "public with the feature only"))]
mod pack;

#[cfg(feature = "pack")]
pub use pack::{PackError, pack};
pub use region::{Hit, Level, Region};

use atlas::Atlas;

/// The decree whose list of regions this is, as it is cited.
pub const DECREE: &str = "Kepmendagri 300.2.2-2138/2025";

/// The day of [`DECREE`], as an ISO date.
pub const DECREE_DATE: &str = "2025-04-25";

/// Whose work the data is and under which licence; the app has to show it with its other notices.
pub const NOTICE: &str = include_str!("../data/NOTICE");

/// Unpacks the data now instead of at the first question. Worth a background thread while a window opens.
pub fn preload() {
    Atlas::get();
}

/// The region with exactly this code.
pub fn find(code: &str) -> Option<Region> {
    Atlas::get().find(code)
}

/// From the province down to the region itself; empty for an unknown code.
pub fn path(code: &str) -> Vec<Region> {
    Atlas::get().path(code)
}

/// The regions one level below, sorted by name with numerals in their order; without a code the provinces.
/// Empty for an unknown code and for a village.
pub fn children(code: Option<&str>) -> Vec<Region> {
    let mut children = Atlas::get().children(code);
    children.sort_by_cached_key(|region| (order::key(region.name), region.code));
    children
}

/// The best `limit` regions of a level for what a person has typed so far, best first.
///
/// Every word has to be in the region's name or, for all but one of them, in the name of a region above it. Words
/// may come in any order and may be unfinished; `within` narrows to one region. When nothing fits, a word written
/// for two is parted, and after that one slip of the finger in each word of five letters or more is forgiven. Text
/// without a letter or digit finds nothing: show [`children`] then.
pub fn search(level: Level, within: Option<&str>, text: &str, limit: usize) -> Vec<Hit> {
    search::search(Atlas::get(), level, within, text, limit)
}
