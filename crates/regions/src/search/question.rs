//! One reading of what was typed, put to one layer: which regions fit, and which of them come first.

use std::cmp::Reverse;
use std::ops::Range;

use super::MAX_WORDS;
use super::above::{clip, parents_of, words_over};
use super::fit::{self, Fit, Match};
use super::rank::Rank;
use crate::layer::Layer;

pub(super) struct Question<'a> {
    pub(super) layer: &'a Layer,
    /// The layers above, largest regions first.
    pub(super) above: &'a [Layer],
    /// Where in the layer to look.
    pub(super) range: Range<usize>,
    /// At most [`MAX_WORDS`].
    pub(super) words: &'a [String],
    /// Whether slips of the finger are forgiven.
    pub(super) slips: bool,
}

/// The fit of each word in the region's own name.
pub(super) type Fits = [Option<Fit>; MAX_WORDS];

impl Question<'_> {
    /// The places of the best regions, best first.
    pub(super) fn best(&self, limit: usize) -> Vec<usize> {
        let mut ranked = self.candidates();
        if limit < ranked.len() {
            ranked.select_nth_unstable(limit);
            ranked.truncate(limit);
        }
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, at)| at).collect()
    }

    /// Regions with all words, of which at least one is in their own name; with their ranks.
    fn candidates(&self) -> Vec<(u64, usize)> {
        let mut families = self.families();
        let mut own: Vec<Vec<Match>> = vec![Vec::new(); self.words.len()];
        // Long words are rare: each leaves few families for the next word to be looked for in.
        let mut order: Vec<_> = self.words.iter().zip(&mut own).enumerate().collect();
        order.sort_by_key(|(_, (word, _))| Reverse(word.len()));
        for (place, (word, matches)) in order {
            *matches = fit::scan(self.layer, &runs(&families), word.as_bytes(), self.slips);
            mark(&mut families, matches, 1 << place);
        }
        let rank = Rank::new(self.layer, self.words);
        let all = self.words.iter().enumerate().fold(0, |words, (place, _)| words | 1 << place);
        let mut rests: Vec<&[Match]> = own.iter().map(Vec::as_slice).collect();
        let mut families = families.into_iter();
        let mut family = families.next();
        let mut ranked = Vec::new();
        while let Some((at, fits, own)) = next(&mut rests) {
            while family.as_ref().is_some_and(|family| family.members.end <= at) {
                family = families.next();
            }
            let above = family.as_ref().filter(|family| family.members.contains(&at)).map(|family| family.above);
            if let Some(above) = above.filter(|above| own | above == all) {
                ranked.push((rank.of(at, &fits, above), at));
            }
        }
        ranked
    }

    /// The range, parted by the regions right above.
    fn families(&self) -> Vec<Family> {
        let Some(parent) = self.above.last().filter(|_| self.words.len() > 1) else {
            return vec![Family { members: self.range.clone(), above: 0 }];
        };
        let parents = parents_of(parent, &self.range);
        let over = words_over(self.above, &parents, self.words, self.slips);
        parents
            .zip(over)
            .map(|(at, above)| Family { members: clip(&parent.children(at), &self.range), above })
            .collect()
    }
}

/// The regions under one region.
struct Family {
    members: Range<usize>,
    /// A bit for each word that is in the names above them.
    above: u8,
}

/// Keeps the families that have the word: above them or in the name of a member.
fn mark(families: &mut Vec<Family>, matches: &[Match], word: u8) {
    let mut rest = matches;
    families.retain(|family| {
        let before = rest.iter().take_while(|(at, _)| *at < family.members.end).count();
        rest = rest.get(before..).unwrap_or_default();
        before > 0 || family.above & word != 0
    });
}

/// The members of all families, neighbours joined.
fn runs(families: &[Family]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for Family { members, .. } in families {
        match runs.last_mut() {
            Some(last) if last.end == members.start => last.end = members.end,
            _ => runs.push(members.clone()),
        }
    }
    runs
}

/// Takes the first region off the lists of matches: its place, how the words fit, and a bit for each that does.
fn next(rests: &mut [&[Match]]) -> Option<(usize, Fits, u8)> {
    let at = rests.iter().filter_map(|matches| matches.first()).map(|(at, _)| *at).min()?;
    let mut fits: Fits = [None; MAX_WORDS];
    let mut own = 0u8;
    for (place, (matches, fit)) in rests.iter_mut().zip(&mut fits).enumerate() {
        if let Some(((next, found), others)) = matches.split_first()
            && *next == at
        {
            *fit = Some(*found);
            *matches = others;
            own |= 1 << place;
        }
    }
    Some((at, fits, own))
}
