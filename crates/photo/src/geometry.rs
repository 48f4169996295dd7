//! Convex hulls and the smallest rectangle around them.

/// A point in pixels.
pub(crate) type Point = (f32, f32);

/// A rectangle that may stand aslant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Slanted {
    /// Middle.
    pub(crate) centre: Point,
    /// Length of the long side.
    pub(crate) long: f32,
    /// Length of the short side.
    pub(crate) short: f32,
    /// Direction of the long side in radians, more than -π/2 and at most π/2; clockwise positive, as y grows downwards.
    pub(crate) angle: f32,
}

/// Convex hull, counter-clockwise as one looks at y upwards (Andrew's monotone chain).
pub(crate) fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points.dedup();
    let mut lower = chain(points.iter().copied());
    let mut upper = chain(points.iter().rev().copied());
    lower.pop();
    upper.pop();
    lower.append(&mut upper);
    if lower.is_empty() { points } else { lower }
}

fn chain(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut chain: Vec<Point> = Vec::new();
    for point in points {
        while let [.., before, last] = chain.as_slice() {
            if (last.0 - before.0) * (point.1 - before.1) - (last.1 - before.1) * (point.0 - before.0) > 0.0 {
                break;
            }
            chain.pop();
        }
        chain.push(point);
    }
    chain
}

/// The rectangle of the smallest surface around a convex hull. One of its sides lies on a side of the hull (Freeman and
/// Shapira 1975), so those directions are all that need trying.
pub(crate) fn smallest_rectangle(hull: &[Point]) -> Option<Slanted> {
    let next = hull.iter().cycle().skip(1);
    let candidates = hull.iter().zip(next).map(|(from, to)| (to.1 - from.1).atan2(to.0 - from.0));
    candidates.map(|angle| around(hull, angle)).min_by(|a, b| (a.long * a.short).total_cmp(&(b.long * b.short)))
}

fn around(hull: &[Point], angle: f32) -> Slanted {
    let (sin, cos) = angle.sin_cos();
    let start = (f32::MAX, f32::MIN, f32::MAX, f32::MIN);
    let (u0, u1, v0, v1) = hull.iter().fold(start, |(u0, u1, v0, v1), (x, y)| {
        let (u, v) = (x * cos + y * sin, y * cos - x * sin);
        (u0.min(u), u1.max(u), v0.min(v), v1.max(v))
    });
    let (u, v) = ((u0 + u1) / 2.0, (v0 + v1) / 2.0);
    let centre = (u * cos - v * sin, u * sin + v * cos);
    let (width, height) = (u1 - u0, v1 - v0);
    let (long, short, angle) =
        if width >= height { (width, height, angle) } else { (height, width, angle + std::f32::consts::FRAC_PI_2) };
    Slanted { centre, long, short, angle: half_turn(angle) }
}

/// The same direction without a head: more than -π/2 and at most π/2.
fn half_turn(angle: f32) -> f32 {
    use std::f32::consts::{FRAC_PI_2, PI};
    let angle = angle.rem_euclid(PI);
    if angle > FRAC_PI_2 { angle - PI } else { angle }
}

impl Slanted {
    /// The point at `along` of the long and `across` of the short side, each 0 to 1.
    pub(crate) fn point(&self, along: f32, across: f32) -> Point {
        let (sin, cos) = self.angle.sin_cos();
        let (u, v) = ((along - 0.5) * self.long, (across - 0.5) * self.short);
        (self.centre.0 + u * cos - v * sin, self.centre.1 + u * sin + v * cos)
    }

    /// The same rectangle on a picture `factor` times as large.
    pub(crate) fn scaled(self, factor: f32) -> Self {
        Self {
            centre: (self.centre.0 * factor, self.centre.1 * factor),
            long: self.long * factor,
            short: self.short * factor,
            angle: self.angle,
        }
    }

    /// Long by short side.
    pub(crate) fn ratio(&self) -> f32 {
        self.long / self.short.max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_rectangle_again_at_every_angle() {
        for degrees in [-80.0_f32, -45.0, -10.0, 0.0, 3.0, 30.0, 89.0] {
            let drawn = Slanted { centre: (200.0, 150.0), long: 170.0, short: 108.0, angle: degrees.to_radians() };
            let mut points = Vec::new();
            for step in 0..=20 {
                let t = step as f32 / 20.0;
                points.extend([drawn.point(t, 0.0), drawn.point(t, 1.0), drawn.point(0.0, t), drawn.point(1.0, t)]);
            }
            let found = smallest_rectangle(&hull(points)).unwrap();
            assert!((found.long - drawn.long).abs() < 0.5, "{degrees}: {found:?}");
            assert!((found.short - drawn.short).abs() < 0.5, "{degrees}: {found:?}");
            assert!((found.angle - drawn.angle).abs() < 0.01, "{degrees}: {found:?}");
        }
    }

    #[test]
    fn few_points_do_no_harm() {
        assert_eq!(smallest_rectangle(&hull(Vec::new())), None);
        assert_eq!(smallest_rectangle(&hull(vec![(1.0, 1.0)])).map(|found| found.long), Some(0.0));
        assert!(smallest_rectangle(&hull(vec![(1.0, 1.0), (5.0, 1.0)])).is_some_and(|found| found.short == 0.0));
    }
}
