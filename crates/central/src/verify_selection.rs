//! `prakerja-central verify-selection FOLDER`: recomputes a published draw (docs/selection.md). Needs no database and no
//! central: whoever has the folder may run it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use prakerja_selection::{
    Blind, Commitment, Digest, DrawError, DrawResult, FormatError, Known, List, ListDecoder, Part, ReadError, Refusal,
    Reveal, Tampered, VOID_FILE, Verified, Voided, draw, verify,
};

/// Arguments of `prakerja-central verify-selection`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folder with commitment.json, list.bin or list.bin.zst, result.json and, when published, accepted.bin; of a voided
    /// draw with void.json instead of the last two.
    folder: PathBuf,
    /// Digest of the commitment that you kept since before the draw. Without it the files are only compared with each
    /// other.
    #[arg(long, value_name = "DIGEST")]
    commitment: Option<Digest>,
    /// The public value, from its own source.
    #[arg(long, value_name = "VALUE")]
    beacon: Option<String>,
    /// Your blind: shows your place.
    #[arg(long, value_name = "BLIND")]
    blind: Option<Blind>,
}

/// The draw could not be verified, or is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    /// A file could not be read.
    #[error("{0} could not be read")]
    File(PathBuf, #[source] io::Error),
    /// Something differs; the output says it loudly.
    #[error("the selection is NOT what it should be ({})", .0.code())]
    Tampered(#[from] Tampered),
    /// The blind is not on the list; the output says it loudly.
    #[error("{0} is not on the list")]
    NotListed(Blind),
    /// The files fit each other, and the draw does not count.
    #[error("this draw was voided: it counts no more")]
    Voided,
    /// The list is there twice, and one is not the other.
    #[error("list.bin and list.bin.zst differ: keep the one that was published")]
    TwoLists,
    /// The output could not be written.
    #[error("the output could not be written")]
    Output(#[source] io::Error),
}

/// Verifies, and writes lines in plain English.
///
/// # Errors
/// [`SelectionError`]; whoever calls ends with a failing exit code.
pub fn run(arguments: &Arguments, out: &mut impl Write) -> Result<(), SelectionError> {
    let done = if arguments.folder.join(VOID_FILE).exists() {
        check_voided(arguments, out).and(Err(SelectionError::Voided))
    } else {
        check(arguments)
    };
    match done {
        Ok((commitment, result, verified)) => {
            tell(arguments, &commitment, &result, out).map_err(SelectionError::Output)?;
            place(arguments, &commitment, &verified, out)
        }
        Err(error) => {
            let reason: &dyn std::fmt::Display = match &error {
                SelectionError::Tampered(tampered) => tampered,
                other => other,
            };
            writeln!(out, "NOT VERIFIED: {reason}").map_err(SelectionError::Output)?;
            Err(error)
        }
    }
}

fn form(part: Part) -> impl Fn(FormatError) -> Tampered {
    move |error| Tampered::Form { part, error }
}

fn committed(folder: &Path) -> Result<(Commitment, List), SelectionError> {
    let bytes = read(&folder.join(Part::Commitment.file_name()))?;
    let commitment = Commitment::from_json(&bytes).map_err(form(Part::Commitment))?;
    commitment.check().map_err(Tampered::from)?;
    let list = list(folder, &commitment)?;
    Ok((commitment, list))
}

fn check(arguments: &Arguments) -> Result<(Commitment, DrawResult, Verified), SelectionError> {
    let folder = &arguments.folder;
    let (commitment, list) = committed(folder)?;
    let bytes = read(&folder.join(Part::Result.file_name()))?;
    let result = DrawResult::from_json(&bytes).map_err(form(Part::Result))?;
    let path = folder.join(Part::Accepted.file_name());
    let accepted = if path.exists() { Some(read(&path)?) } else { None };
    let known = Known { commitment: arguments.commitment, beacon_value: arguments.beacon.as_deref() };
    let verified = verify(&commitment, list, &result, accepted.as_deref(), &known)?;
    Ok((commitment, result, verified))
}

/// A draw that was given up: says so, and with the public value what it would have given.
fn check_voided(arguments: &Arguments, out: &mut impl Write) -> Result<(), SelectionError> {
    let (commitment, list) = committed(&arguments.folder)?;
    if arguments.commitment.is_some_and(|kept| kept != commitment.digest) {
        return Err(Tampered::OtherCommitment.into());
    }
    if list.digest() != commitment.list_digest {
        return Err(Tampered::from(DrawError::List).into());
    }
    let voided = Voided::read(&read(&arguments.folder.join(VOID_FILE))?, &commitment).map_err(Tampered::from)?;
    tell_voided(&commitment, &voided, out).map_err(SelectionError::Output)?;
    let value = arguments.beacon.clone().or_else(|| voided.beacon_value.clone());
    let (Some(seed), Some(beacon_value)) = (voided.seed, value) else { return Ok(()) };
    let beacon_value = prakerja_selection::normalise(&beacon_value).map_err(Tampered::KnownBeacon)?;
    let reveal = Reveal { seed, beacon_value };
    let drawn = draw(&commitment, &list, &reveal).map_err(Tampered::from)?;
    let result =
        DrawResult::new(&commitment, &list, &reveal, &drawn).map_err(DrawError::from).map_err(Tampered::from)?;
    let verified = verify(&commitment, list, &result, None, &Known::default())?;
    let (value, accepted) = (&result.beacon_value, result.accepted);
    let beside = if arguments.blind.is_some() { "; it would have been so:" } else { "" };
    writeln!(out, "with the public value {value} it would have accepted {accepted} of {}{beside}", result.entries)
        .map_err(SelectionError::Output)?;
    place(arguments, &commitment, &verified, out)
}

fn tell_voided(commitment: &Commitment, voided: &Voided, out: &mut impl Write) -> io::Result<()> {
    let time = |ms| jiff::Timestamp::from_millisecond(ms).unwrap_or_default();
    let (wave, entries, due) = (voided.wave, commitment.entries, time(commitment.beacon.due_at_ms));
    writeln!(out, "VOIDED: wave {wave}, {entries} applications, at {}", time(voided.voided_at_ms))?;
    writeln!(out, "  reason: {}", voided.reason)?;
    writeln!(out, "commitment {}", commitment.digest)?;
    writeln!(out, "public value: {}, due at {due}", commitment.beacon.description)?;
    if voided.result_may_be_known(commitment) {
        writeln!(out, "  it was voided when this value could be known: the operator may have seen the result")?;
    }
    if voided.seed.is_none() {
        writeln!(out, "  the seed was not opened: nobody can compute what was thrown away")?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, SelectionError> {
    std::fs::read(path).map_err(|error| SelectionError::File(path.to_owned(), error))
}

/// Millions of entries go through in pieces, unpacked on the way.
fn list(folder: &Path, commitment: &Commitment) -> Result<List, SelectionError> {
    let plain = folder.join(Part::List.file_name());
    let packed = folder.join(format!("{}.zst", Part::List.file_name()));
    if plain.exists() && packed.exists() {
        let failed = |error| SelectionError::File(packed.clone(), error);
        let file = File::open(&packed).map_err(failed)?;
        let mut unpacked = BufReader::new(zstd::stream::Decoder::new(file).map_err(failed)?);
        let mut other = BufReader::new(File::open(&plain).map_err(|error| SelectionError::File(plain.clone(), error))?);
        if !same(&mut unpacked, &mut other).map_err(failed)? {
            return Err(SelectionError::TwoLists);
        }
    }
    let (path, is_packed) = if !plain.exists() && packed.exists() { (packed, true) } else { (plain, false) };
    let failed = |error| SelectionError::File(path.clone(), error);
    let file = File::open(&path).map_err(failed)?;
    let source: Box<dyn Read> =
        if is_packed { Box::new(zstd::stream::Decoder::new(file).map_err(failed)?) } else { Box::new(file) };
    let decoder = ListDecoder::new(commitment.rules.clone()).map_err(Tampered::from)?;
    decoder.read(source).map_err(|error| match error {
        ReadError::Source(error) => failed(error),
        ReadError::List(error) => Tampered::from(error).into(),
    })
}

/// Whether two sources have the same bytes.
fn same(one: &mut impl BufRead, other: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let most = left.len().min(right.len());
        if most == 0 {
            return Ok(left.is_empty() && right.is_empty());
        }
        if left.get(..most) != right.get(..most) {
            return Ok(false);
        }
        one.consume(most);
        other.consume(most);
    }
}

fn tell(arguments: &Arguments, commitment: &Commitment, result: &DrawResult, out: &mut impl Write) -> io::Result<()> {
    let DrawResult { wave, entries, accepted, beacon_value, .. } = result;
    writeln!(
        out,
        "VERIFIED: wave {wave}, {entries} applications, {} seats, {accepted} accepted",
        commitment.rules.quota
    )?;
    for class in &result.classes {
        writeln!(out, "  class {}: {} of {} accepted", class.name, class.accepted, class.entries)?;
    }
    for region in &result.regions {
        writeln!(out, "  region {}: {} of {} accepted", region.code, region.accepted, region.entries)?;
    }
    writeln!(out, "commitment {}", commitment.digest)?;
    if arguments.commitment.is_none() {
        writeln!(
            out,
            "  compare it with what was published before the draw: nothing here can prove that it is the same"
        )?;
    }
    writeln!(out, "public value {beacon_value} ({})", commitment.beacon.description)?;
    if arguments.beacon.is_none() {
        writeln!(out, "  compare it with its own source: nothing here can prove that it is right")?;
    }
    Ok(())
}

fn place(
    arguments: &Arguments,
    commitment: &Commitment,
    verified: &Verified,
    out: &mut impl Write,
) -> Result<(), SelectionError> {
    let Some(blind) = arguments.blind else { return Ok(()) };
    let Some(place) = verified.place(&blind) else {
        writeln!(out, "NOT ON THE LIST: {blind}").map_err(SelectionError::Output)?;
        return Err(SelectionError::NotListed(blind));
    };
    let class = commitment.rules.classes.get(usize::from(place.class)).map_or("?", |class| class.name.as_str());
    let outcome = match place.reason {
        None => "accepted",
        Some(Refusal::TotalFull) => "not accepted: all seats of the wave were taken",
        Some(Refusal::ClassFull) => "not accepted: all seats of the class were taken",
        Some(Refusal::RegionFull) => "not accepted: all seats of the region were taken",
        Some(Refusal::FamilyFull) => "not accepted: no place was left for the family card",
    };
    writeln!(
        out,
        "{blind} stood at place {} of {}, in class {class} at place {} of {}: {outcome}",
        place.position, place.of, place.class_position, place.class_of
    )
    .map_err(SelectionError::Output)
}
