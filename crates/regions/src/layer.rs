//! One level of regions in memory: few large texts with offsets instead of a hundred thousand small strings.

use std::ops::Range;

use crate::packed::Column;
use crate::{Level, Region, fold};

/// All regions of one level in the order of their codes; a region is known by its place in that order.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) level: Level,
    codes: String,
    names: Lines,
    /// What search looks at: see [`fold::push`].
    folded: Lines,
    /// Where each region's children begin in the layer below, and after the last where they end.
    first_children: Vec<u32>,
}

impl Layer {
    pub(crate) fn new(level: Level, column: Column) -> Self {
        let mut folded = String::with_capacity(column.names.len() + column.names.len() / 8);
        for name in column.names.lines() {
            fold::push(&mut folded, name);
            folded.push('\n');
        }
        Self {
            level,
            codes: column.codes,
            names: Lines::new(column.names),
            folded: Lines::new(folded),
            first_children: Vec::new(),
        }
    }

    /// Counts the children of every region, which have to be in the order of their codes.
    pub(crate) fn link(&mut self, below: &Layer) {
        let codes = (0..self.len()).filter_map(|at| self.code(at));
        let mut starts: Vec<u32> = codes.map(|code| below.with_prefix(code).start as u32).collect();
        starts.push(below.len() as u32);
        self.first_children = starts;
    }

    pub(crate) fn len(&self) -> usize {
        self.codes.len() / self.level.code_len()
    }

    pub(crate) fn code(&self, at: usize) -> Option<&str> {
        let len = self.level.code_len();
        self.codes.get(at * len..(at + 1) * len)
    }

    pub(crate) fn region(&'static self, at: usize) -> Option<Region> {
        Some(Region { code: self.code(at)?, name: self.names.get(at)?, level: self.level })
    }

    /// The folded name, each word with a space before it.
    pub(crate) fn folded(&self, at: usize) -> &[u8] {
        self.folded.get(at).unwrap_or_default().as_bytes()
    }

    /// The folded names of a range, each ended by a line feed; and after which byte of this text each of them ends.
    pub(crate) fn folded_lines(&self, range: &Range<usize>) -> (&[u8], impl Iterator<Item = usize>) {
        let ends = self.folded.ends.get(range.clone()).unwrap_or_default();
        let start = self.folded.start(range.start);
        let end = ends.last().map_or(start, |end| *end as usize);
        let text = self.folded.text.as_bytes().get(start..end).unwrap_or_default();
        (text, ends.iter().map(move |end| *end as usize - start))
    }

    pub(crate) fn position(&self, code: &str) -> Option<usize> {
        let at = self.first_where(|other| other >= code);
        (self.code(at)? == code).then_some(at)
    }

    /// The regions whose codes begin with `prefix`.
    pub(crate) fn with_prefix(&self, prefix: &str) -> Range<usize> {
        let start = self.first_where(|code| code >= prefix);
        let end = self.first_where(|code| code > prefix && !code.starts_with(prefix));
        start..end.max(start)
    }

    /// Where the children of a region are in the layer below.
    pub(crate) fn children(&self, at: usize) -> Range<usize> {
        let bound = |at: usize| self.first_children.get(at).map_or(0, |start| *start as usize);
        bound(at)..bound(at + 1)
    }

    /// The region that this child belongs to.
    pub(crate) fn parent_of(&self, child: usize) -> usize {
        self.first_children.partition_point(|start| *start as usize <= child).saturating_sub(1)
    }

    /// The first region whose code fulfils a condition that holds for all codes after it.
    fn first_where(&self, reached: impl Fn(&str) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.code(middle).is_some_and(&reached) { high = middle } else { low = middle + 1 }
        }
        low
    }
}

/// Lines of text, each ended by a line feed.
#[derive(Debug)]
struct Lines {
    text: String,
    /// After the line feed.
    ends: Vec<u32>,
}

impl Lines {
    fn new(text: String) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|feed| feed as u32 + 1).collect();
        Self { text, ends }
    }

    fn start(&self, at: usize) -> usize {
        at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize)
    }

    fn get(&self, at: usize) -> Option<&str> {
        self.text.get(self.start(at)..*self.ends.get(at)? as usize - 1)
    }
}
