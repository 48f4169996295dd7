//! The order in which people expect names in a list: by letters, with numerals by their value.

use crate::fold;

/// Sorts before another name's key where the name is expected before it: "Sukajadi II" before "Sukajadi IX".
pub(crate) fn key(name: &str) -> Vec<(u32, String)> {
    let words = fold::words(name).into_iter().enumerate();
    words.map(|(place, word)| (value(&word, place), word)).map(numerals_first).collect()
}

/// What the numeral says, or none. A first word is a name even where it looks Roman ("Di", "Mii").
fn value(word: &str, place: usize) -> Option<u32> {
    if let Ok(value) = word.parse() {
        return Some(value);
    }
    if place == 0 { None } else { roman(word) }
}

fn roman(word: &str) -> Option<u32> {
    let mut total = 0;
    let mut last = 0;
    for letter in word.bytes().rev() {
        let value = match letter {
            b'i' => 1,
            b'v' => 5,
            b'x' => 10,
            _ => return None,
        };
        if value < last {
            total -= value;
        } else {
            total += value;
            last = value;
        }
    }
    Some(total)
}

fn numerals_first((value, word): (Option<u32>, String)) -> (u32, String) {
    (value.unwrap_or(u32::MAX), word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_the_order_people_expect() {
        let cases: &[&[&str]] = &[
            &["Kabupaten Bandung", "Kabupaten Bandung Barat", "Kabupaten Bekasi", "Kota Bandung"],
            &["Sukajadi", "Sukajadi I", "Sukajadi II", "Sukajadi IV", "Sukajadi IX", "Sukajadi X", "Sukajadi Barat"],
            &["Blok 2", "Blok 10", "Blok Baru"],
            &["air", "Banda", "ilir", "Ulu"],
        ];
        for expected in cases {
            let mut names = expected.to_vec();
            names.reverse();
            names.sort_by_key(|name| key(name));
            assert_eq!(names, *expected);
        }
    }
}
