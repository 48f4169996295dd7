//! How well one typed word matches the words of the names.

use std::ops::Range;

use memchr::memmem;

use crate::layer::Layer;

/// Shorter words are looked for at the beginnings of words only: inside they are everywhere.
const INSIDE_FROM: usize = 3;

/// Shorter words are not forgiven a slip: too many others are one letter away.
const SLIP_FROM: usize = 5;

/// Weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// One slip away from the beginning of a word.
    SlipAtStart,
    /// One slip away from a word.
    Slip,
    Inside,
    Start,
    Whole,
}

impl Fit {
    const ALL: [Fit; 5] = [Fit::SlipAtStart, Fit::Slip, Fit::Inside, Fit::Start, Fit::Whole];
}

/// How each word fits one name: four bits a word, zero where it does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fits(u32);

impl Fits {
    /// More words do not fit in.
    pub(super) const MAX_WORDS: usize = 8;

    pub(super) fn add(&mut self, place: usize, fit: Fit) {
        self.0 |= (fit as u32 + 1) << (4 * place);
    }

    pub(super) fn get(self, place: usize) -> Option<Fit> {
        let stored = (self.0 >> (4 * place) & 0xf) as usize;
        Fit::ALL.get(stored.checked_sub(1)?).copied()
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// One bit for each word that fits.
    pub(super) fn words(self) -> u8 {
        let any = self.0 | self.0 >> 1 | self.0 >> 2;
        (0..Self::MAX_WORDS).fold(0, |words, place| words | ((any >> (4 * place) & 1) << place) as u8)
    }
}

/// A region by its place in the layer, and how well the word fits its name.
pub(super) type Match = (usize, Fit);

/// The regions of these ranges in whose own names the word is, in their order. The ranges ascend.
pub(super) fn scan(layer: &Layer, ranges: &[Range<usize>], word: &[u8], slips: bool) -> Vec<Match> {
    if slips && word.len() >= SLIP_FROM { with_slips(layer, ranges, word) } else { as_typed(layer, ranges, word) }
}

fn as_typed(layer: &Layer, ranges: &[Range<usize>], word: &[u8]) -> Vec<Match> {
    let spaced = [b" ", word].concat();
    let (needle, offset) = if word.len() < INSIDE_FROM { (spaced.as_slice(), 1) } else { (word, 0) };
    occurrences(layer, ranges, needle, |text, place| {
        let place = place + offset;
        let at_start = is_start(text, place);
        let at_end = text.get(place + word.len()).is_none_or(|after| is_end(*after));
        Some(match (at_start, at_end) {
            (true, true) => Fit::Whole,
            (true, false) => Fit::Start,
            (false, _) => Fit::Inside,
        })
    })
}

/// One slip leaves one half of the word as it is, unless it swaps the two letters at the seam; so three plain
/// searches find all names that are worth a closer look.
fn with_slips(layer: &Layer, ranges: &[Range<usize>], word: &[u8]) -> Vec<Match> {
    let seam = word.len() / 2;
    let (first, second) = word.split_at(seam);
    let mut unswapped = word.to_vec();
    unswapped.swap(seam - 1, seam);
    let fit_from = |text: &[u8], start: usize| fit(word_from(text, start), word);
    let after_space = |text: &[u8], place: usize| fit_from(text, place + 1);
    let mut found = occurrences(layer, ranges, &[b" ", first].concat(), after_space);
    found.extend(occurrences(layer, ranges, &[b" ", &unswapped[..]].concat(), after_space));
    found.extend(occurrences(layer, ranges, second, |text, place| {
        // A letter too many or too few in the first half moves the second by one.
        let starts = place.saturating_sub(seam + 1)..=(place + 1).saturating_sub(seam);
        starts.filter(|start| is_start(text, *start)).filter_map(|start| fit_from(text, start)).max()
    }));
    found.sort_unstable_by_key(|(at, fit)| (*at, std::cmp::Reverse(*fit)));
    found.dedup_by_key(|(at, _)| *at);
    found
}

/// The regions in whose names `needle` occurs, each with the best of the fits that its occurrences have.
fn occurrences(
    layer: &Layer,
    ranges: &[Range<usize>],
    needle: &[u8],
    fit: impl Fn(&[u8], usize) -> Option<Fit>,
) -> Vec<Match> {
    let finder = memmem::Finder::new(needle);
    let mut found: Vec<Match> = Vec::new();
    for range in ranges {
        let (text, ends) = layer.folded_lines(range);
        let mut lines = ends.zip(range.clone());
        let mut line = lines.next();
        for place in finder.find_iter(text) {
            let Some(fit) = fit(text, place) else { continue };
            while line.is_some_and(|(end, _)| end <= place) {
                line = lines.next();
            }
            let Some((_, at)) = line else { break };
            match found.last_mut() {
                Some((last, best)) if *last == at => *best = fit.max(*best),
                _ => found.push((at, fit)),
            }
        }
    }
    found
}

fn is_start(text: &[u8], place: usize) -> bool {
    place.checked_sub(1).and_then(|before| text.get(before)) == Some(&b' ')
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n')
}

fn word_from(text: &[u8], start: usize) -> &[u8] {
    let text = text.get(start..).unwrap_or_default();
    text.split(|byte| is_end(*byte)).next().unwrap_or_default()
}

fn fit(own: &[u8], word: &[u8]) -> Option<Fit> {
    match own.strip_prefix(word) {
        Some([]) => Some(Fit::Whole),
        Some(_) => Some(Fit::Start),
        None => slip(own, word),
    }
}

/// One letter wrong, missing or too many, or two letters swapped.
fn slip(own: &[u8], word: &[u8]) -> Option<Fit> {
    let same = own.iter().zip(word).take_while(|(a, b)| a == b).count();
    let (own, word) = (own.get(same..)?, word.get(same..)?);
    let swapped = match (own, word) {
        ([a, b, own @ ..], [c, d, word @ ..]) if a == d && b == c => Some((own, word)),
        _ => None,
    };
    let wrong = own.get(1..).zip(word.get(1..));
    let missing = own.get(1..).map(|own| (own, word));
    let too_many = word.get(1..).map(|word| (own, word));
    let ways = [swapped, wrong, missing, too_many].into_iter().flatten();
    ways.filter_map(|(own, word)| match own.strip_prefix(word)? {
        [] => Some(Fit::Slip),
        _ => Some(Fit::SlipAtStart),
    })
    .max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Level;
    use crate::packed::Column;

    fn fits(names: &str, word: &str, slips: bool) -> Vec<Match> {
        let codes = (11..).take(names.lines().count()).map(|code| code.to_string()).collect();
        let layer = Layer::new(Level::Province, Column { codes, names: format!("{names}\n") });
        let everywhere = 0..layer.len();
        scan(&layer, std::slice::from_ref(&everywhere), word.as_bytes(), slips)
    }

    #[test]
    fn one_slip_is_told_from_two() {
        let cases = [
            ("gubeng", Some(Fit::Whole)),
            ("guben", Some(Fit::Start)),
            ("gubemg", Some(Fit::Slip)),
            ("gbeng", Some(Fit::Slip)),
            ("guubeng", Some(Fit::Slip)),
            ("gubengg", Some(Fit::Slip)),
            ("ugbeng", Some(Fit::Slip)),
            ("guebng", Some(Fit::Slip)),
            ("gubegn", Some(Fit::Slip)),
            ("hubeng", Some(Fit::Slip)),
            ("agubeng", Some(Fit::Slip)),
            ("ubeng", Some(Fit::Slip)),
            ("gubbe", Some(Fit::SlipAtStart)),
            ("gbebg", None),
            ("ubneg", None),
        ];
        for (word, expected) in cases {
            let expected: Vec<Match> = expected.into_iter().map(|fit| (1, fit)).collect();
            assert_eq!(fits("Aceh\nKali Gubeng\nBali", word, true), expected, "{word}");
        }
        assert_eq!(fits("Gubeng", "gubemg", false), []);
        assert_eq!(fits("Batu", "btau", true), [], "four letters are not forgiven");
    }

    #[test]
    fn places_in_words_are_told_apart() {
        let names = "Batam\nKota Batam\nBatam Kota\nSebatam\nBatamas\nBatas";
        let expected = [(0, Fit::Whole), (1, Fit::Whole), (2, Fit::Whole), (3, Fit::Inside), (4, Fit::Start)];
        assert_eq!(fits(names, "batam", false), expected);
        assert_eq!(fits("Aceh\nSebatam\nKota Batam", "ba", false), [(2, Fit::Start)], "two letters: beginnings only");
    }
}
