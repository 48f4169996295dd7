//! Which words of the question are in the names of the regions above the candidates.

use std::ops::Range;

use super::fit::{self, Fit};
use crate::layer::Layer;

/// For each region of the lowest of these layers: one bit for each word that it or a region above it has at the
/// beginning of a word. `range` is the part of that layer which matters; the answers begin at its start.
pub(super) fn words_over(layers: &[Layer], range: &Range<usize>, words: &[String], slips: bool) -> Vec<u8> {
    let Some((layer, above)) = layers.split_last() else { return vec![0; range.len()] };
    let mut over = vec![0; range.len()];
    if let Some(parent) = above.last() {
        let parents = parents_of(parent, range);
        let inherited = words_over(above, &parents, words, slips);
        for (at, words) in parents.zip(inherited) {
            let children = clip(&parent.children(at), range);
            over.get_mut(children.start - range.start..children.end - range.start).unwrap_or_default().fill(words);
        }
    }
    for (place, word) in words.iter().enumerate() {
        let found = fit::scan(layer, std::slice::from_ref(range), word.as_bytes(), slips);
        for (at, _) in found.into_iter().filter(|(_, fit)| *fit != Fit::Inside) {
            if let Some(words) = over.get_mut(at - range.start) {
                *words |= 1 << place;
            }
        }
    }
    over
}

/// The regions of a layer that have the children in this range.
pub(super) fn parents_of(layer: &Layer, children: &Range<usize>) -> Range<usize> {
    if children.is_empty() {
        return 0..0;
    }
    layer.parent_of(children.start)..layer.parent_of(children.end - 1) + 1
}

/// The part of `children` that is in `range`.
pub(super) fn clip(children: &Range<usize>, range: &Range<usize>) -> Range<usize> {
    children.start.clamp(range.start, range.end)..children.end.clamp(range.start, range.end)
}
