//! Prints how long loading takes and how long a keystroke takes: each text is typed letter by letter.

#![allow(clippy::print_stdout, reason = "a measurement to be read by a person")]

use std::time::{Duration, Instant};

use prakerja_regions::{Level, children, preload, search};

const TEXTS: &[&str] = &[
    "gubeng surabaya",
    "batu ampar batam",
    "sukamaju bandung",
    "kel. kebayoran lama utara jaksel",
    "sungai jodoh",
    "tanjung",
    "kab. kepulauan siau tagulandang biaro",
    "ds sumberejo kec. ambulu",
    "gubemg",
    "kebayroan",
    "xyzzyxyzzy",
    "a a a a",
    "s m k p t b",
    "kota baru kota baru",
];

fn main() {
    let start = Instant::now();
    preload();
    println!("loading: {:.1} ms", milliseconds(start.elapsed()));
    for level in Level::ALL {
        let mut times: Vec<(Duration, String)> = Vec::new();
        for text in TEXTS {
            for end in 1..=text.len() {
                let typed = text.get(..end).unwrap_or_default();
                let five = (0..5).map(|_| {
                    let start = Instant::now();
                    std::hint::black_box(search(level, None, typed, 20));
                    start.elapsed()
                });
                // The median of five: another program's turn on the core is not this crate's time.
                let mut repeated: Vec<_> = five.collect();
                repeated.sort();
                times.extend(repeated.get(2).map(|time| (*time, typed.to_owned())));
            }
        }
        times.sort();
        let (Some((median, _)), Some((maximum, worst))) = (times.get(times.len() / 2), times.last()) else { continue };
        println!(
            "{level:?}: {} keystrokes, median {:.3} ms, maximum {:.3} ms at \"{worst}\"",
            times.len(),
            milliseconds(*median),
            milliseconds(*maximum)
        );
    }
    let start = Instant::now();
    let regencies = children(Some("35")).len();
    println!("children of a province: {regencies} in {:.3} ms", milliseconds(start.elapsed()));
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
