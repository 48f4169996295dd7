//! A shape as the set of its pixels: grown, shrunk, filled, split.

use crate::geometry::Point;

/// A set of pixels of a picture.
#[derive(Clone)]
pub(crate) struct Mask {
    width: usize,
    height: usize,
    set: Vec<bool>,
}

impl Mask {
    /// A set given row by row.
    pub(crate) fn new(width: usize, height: usize, set: Vec<bool>) -> Self {
        Self { width, height, set }
    }

    /// Number of pixels.
    pub(crate) fn count(&self) -> usize {
        self.set.iter().filter(|&&set| set).count()
    }

    fn at(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.set.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// All pixels within `reach` (a square) of the shape.
    pub(crate) fn grown(&self, reach: usize) -> Self {
        self.spread(reach, true)
    }

    /// All pixels of which no other is within `reach`. Beyond the picture the shape is taken to go on, or a card at the border
    /// would lose its side.
    pub(crate) fn shrunk(&self, reach: usize) -> Self {
        self.spread(reach, false)
    }

    /// Gives each pixel the value `winner` when one within `reach` has it: first along rows, then along columns.
    fn spread(&self, reach: usize, winner: bool) -> Self {
        let line = |line: &[bool]| -> Vec<bool> {
            (0..line.len())
                .map(|x| {
                    let near = line.get(x.saturating_sub(reach)..(x + reach + 1).min(line.len())).unwrap_or_default();
                    near.contains(&winner) == winner
                })
                .collect()
        };
        let rows: Vec<bool> = self.set.chunks_exact(self.width).flat_map(line).collect();
        let columns: Vec<Vec<bool>> = (0..self.width)
            .map(|x| line(&rows.iter().skip(x).step_by(self.width).copied().collect::<Vec<_>>()))
            .collect();
        let set =
            (0..self.height).flat_map(|y| columns.iter().map(move |column| column.get(y) == Some(&true))).collect();
        Self { set, ..*self }
    }

    /// The connected parts, each with its pixels as (x, y).
    pub(crate) fn parts(&self) -> Vec<Vec<(usize, usize)>> {
        let mut left = self.clone();
        let mut parts = Vec::new();
        for start in 0..self.set.len() {
            let part = left.take(start % self.width, start / self.width);
            if !part.is_empty() {
                parts.push(part);
            }
        }
        parts
    }

    /// Removes the part connected to a pixel and returns it.
    fn take(&mut self, x: usize, y: usize) -> Vec<(usize, usize)> {
        let mut part = Vec::new();
        let mut open = vec![(x, y)];
        while let Some((x, y)) = open.pop() {
            if !self.at(x, y) {
                continue;
            }
            if let Some(set) = self.set.get_mut(y * self.width + x) {
                *set = false;
            }
            part.push((x, y));
            open.extend([(x + 1, y), (x.wrapping_sub(1), y), (x, y + 1), (x, y.wrapping_sub(1))]);
        }
        part
    }

    /// The largest connected part.
    pub(crate) fn largest(&self) -> Option<Self> {
        let part = self.parts().into_iter().max_by_key(Vec::len)?;
        Some(self.of(&part))
    }

    fn of(&self, pixels: &[(usize, usize)]) -> Self {
        let mut set = vec![false; self.set.len()];
        for (x, y) in pixels {
            if let Some(pixel) = set.get_mut(y * self.width + x) {
                *pixel = true;
            }
        }
        Self { set, ..*self }
    }

    /// The shape with its holes: parts of the outside that do not reach the picture's border.
    pub(crate) fn filled(&self) -> Self {
        let mut outside = Self { set: self.set.iter().map(|set| !set).collect(), ..*self };
        for x in 0..self.width {
            outside.take(x, 0);
            outside.take(x, self.height - 1);
        }
        for y in 0..self.height {
            outside.take(0, y);
            outside.take(self.width - 1, y);
        }
        let set = self.set.iter().zip(&outside.set).map(|(&set, &hole)| set || hole).collect();
        Self { set, ..*self }
    }

    /// First and last pixel of every row: all that a convex hull needs. As corners of pixels, so that the shape keeps its size.
    pub(crate) fn boundary(&self) -> Vec<Point> {
        let mut points = Vec::new();
        for (row, y) in self.set.chunks_exact(self.width).zip(0_u16..) {
            let first = row.iter().position(|&set| set);
            let last = row.iter().rposition(|&set| set);
            if let (Some(first), Some(last)) = (first, last) {
                let (left, right, top) = (first as f32, last as f32 + 1.0, f32::from(y));
                points.extend([(left, top), (right, top), (left, top + 1.0), (right, top + 1.0)]);
            }
        }
        points
    }

    /// Where the shape comes within `reach` pixels of the picture's border: left, top, right, bottom; first and last pixel
    /// along the side.
    pub(crate) fn touches(&self, reach: usize) -> [Option<(f32, f32)>; 4] {
        let (right, lower) = (self.width.saturating_sub(reach), self.height.saturating_sub(reach));
        let down = |from: usize, to: usize| span((0..self.height).map(|y| (from..to).any(|x| self.at(x, y))));
        let across = |from: usize, to: usize| span((0..self.width).map(|x| (from..to).any(|y| self.at(x, y))));
        [down(0, reach), across(0, reach), down(right, self.width), across(lower, self.height)]
    }
}

/// First and one behind the last of what is set.
fn span(line: impl Iterator<Item = bool>) -> Option<(f32, f32)> {
    let mut set = line.enumerate().filter(|(_, set)| *set).map(|(index, _)| index as f32);
    let first = set.next()?;
    Some((first, set.last().unwrap_or(first) + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(rows: &[&str]) -> Mask {
        let width = rows[0].len();
        Mask::new(width, rows.len(), rows.iter().flat_map(|row| row.bytes().map(|byte| byte == b'#')).collect())
    }

    fn rows(mask: &Mask) -> Vec<String> {
        let row = |row: &[bool]| row.iter().map(|&set| if set { '#' } else { '.' }).collect();
        mask.set.chunks_exact(mask.width).map(row).collect()
    }

    #[test]
    fn fills_holes_and_keeps_bays() {
        let shape = drawn(&[".....", ".###.", ".#.#.", ".###.", "....."]);
        assert_eq!(rows(&shape.filled()), [".....", ".###.", ".###.", ".###.", "....."]);
        let bay = drawn(&["###", "#..", "###"]);
        assert_eq!(rows(&bay.filled()), rows(&bay));
    }

    #[test]
    fn keeps_the_largest_part() {
        let shape = drawn(&["#..##", "...##", "#...."]);
        assert_eq!(rows(&shape.largest().unwrap()), ["...##", "...##", "....."]);
        assert_eq!(shape.parts().len(), 3);
        assert!(drawn(&["..", ".."]).largest().is_none());
    }

    #[test]
    fn grows_and_shrinks_by_squares() {
        let dot = drawn(&[".....", ".....", "..#..", ".....", "....."]);
        let square = dot.grown(1);
        assert_eq!(rows(&square), [".....", ".###.", ".###.", ".###.", "....."]);
        assert_eq!(rows(&square.shrunk(1)), rows(&dot));
        let at_border = drawn(&["##...", "##...", "##..."]);
        assert_eq!(rows(&at_border.shrunk(1)), ["#....", "#....", "#...."]);
    }

    #[test]
    fn says_where_it_touches() {
        let shape = drawn(&["..##.", "..##.", "....."]);
        assert_eq!(shape.touches(1), [None, Some((2.0, 4.0)), None, None]);
    }
}
