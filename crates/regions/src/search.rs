//! From typed text to the regions meant by it.
//!
//! There is no index: the names of all villages are a megabyte of text, which a good substring search reads in
//! less time than a keystroke may take. `fit` says how well a word matches, `above` what the names of the regions
//! above contribute, `question` puts them together and ranks.

mod above;
mod fit;
mod question;
mod rank;

use std::collections::HashSet;

use crate::atlas::Atlas;
use crate::{Hit, Level, fold, short_forms};
use fit::Fits;
use question::Question;

pub(crate) fn search(atlas: &'static Atlas, level: Level, within: Option<&str>, text: &str, limit: usize) -> Vec<Hit> {
    let Some(layer) = atlas.layer(level) else { return Vec::new() };
    let range = match within {
        None => 0..layer.len(),
        Some(code) if atlas.find(code).is_some() => layer.with_prefix(code),
        Some(_) => 0..0,
    };
    let ask = |words: &[String], slips| {
        Question { layer, above: atlas.above(level), range: range.clone(), words, slips }.best(limit)
    };
    let Readings { likeliest_first, written_out } = Readings::of(level, text);
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for words in &likeliest_first {
        found.extend(ask(words, false).into_iter().filter(|at| seen.insert(*at)));
        if found.len() >= limit {
            break;
        }
    }
    if found.is_empty() {
        found =
            parted(&written_out).map(|words| ask(&words, false)).find(|found| !found.is_empty()).unwrap_or_default();
    }
    if found.is_empty() {
        found = ask(&written_out, true);
    }
    let regions = found.into_iter().take(limit).filter_map(|at| layer.region(at));
    regions.map(|region| Hit { region, path: atlas.path(region.code) }).collect()
}

/// The ways to read a text.
struct Readings {
    /// As typed, without words like "kec", with short forms written out. Short forms stand for provinces and
    /// regencies, so there they come first ("solo" is Surakarta before Solok).
    likeliest_first: Vec<Vec<String>>,
    written_out: Vec<String>,
}

impl Readings {
    fn of(level: Level, text: &str) -> Self {
        let mut typed = fold::words(text);
        // A path has no more; what is typed beyond them is ignored.
        typed.truncate(Fits::MAX_WORDS);
        let last = typed.len().saturating_sub(1);
        let plain: Vec<String> = typed
            .iter()
            .enumerate()
            // The last word may still grow: "kel" into "kelapa".
            .filter(|(place, word)| *place == last || !short_forms::is_kind(word))
            .map(|(_, word)| word.clone())
            .collect();
        let mut written_out: Vec<String> = Vec::with_capacity(plain.len());
        for word in &plain {
            match short_forms::long_form(word) {
                Some(words) => written_out.extend(words.iter().map(|word| (*word).to_owned())),
                None => written_out.push(word.clone()),
            }
        }
        written_out.truncate(Fits::MAX_WORDS);
        let mut likeliest_first = vec![typed, plain, written_out.clone()];
        if level <= Level::Regency {
            likeliest_first.rotate_right(1);
        }
        let mut seen = HashSet::new();
        likeliest_first.retain(|words| !words.is_empty() && seen.insert(words.clone()));
        Self { likeliest_first, written_out }
    }
}

/// The longest word written as two in every way: names are "Tanjung Pinang", people write "tanjungpinang".
/// The two stay one word of the question, so they have to be neighbours in the name.
fn parted(words: &[String]) -> impl Iterator<Item = Vec<String>> {
    /// Shorter parts are mostly endings, not words.
    const PART: usize = 3;
    let longest = words.iter().enumerate().max_by_key(|(_, word)| word.len());
    longest.into_iter().flat_map(move |(place, word)| {
        (PART..(word.len() + 1).saturating_sub(PART)).filter_map(move |seam| {
            let (first, second) = word.split_at_checked(seam)?;
            let mut words = words.to_vec();
            *words.get_mut(place)? = format!("{first} {second}");
            Some(words)
        })
    })
}
