//! Which of the regions that fit comes first.

use std::iter::repeat;

use super::fit::{Fit, Fits};
use crate::Level;
use crate::layer::Layer;

pub(super) struct Rank<'a> {
    layer: &'a Layer,
    words: &'a [String],
    /// How many different words were typed.
    distinct: usize,
}

impl<'a> Rank<'a> {
    pub(super) fn new(layer: &'a Layer, words: &'a [String]) -> Self {
        let repeated = words.iter().enumerate().filter(|(place, word)| words.iter().take(*place).any(|w| w == *word));
        Self { layer, words, distinct: words.len() - repeated.count() }
    }

    /// Smaller is better: first how well it fits, then the name's first letters, then cities. `above` has a bit for
    /// each word in the names above.
    pub(super) fn of(&self, at: usize, fits: Fits, above: u8) -> u64 {
        let name = self.layer.folded(at);
        let bare = bare(self.layer.level, name);
        let own = || (0..self.words.len()).filter_map(|place| fits.get(place));
        let whole = own().filter(|fit| *fit == Fit::Whole).count();
        // With more words than the name has, one of them only repeats another: "bandung b" wants Bandung Barat.
        let room = || words_in(name) >= self.distinct;
        let all_own = own().count() == self.words.len() && (self.words.len() == 1 || room());
        let begins = self.words.first().is_some_and(|word| [name, bare].iter().any(|name| starts_with(name, word)));
        let weakest = own().map(|fit| fit as u16).min().unwrap_or_default();
        let run = whole > 0 && (self.is_run(name, whole, above) || self.is_run(bare, whole, above));
        let exact = run && all_own && (whole == words_in(name) || whole == words_in(bare));
        let goodness = u16::from(exact) << 9
            | u16::from(all_own) << 8
            | u16::from(run) << 7
            | u16::from(begins) << 6
            | weakest << 3
            | whole.min(7) as u16;
        let mut key = [0; 8];
        let letters =
            (!goodness).to_be_bytes().into_iter().chain(bare.iter().skip(1).copied().chain(repeat(0)).take(5));
        key.iter_mut().zip(letters.chain([u8::from(!self.is_city(at))])).for_each(|(byte, value)| *byte = value);
        u64::from_be_bytes(key)
    }

    /// Whether the name is what was typed: its words side by side, in any order, and all other words in the names
    /// above. In "Kabupaten Bandung Jawa Barat" that is Bandung, not Bandung Barat.
    fn is_run(&self, name: &[u8], whole: usize, above: u8) -> bool {
        let len = words_in(name);
        if len > whole {
            return false;
        }
        let mut own: Vec<&[u8]> = name.split(|byte| *byte == b' ').skip(1).collect();
        own.sort_unstable();
        self.words.windows(len).enumerate().any(|(start, run)| {
            let mut run: Vec<&[u8]> = run.iter().map(String::as_bytes).collect();
            run.sort_unstable();
            let mut others = (0..self.words.len()).filter(|place| !(start..start + len).contains(place));
            run == own && others.all(|place| above & 1 << place != 0)
        })
    }

    /// Of a city and a regency with one name people mean the city more often. Codes of cities count from 71
    /// (Permendagri 58/2021).
    fn is_city(&self, at: usize) -> bool {
        self.layer.level == Level::Regency && self.layer.code(at).and_then(|code| code.get(2..)) >= Some("71")
    }
}

fn words_in(name: &[u8]) -> usize {
    name.iter().filter(|byte| **byte == b' ').count()
}

fn starts_with(name: &[u8], word: &str) -> bool {
    name.get(1..).is_some_and(|name| name.starts_with(word.as_bytes()))
}

/// The folded name without the word that says what it is: people type "batam" for Kota Batam.
fn bare(level: Level, name: &[u8]) -> &[u8] {
    let kinds: &[&[u8]] = match level {
        Level::Province => &[b" dki", b" di"],
        Level::Regency => &[b" kabupaten administrasi", b" kota administrasi", b" kabupaten", b" kota"],
        Level::District | Level::Village => &[],
    };
    kinds.iter().find_map(|kind| name.strip_prefix(*kind).filter(|bare| bare.starts_with(b" "))).unwrap_or(name)
}
