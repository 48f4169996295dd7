//! The four layers together, unpacked once for the life of the program.

use std::ops::Range;
use std::sync::OnceLock;

use crate::layer::Layer;
use crate::packed::{self, Column};
use crate::{Level, Region};

#[derive(Debug)]
pub(crate) struct Atlas {
    layers: Vec<Layer>,
}

impl Atlas {
    pub(crate) fn get() -> &'static Atlas {
        static ATLAS: OnceLock<Atlas> = OnceLock::new();
        // The file is part of the binary and read by the tests of this crate: it cannot be damaged here.
        ATLAS.get_or_init(|| Atlas::new(packed::unpack(packed::FILE).unwrap_or_default()))
    }

    fn new(columns: Vec<Column>) -> Self {
        let mut layers = Vec::with_capacity(columns.len());
        let mut below: Option<Layer> = None;
        for (level, column) in Level::ALL.into_iter().zip(columns).rev() {
            let mut layer = Layer::new(level, column);
            if let Some(below) = below.take() {
                layer.link(&below);
                layers.push(below);
            }
            below = Some(layer);
        }
        layers.extend(below);
        layers.reverse();
        Self { layers }
    }

    pub(crate) fn layer(&self, level: Level) -> Option<&Layer> {
        self.layers.get(level as usize)
    }

    /// The layers above a level, largest regions first.
    pub(crate) fn above(&self, level: Level) -> &[Layer] {
        self.layers.get(..level as usize).unwrap_or_default()
    }

    pub(crate) fn find(&'static self, code: &str) -> Option<Region> {
        let layer = self.layer(Level::of_code(code)?)?;
        layer.region(layer.position(code)?)
    }

    pub(crate) fn path(&'static self, code: &str) -> Vec<Region> {
        if self.find(code).is_none() {
            return Vec::new();
        }
        Level::ALL.iter().filter_map(|level| self.find(code.get(..level.code_len())?)).collect()
    }

    pub(crate) fn children(&'static self, code: Option<&str>) -> Vec<Region> {
        let Some(code) = code else {
            return self.regions(Level::Province, |layer| 0..layer.len());
        };
        let Some(level) = Level::of_code(code) else { return Vec::new() };
        let below = Level::ALL.into_iter().find(|below| *below > level);
        below.map_or_else(Vec::new, |below| self.regions(below, |layer| layer.with_prefix(code)))
    }

    fn regions(&'static self, level: Level, range: impl Fn(&Layer) -> Range<usize>) -> Vec<Region> {
        let Some(layer) = self.layer(level) else { return Vec::new() };
        range(layer).filter_map(|at| layer.region(at)).collect()
    }
}
