//! Turns lists of regions (CSV with at least the columns `code` and `name`) into `data/regions.pack`.
//!
//! Names are taken as they are, but for three things: a word's first letter is made a capital, typographic
//! apostrophes become plain ones, and `data/corrections.csv` is applied. Its rows name what they replace, so that
//! a newer source that has changed or mended a name stops the packing instead of being silently overwritten.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names = BTreeMap::new();
    for list in std::env::args_os().skip(1) {
        read_list(Path::new(&list), &mut names)?;
    }
    correct(&home.join("data/corrections.csv"), &mut names)?;
    for name in names.values_mut() {
        *name = capitals(name);
    }
    let file = prakerja_regions::pack(&names)?;
    eprintln!("{} regions in {} bytes", names.len(), file.len());
    fs::write(home.join("data/regions.pack"), file)?;
    Ok(())
}

fn read_list(list: &Path, names: &mut BTreeMap<String, String>) -> Result<(), Box<dyn Error>> {
    let mut rows = csv::Reader::from_path(list)?;
    let headers = rows.headers()?.clone();
    let column = |title| headers.iter().position(|header| header == title).ok_or("no column code or name");
    let (code, name) = (column("code")?, column("name")?);
    for row in rows.records() {
        let row = row?;
        let (code, name) = (row.get(code).unwrap_or_default(), row.get(name).unwrap_or_default());
        if names.insert(code.replace('.', ""), name.trim().to_owned()).is_some() {
            return Err(format!("{code} is there twice").into());
        }
    }
    Ok(())
}

fn correct(corrections: &Path, names: &mut BTreeMap<String, String>) -> Result<(), Box<dyn Error>> {
    for row in csv::Reader::from_path(corrections)?.deserialize() {
        let (code, from, to): (String, String, String) = row?;
        let name = names.get_mut(&code).ok_or(format!("{code} is corrected but not there"))?;
        if *name != from {
            return Err(format!("{code} is now called {name}: see whether its correction is still needed").into());
        }
        *name = to;
    }
    Ok(())
}

fn capitals(name: &str) -> String {
    let words = name.split(' ').map(|word| match word {
        // "Pangkajene dan Kepulauan", "2 x 11 Kayu Tanam"
        "dan" | "x" => word.to_owned(),
        _ => {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
        }
    });
    words.collect::<Vec<String>>().join(" ").replace('\u{2019}', "'")
}
