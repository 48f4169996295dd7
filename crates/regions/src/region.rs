//! What a caller gets to see of a region.

use std::fmt;

/// One of the four levels of administration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Provinsi.
    Province,
    /// Kabupaten or kota.
    Regency,
    /// Kecamatan; distrik in Papua.
    District,
    /// Desa, kelurahan or desa adat, under whichever local name (gampong, nagari, kampung).
    Village,
}

impl Level {
    /// From the largest regions to the smallest.
    pub const ALL: [Level; 4] = [Level::Province, Level::Regency, Level::District, Level::Village];

    /// How many digits a code of this level has.
    pub const fn code_len(self) -> usize {
        match self {
            Level::Province => 2,
            Level::Regency => 4,
            Level::District => 6,
            Level::Village => 10,
        }
    }

    /// The level whose codes are this long.
    pub(crate) fn of_code(code: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.code_len() == code.len())
    }
}

/// A region: cheap to copy, its texts live as long as the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Kemendagri code without dots; begins with the code of the region above.
    pub code: &'static str,
    /// As people write it. Regencies say what they are ("Kota Batam"), districts and villages do not ("Gubeng").
    pub name: &'static str,
    /// The level that the code belongs to.
    pub level: Level,
}

/// A region that was found, with all that tells it from its namesakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The region.
    pub region: Region,
    /// From the province down to `region` itself, as [`crate::path`] gives it.
    pub path: Vec<Region>,
}

impl fmt::Display for Hit {
    /// As in an address, smallest first: "Batu Ampar, Kota Batam, Kepulauan Riau".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.region.name)?;
        self.path.iter().rev().skip(1).try_for_each(|above| write!(f, ", {}", above.name))
    }
}
