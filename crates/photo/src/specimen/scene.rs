//! The photo around the card: table, light, lens, sensor.

use image::{Rgb, RgbImage, imageops};

use super::face::{self, CARD};
use super::{Dice, Specimen, SpecimenFault};

/// Draws the photo, upright.
pub(crate) fn draw(specimen: &Specimen) -> RgbImage {
    let fault = specimen.fault;
    let width = if fault == SpecimenFault::Small { 1024 } else { specimen.width.max(64) };
    let (mut width, mut height) = (width, width * 3 / 4);
    if fault == SpecimenFault::Sideways {
        (width, height) = (height, width);
    }
    let place = Place::choose(specimen, width as f32, height as f32);
    let light = Light::choose(specimen);
    let table = Table::choose(specimen.seed);
    let face = (fault != SpecimenFault::NoCard).then(face::draw);

    let millimetre = place.scale;
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let middle = place.on_card(x as f32 + 0.5, y as f32 + 0.5);
        if beyond_edge(middle.0, middle.1) > 0.3 {
            let shadow = if face.is_some() { shadow(middle.0, middle.1) } else { 1.0 };
            let colour = table.at(x as f32 / millimetre, y as f32 / millimetre).map(|value| value * shadow);
            return rgb(light.on(colour, x as f32 / width as f32, y as f32 / height as f32, middle));
        }
        // Letters have hard edges: four samples where they are.
        let mut sum = [0.0_f32; 3];
        for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
            let (px, py) = (x as f32 + dx, y as f32 + dy);
            let (u, v) = place.on_card(px, py);
            let colour = face.as_ref().and_then(|face| sample(face, u, v)).unwrap_or_else(|| {
                let shadow = if face.is_some() { shadow(u, v) } else { 1.0 };
                table.at(px / millimetre, py / millimetre).map(|value| value * shadow)
            });
            let lit = light.on(colour, px / width as f32, py / height as f32, (u, v));
            sum.iter_mut().zip(lit).for_each(|(sum, value)| *sum += value / 4.0);
        }
        rgb(sum)
    });
    let blur = if fault == SpecimenFault::Blurred { 0.6 } else { 0.05 } * millimetre;
    noisy(blurred(picture, blur), specimen)
}

fn rgb(colour: [f32; 3]) -> Rgb<u8> {
    Rgb(colour.map(|value| value.clamp(0.0, 255.0) as u8))
}

/// Where the card lies.
struct Place {
    centre: (f32, f32),
    /// Pixels per millimetre.
    scale: f32,
    angle: f32,
    /// How much nearer the card is per millimetre to the right and down: the phone is never quite level.
    lean: (f32, f32),
}

impl Place {
    fn choose(specimen: &Specimen, width: f32, height: f32) -> Self {
        let mut dice = Dice::new(specimen.seed, 1);
        let long_side = width.max(height);
        let scale = long_side * dice.between(0.70, 0.76) / CARD.0;
        let mut centre = (width * dice.between(0.48, 0.52), height * dice.between(0.47, 0.53));
        let lean = (dice.between(-0.0005, 0.0005), dice.between(-0.0005, 0.0005));
        let mut angle = specimen.tilt;
        match specimen.fault {
            SpecimenFault::CutEdge => {
                let beyond = dice.between(0.12, 0.22);
                let (half_width, half_height) = (CARD.0 * scale / 2.0, CARD.1 * scale / 2.0);
                let (dx, dy) = (half_width * (1.0 - 2.0 * beyond), half_height * (1.0 - 2.0 * beyond));
                match specimen.seed % 4 {
                    0 => centre.0 = dx,
                    1 => centre.1 = dy,
                    2 => centre.0 = width - dx,
                    _ => centre.1 = height - dy,
                }
            }
            SpecimenFault::Sideways => angle += if specimen.seed.is_multiple_of(2) { 90.0 } else { -90.0 },
            SpecimenFault::Tilted => angle = if specimen.seed.is_multiple_of(2) { 24.0 } else { -24.0 },
            _ => {}
        }
        Self { centre, scale, angle: angle.to_radians(), lean }
    }

    /// The point of the card, in millimetres from its upper left corner, that is seen at a pixel.
    fn on_card(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = ((x - self.centre.0) / self.scale, (y - self.centre.1) / self.scale);
        let (sin, cos) = self.angle.sin_cos();
        let (u, v) = (x * cos + y * sin, y * cos - x * sin);
        let depth = 1.0 + u * self.lean.0 + v * self.lean.1;
        (u / depth + CARD.0 / 2.0, v / depth + CARD.1 / 2.0)
    }
}

/// Distance in millimetres to the card's rounded edge, negative on the card.
fn beyond_edge(u: f32, v: f32) -> f32 {
    const RADIUS: f32 = 3.0;
    let dx = (u - CARD.0 / 2.0).abs() - CARD.0 / 2.0 + RADIUS;
    let dy = (v - CARD.1 / 2.0).abs() - CARD.1 / 2.0 + RADIUS;
    (dx.max(0.0).powi(2) + dy.max(0.0).powi(2)).sqrt() + dx.max(dy).min(0.0) - RADIUS
}

/// The light that the card takes from the table beside it.
fn shadow(u: f32, v: f32) -> f32 {
    0.72 + 0.28 * (beyond_edge(u - 0.5, v - 0.7) / 1.5).clamp(0.0, 1.0)
}

/// Colour of the card at a point; none beside it.
fn sample(face: &RgbImage, u: f32, v: f32) -> Option<[f32; 3]> {
    if beyond_edge(u, v) > 0.0 {
        return None;
    }
    let (x, y) = (u / CARD.0 * face.width() as f32, v / CARD.1 * face.height() as f32);
    let (x, y) = ((x as u32).min(face.width() - 1), (y as u32).min(face.height() - 1));
    face.get_pixel_checked(x, y).map(|pixel| pixel.0.map(f32::from))
}

/// What the card lies on.
struct Table {
    colour: [f32; 3],
    grain: f32,
    shift: f32,
}

impl Table {
    fn choose(seed: u64) -> Self {
        let mut dice = Dice::new(seed, 2);
        let (colour, grain) = match dice.next() % 5 {
            0 => ([156.0, 112.0, 72.0], 16.0),
            1 => ([96.0, 64.0, 42.0], 10.0),
            2 => ([70.0, 74.0, 78.0], 4.0),
            3 => ([186.0, 152.0, 110.0], 12.0),
            _ => ([62.0, 92.0, 70.0], 3.0),
        };
        Self { colour, grain, shift: dice.between(0.0, 100.0) }
    }

    /// Colour at a point in millimetres: long bent fibres of different strength.
    fn at(&self, x: f32, y: f32) -> [f32; 3] {
        let bend = y + 2.5 * (x * 0.035 + self.shift).sin() + self.shift;
        let fibre = (bend * 1.7).sin() + 0.6 * (bend * 4.3 + (x * 0.11).sin()).sin() + 0.4 * (bend * 0.45).sin();
        self.colour.map(|value| value + self.grain * fibre / 2.0)
    }
}

/// Lamp, daylight, exposure.
struct Light {
    slope: (f32, f32),
    exposure: f32,
    spot: Option<(f32, f32)>,
}

impl Light {
    fn choose(specimen: &Specimen) -> Self {
        let mut dice = Dice::new(specimen.seed, 3);
        let exposure = match specimen.fault {
            SpecimenFault::Dark => dice.between(0.24, 0.32),
            SpecimenFault::Bright => dice.between(2.2, 2.6),
            _ => dice.between(0.86, 1.06),
        };
        let spot = (dice.between(15.0, 60.0), dice.between(15.0, 40.0));
        Self {
            slope: (dice.between(-0.16, 0.16), dice.between(-0.16, 0.16)),
            exposure,
            spot: (specimen.fault == SpecimenFault::Glare).then_some(spot),
        }
    }

    /// Colour as the sensor sees it; `x` and `y` from 0 to 1 over the photo.
    fn on(&self, colour: [f32; 3], x: f32, y: f32, (u, v): (f32, f32)) -> [f32; 3] {
        let (x, y) = (x - 0.5, y - 0.5);
        let corner = 1.0 - 0.22 * (x * x + y * y);
        let strength = self.exposure * corner * (1.0 + self.slope.0 * x + self.slope.1 * y);
        let glare = self.spot.map_or(0.0, |(spot_u, spot_v)| {
            let far = ((u - spot_u) / 9.0).powi(2) + ((v - spot_v) / 6.0).powi(2);
            if beyond_edge(u, v) < 0.0 { 420.0 * (-far).exp() } else { 0.0 }
        });
        colour.map(|value| value * strength + glare)
    }
}

/// A lens out of focus by `deviation` pixels.
fn blurred(picture: RgbImage, deviation: f32) -> RgbImage {
    if deviation < 0.2 { picture } else { imageops::fast_blur(&picture, deviation) }
}

/// The sensor's noise.
fn noisy(mut picture: RgbImage, specimen: &Specimen) -> RgbImage {
    let mut dice = Dice::new(specimen.seed, 4);
    for pixel in picture.pixels_mut() {
        for value in &mut pixel.0 {
            *value = (f32::from(*value) + dice.normal() * specimen.noise + 0.5).clamp(0.0, 255.0) as u8;
        }
    }
    picture
}
