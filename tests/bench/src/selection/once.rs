//! One run: drawing a published list, or verifying the draw, with the times of the steps and the peak of memory.

use std::fs::File;
use std::path::Path;
use std::time::Instant;

use prakerja_selection::{Commitment, DrawResult, Known, List, ListDecoder, Part, Reveal};
use serde::{Deserialize, Serialize};

use crate::figures::Outcome;
use crate::{peak, wave};

/// Times in milliseconds, memory in MiB. Steps that a run does not have are 0.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// Reading, hashing and checking the list.
    pub(crate) decode: f64,
    /// Tickets, order, places.
    pub(crate) draw: f64,
    /// Counts, bits, digests and JSON.
    pub(crate) encode: f64,
    /// From the first file to the last.
    pub(crate) whole: f64,
    /// Largest resident memory of the process.
    pub(crate) peak: f64,
}

/// What central does once the public value is known.
pub(crate) fn draw(folder: &Path) -> Outcome<Measured> {
    let mut measured = Measured::default();
    let whole = Instant::now();
    let commitment = commitment(folder)?;
    let list = timed(&mut measured.decode, || list(folder, &commitment))?;
    let reveal = Reveal { seed: wave::SEED, beacon_value: wave::BEACON_VALUE.into() };
    let drawn = timed(&mut measured.draw, || prakerja_selection::draw(&commitment, &list, &reveal)).map_err(text)?;
    let (result, accepted) = timed(&mut measured.encode, || {
        let result = DrawResult::new(&commitment, &list, &reveal, &drawn).map_err(text)?;
        Ok::<_, String>((result.to_json(), drawn.accepted(commitment.wave)))
    })?;
    wave::put(folder, Part::Result, &result)?;
    wave::put(folder, Part::Accepted, &accepted)?;
    measured.whole = milliseconds(whole);
    measured.peak = peak::mib()?;
    Ok(measured)
}

/// What an applicant's computer does: everything again, and the own place.
pub(crate) fn verify(folder: &Path) -> Outcome<Measured> {
    let mut measured = Measured::default();
    let whole = Instant::now();
    let commitment = commitment(folder)?;
    let list = timed(&mut measured.decode, || list(folder, &commitment))?;
    let somebody = list.entries().get(list.entries().len() / 2).ok_or("the list is empty")?.blind;
    let result = DrawResult::from_json(&read(folder, Part::Result)?).map_err(text)?;
    let accepted = read(folder, Part::Accepted)?;
    let known = Known { commitment: Some(commitment.digest), beacon_value: Some(wave::BEACON_VALUE) };
    let verified = prakerja_selection::verify(&commitment, list, &result, Some(&accepted), &known).map_err(text)?;
    verified.place(&somebody).ok_or("somebody of the list has no place")?;
    measured.whole = milliseconds(whole);
    measured.peak = peak::mib()?;
    Ok(measured)
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn read(folder: &Path, part: Part) -> Outcome<Vec<u8>> {
    std::fs::read(folder.join(part.file_name())).map_err(|error| format!("{part}: {error}"))
}

fn commitment(folder: &Path) -> Outcome<Commitment> {
    Commitment::from_json(&read(folder, Part::Commitment)?).map_err(text)
}

fn list(folder: &Path, commitment: &Commitment) -> Outcome<List> {
    let file = File::open(folder.join(Part::List.file_name())).map_err(text)?;
    ListDecoder::new(commitment.rules.clone()).map_err(text)?.read(file).map_err(text)
}

fn timed<T>(time: &mut f64, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let done = work();
    *time = milliseconds(started);
    done
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}
