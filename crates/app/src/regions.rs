//! Pickers of addresses: all regions of Indonesia, from the data in the program. Nothing here needs the database.

use prakerja_regions::{Level, Region};

use crate::App;
use crate::error::Answer;
use crate::ipc::IpcError;
use crate::ipc::registration::{RegionHit, RegionLevel};

/// Rows of a picker.
const ROWS: usize = 20;
/// Longer than the name of any region with everything above it.
const TEXT_CHARS: usize = 200;

impl App {
    /// The regions of a level that are meant by what was typed so far, best first. Before anything was typed: those right
    /// below `within`.
    ///
    /// # Errors
    /// None but a defect.
    pub async fn search_regions(
        &self,
        level: RegionLevel,
        within: Option<String>,
        text: String,
    ) -> Answer<Vec<RegionHit>> {
        let level = match level {
            RegionLevel::Province => Level::Province,
            RegionLevel::Regency => Level::Regency,
            RegionLevel::District => Level::District,
            RegionLevel::Village => Level::Village,
        };
        let search = move || {
            let text: String = text.chars().take(TEXT_CHARS).collect();
            if text.chars().any(char::is_alphanumeric) {
                let hits = prakerja_regions::search(level, within.as_deref(), &text, ROWS);
                return hits.into_iter().map(|hit| row(hit.region, &hit.path)).collect();
            }
            let below = prakerja_regions::children(within.as_deref());
            let below = below.into_iter().filter(|region| region.level == level);
            below.map(|region| row(region, &prakerja_regions::path(region.code))).collect()
        };
        // The first question unpacks the data, unless the thread that was begun with the app has done so.
        tokio::task::spawn_blocking(search).await.map_err(|error| IpcError::defect("regions", &error))
    }

    /// A region with everything that it lies in, from the province down; empty for an unknown code.
    ///
    /// # Errors
    /// None but a defect.
    pub async fn get_region(&self, code: String) -> Answer<Vec<RegionHit>> {
        let find = move || {
            let path = prakerja_regions::path(&code);
            let upto = |at: usize| path.get(..=at).unwrap_or_default();
            path.iter().enumerate().map(|(at, region)| row(*region, upto(at))).collect()
        };
        tokio::task::spawn_blocking(find).await.map_err(|error| IpcError::defect("regions", &error))
    }
}

/// Unpacks the data while the window opens.
pub(crate) fn preload() {
    // Where no thread can be had, the first question does it.
    let _ = std::thread::Builder::new().name("regions".into()).spawn(prakerja_regions::preload);
}

/// `path` goes from the province down to the region itself.
fn row(region: Region, path: &[Region]) -> RegionHit {
    let within = path.iter().rev().skip(1).map(|above| above.name.to_owned()).collect();
    RegionHit { code: region.code.to_owned(), name: region.name.to_owned(), within }
}
