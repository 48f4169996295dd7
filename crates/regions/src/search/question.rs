//! One reading of what was typed, put to one layer: which regions fit, and which of them come first.

use std::cmp::Reverse;
use std::ops::Range;

use super::above::{clip, parents_of, words_over};
use super::fit::{self, Fits, Match};
use super::rank::Rank;
use crate::layer::Layer;

pub(super) struct Question<'a> {
    pub(super) layer: &'a Layer,
    /// The layers above, largest regions first.
    pub(super) above: &'a [Layer],
    /// Where in the layer to look.
    pub(super) range: Range<usize>,
    /// At most [`Fits::MAX_WORDS`].
    pub(super) words: &'a [String],
    /// Whether slips of the finger are forgiven.
    pub(super) slips: bool,
}

impl Question<'_> {
    /// The places of the best regions, best first.
    pub(super) fn best(&self, limit: usize) -> Vec<usize> {
        // A rank holds the first letters only; of two with the same ones the whole names decide.
        let order = |(rank, at): &(u64, usize), (other_rank, other): &(u64, usize)| {
            let names = || self.layer.folded(*at).cmp(self.layer.folded(*other));
            rank.cmp(other_rank).then_with(names).then(at.cmp(other))
        };
        let mut ranked = self.candidates();
        if limit < ranked.len() {
            ranked.select_nth_unstable_by(limit, order);
            ranked.truncate(limit);
        }
        ranked.sort_unstable_by(order);
        ranked.into_iter().map(|(_, at)| at).collect()
    }

    /// Regions with all words, of which at least one is in their own name; with their ranks.
    fn candidates(&self) -> Vec<(u64, usize)> {
        let mut families = self.families();
        let mut fits = vec![Fits::default(); self.range.len()];
        // Long words are rare: each leaves few families for the next word to be looked for in.
        let mut order: Vec<_> = self.words.iter().enumerate().collect();
        order.sort_by_key(|(_, word)| Reverse(word.len()));
        for (place, word) in order {
            let matches = fit::scan(self.layer, &runs(&families), word.as_bytes(), self.slips);
            keep_with_word(&mut families, &matches, 1 << place);
            for (at, fit) in matches {
                if let Some(fits) = fits.get_mut(at - self.range.start) {
                    fits.add(place, fit);
                }
            }
        }
        let rank = Rank::new(self.layer, self.words);
        let all = (0..self.words.len()).fold(0, |all, place| all | 1 << place);
        let mut ranked = Vec::new();
        for Family { members, above } in families {
            let fits = fits.get(members.start - self.range.start..members.end - self.range.start).unwrap_or_default();
            let found = members.zip(fits).filter(|(_, fits)| !fits.is_empty() && fits.words() | above == all);
            ranked.extend(found.map(|(at, fits)| (rank.of(at, *fits, above), at)));
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
fn keep_with_word(families: &mut Vec<Family>, matches: &[Match], word: u8) {
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
