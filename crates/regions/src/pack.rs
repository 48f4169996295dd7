//! Writes the packed file. Not part of any program: behind the feature `pack`, for `examples/pack.rs` and tests.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::Level;
use crate::packed::{Column, MAGIC};

/// As small as zstd gets it; packing takes a second and happens once a year.
const COMPRESSION: i32 = 22;

/// Why a list of regions cannot be packed.
#[derive(Debug, PartialEq, Eq, Error)]
pub enum PackError {
    /// Not 2, 4, 6 or 10 digits.
    #[error("{0} is not a code")]
    Code(String),
    /// The region that a code belongs to is missing.
    #[error("{0} has no region above it")]
    Orphan(String),
    /// A name is empty or does not fit on one line.
    #[error("{0} has no usable name")]
    Name(String),
    /// The compressor refused.
    #[error("compressing failed: {0}")]
    Compression(String),
}

/// The packed file for codes (digits only) and their names. The same list gives the same content.
pub fn pack(names: &BTreeMap<String, String>) -> Result<Vec<u8>, PackError> {
    let mut file = MAGIC.to_vec();
    let content = write(&columns(names)?);
    file.extend(zstd::bulk::compress(&content, COMPRESSION).map_err(|why| PackError::Compression(why.to_string()))?);
    Ok(file)
}

fn columns(names: &BTreeMap<String, String>) -> Result<Vec<Column>, PackError> {
    let mut columns: Vec<_> =
        Level::ALL.map(|_| Column { codes: String::new(), names: String::new() }).into_iter().collect();
    for (code, name) in names {
        let level = Level::of_code(code).filter(|_| code.bytes().all(|digit| digit.is_ascii_digit()));
        let (level, column) = level
            .and_then(|level| columns.get_mut(level as usize).map(|column| (level, column)))
            .ok_or_else(|| PackError::Code(code.clone()))?;
        let above = Level::ALL.iter().rev().find(|above| **above < level);
        let above = above.and_then(|above| code.get(..above.code_len()));
        if above.is_some_and(|above| !names.contains_key(above)) {
            return Err(PackError::Orphan(code.clone()));
        }
        if name.trim().is_empty() || name.contains(['\n', '\r']) {
            return Err(PackError::Name(code.clone()));
        }
        column.codes.push_str(code);
        column.names.push_str(name);
        column.names.push('\n');
    }
    Ok(columns)
}

pub(crate) fn write(columns: &[Column]) -> Vec<u8> {
    let mut content = Vec::new();
    let mut above = vec![""];
    for (level, column) in Level::ALL.into_iter().zip(columns) {
        let codes = split(&column.codes, level.code_len());
        let mut rest = codes.as_slice();
        for parent in above {
            let (own, others) = rest.split_at(rest.partition_point(|code| code.starts_with(parent) || *code < parent));
            rest = others;
            number(&mut content, own.len());
            let mut last = 0;
            for digits in own.iter().filter_map(|code| code.get(parent.len()..)?.parse::<usize>().ok()) {
                number(&mut content, digits - last);
                last = digits;
            }
        }
        number(&mut content, column.names.len());
        content.extend_from_slice(column.names.as_bytes());
        above = codes;
    }
    content
}

fn split(codes: &str, len: usize) -> Vec<&str> {
    (0..codes.len() / len).filter_map(|at| codes.get(at * len..(at + 1) * len)).collect()
}

/// Seven bits a byte, lowest first; the highest bit says that more follow.
fn number(content: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        content.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    content.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packed::{FILE, UnpackError, read, unpack};

    fn list(rows: &[(&str, &str)]) -> BTreeMap<String, String> {
        rows.iter().map(|(code, name)| ((*code).to_owned(), (*name).to_owned())).collect()
    }

    #[test]
    fn the_bundled_file_is_rewritten_identically() {
        let columns = unpack(FILE).unwrap();
        let content = write(&columns);
        // The compressed bytes depend on the version of zstd, the content does not.
        assert_eq!(content, zstd::bulk::decompress(FILE.strip_prefix(MAGIC).unwrap(), 8 << 20).unwrap());
        assert_eq!(read(&content).unwrap(), columns);
    }

    #[test]
    fn the_bundled_file_is_small() {
        assert!(FILE.len() <= 1_500_000, "{} bytes", FILE.len());
    }

    #[test]
    fn a_small_list_survives_packing() {
        let names = list(&[
            ("11", "Aceh"),
            ("21", "Kepulauan Riau"),
            ("2101", "Kabupaten Bintan"),
            ("2171", "Kota Batam"),
            ("217103", "Batu Ampar"),
            ("2171031003", "Kampung Seraya"),
            ("2171032001", "Desa Contoh"),
        ]);
        let columns = unpack(&pack(&names).unwrap()).unwrap();
        assert_eq!(columns[1].codes, "21012171");
        assert_eq!(columns[1].names, "Kabupaten Bintan\nKota Batam\n");
        assert_eq!(columns[3].codes, "21710310032171032001");
    }

    #[test]
    fn a_list_that_cannot_be_right_is_refused() {
        let cases = [
            (list(&[("11", "Aceh"), ("2171", "Kota Batam")]), PackError::Orphan("2171".into())),
            (list(&[("11", "Aceh"), ("111", "x")]), PackError::Code("111".into())),
            (list(&[("1a", "Aceh")]), PackError::Code("1a".into())),
            (list(&[("11", " ")]), PackError::Name("11".into())),
            (list(&[("11", "Aceh\nBarat")]), PackError::Name("11".into())),
        ];
        for (names, why) in cases {
            assert_eq!(pack(&names), Err(why));
        }
    }

    #[test]
    fn a_damaged_file_is_an_error() {
        let content = write(&columns(&list(&[("11", "Aceh")])).unwrap());
        assert_eq!(unpack(b"PKRG\x02"), Err(UnpackError::Magic));
        assert_eq!(unpack(b"PKRG\x01garbage"), Err(UnpackError::Compression));
        for len in 0..content.len() {
            assert!(read(&content[..len]).is_err(), "cut to {len} bytes");
        }
        assert_eq!(read(&[&content[..], &[0]].concat()), Err(UnpackError::Names));
    }
}
