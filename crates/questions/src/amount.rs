//! Reads the quantity that an option of a numeric item names, in the way of its language: `Rp1.250.000` and
//! `Rp1,250,000`, `12,5%` and `12.5%`, `2 jam 15 menit` and `2 hours 15 minutes`, `13.45` and `13:45`, `3/4`.
//! So a slip of the pen between the languages, or between the options and the check, is found on loading.

use crate::arithmetic::Fraction;

/// How a language writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tongue {
    /// `1.250,5`, clock `13.45`.
    Indonesian,
    /// `1,250.5`, clock `13:45`.
    English,
}

/// Value of an option: hours and minutes and clock times as minutes, a ratio `2 : 3` and a fraction as a fraction,
/// everything else as the one number in it.
pub(crate) fn quantity(text: &str, tongue: Tongue) -> Option<Fraction> {
    let all = numbers(text);
    let one = |index: usize| all.get(index).and_then(|number| plain(number, tongue));
    let sixty = Fraction::new(60, 1)?;
    match all.as_slice() {
        [clock] if is_clock(clock, tongue) => {
            let (hours, minutes) = clock.split_once(['.', ':'])?;
            Fraction::decimal(hours)?.times(sixty)?.plus(Fraction::decimal(minutes)?)
        }
        [_] if in_hours(text) => one(0)?.times(sixty),
        [_] => one(0),
        [_, _] if in_hours(text) => one(0)?.times(sixty)?.plus(one(1)?),
        [_, _] if text.contains('/') || text.contains(" : ") => one(0)?.divided_by(one(1)?),
        _ => None,
    }
}

/// The numbers in a text, as they are written.
pub(crate) fn numbers(text: &str) -> Vec<&str> {
    text.split(|sign: char| !sign.is_ascii_digit() && !['.', ',', ':'].contains(&sign))
        .map(|piece| piece.trim_matches(['.', ',', ':']))
        .filter(|piece| piece.bytes().any(|byte| byte.is_ascii_digit()))
        .collect()
}

/// The first number counts hours; "10 paket per jam" does not.
fn in_hours(text: &str) -> bool {
    text.split_whitespace().nth(1).is_some_and(|unit| ["jam", "hour", "hours"].contains(&unit))
}

/// Two digits after the mark: thousands have three, so nothing else is written like this.
fn is_clock(number: &str, tongue: Tongue) -> bool {
    let mark = if tongue == Tongue::Indonesian { '.' } else { ':' };
    number.split_once(mark).is_some_and(|(hours, minutes)| {
        (1..=2).contains(&hours.len())
            && minutes.len() == 2
            && format!("{hours}{minutes}").bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn plain(number: &str, tongue: Tongue) -> Option<Fraction> {
    let (thousands, point) = if tongue == Tongue::Indonesian { ('.', ',') } else { (',', '.') };
    let (whole, part) = number.split_once(point).map_or((number, None), |(whole, part)| (whole, Some(part)));
    let mut groups = whole.split(thousands);
    let first = groups.next()?;
    let grouped = whole.contains(thousands);
    let well_grouped = groups.all(|group| group.len() == 3) && (!grouped || (1..=3).contains(&first.len()));
    well_grouped.then_some(())?;
    let digits = whole.replace(thousands, "");
    Fraction::decimal(&part.map_or(digits.clone(), |part| format!("{digits}.{part}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::value;

    #[test]
    fn quantities_are_read_in_both_languages() {
        let cases = [
            ("Rp1.250.000", "Rp1,250,000", "1250000"),
            ("12,5%", "12.5%", "12.5"),
            ("2 jam 15 menit", "2 hours 15 minutes", "135"),
            ("3 jam", "3 hours", "180"),
            ("10 paket per jam", "10 parcels per hour", "10"),
            ("45 menit", "45 minutes", "45"),
            ("13.45", "13:45", "825"),
            ("3/4", "3/4", "3/4"),
            ("2 : 3", "2 : 3", "2/3"),
            ("18", "18", "18"),
            ("2,4 kg", "2.4 kg", "2.4"),
        ];
        for (id, en, expected) in cases {
            assert_eq!(quantity(id, Tongue::Indonesian), value(expected), "{id}");
            assert_eq!(quantity(en, Tongue::English), value(expected), "{en}");
        }
        for wrong in ["", "banyak", "1 2 3", "12.34.567", "1234.567"] {
            assert_eq!(quantity(wrong, Tongue::Indonesian), None, "{wrong}");
        }
        assert_ne!(quantity("Rp1.250", Tongue::English), quantity("Rp1.250", Tongue::Indonesian));
    }
}
