//! Lists of the laid off, from a ministry or a manpower office: CSV (commas or semicolons) with `nik`, `source` and, for the eyes of whoever
//! mends it, `name`. Every wrong row is reported at once; nothing is written while one is wrong. The database keeps blind
//! indexes only, and no error repeats a number.

use std::collections::{BTreeMap, BTreeSet};

use prakerja_domain::identity::parse_nik;
use prakerja_domain::scheme::PriorityClass;
use prakerja_selection::is_line;
use sha2::{Digest as _, Sha256};

use super::OfficeError;
use crate::registration::blind;
use crate::state::Central;
use crate::sync::Change;
use crate::waves::reclass;

/// Most bytes of a list over the admin API, some 300,000 people; the terminal takes longer ones.
pub(crate) const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Rows in one transaction.
const PIECE: usize = 1_000;
/// Longest name of a source, in characters.
const SOURCE: usize = 100;
/// Sources that the audit log names, at most.
const SOURCES: usize = 5;
/// So many digits may be somebody's number.
const NUMBER: usize = 6;

/// A row that can be written.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    nik_index: Vec<u8>,
    source: String,
}

/// A list as it was read: its rows, or everything that is wrong with it.
#[derive(Debug)]
pub struct List {
    digest: String,
    count: usize,
    rows: Result<Vec<Row>, Vec<String>>,
}

impl List {
    /// Reads a list.
    ///
    /// # Errors
    /// None of the list's own: they are in it.
    pub async fn read(central: &Central, csv: &[u8]) -> Result<Self, OfficeError> {
        let (reader, csv) = (central.clone(), csv.to_vec());
        let read = tokio::task::spawn_blocking(move || {
            let (count, rows) = read(&reader, &csv);
            Self { digest: digest(&csv), count, rows }
        });
        read.await.map_err(|error| OfficeError::Internal(error.to_string()))
    }

    /// The list as the audit log names it: which file it is, how many rows, and from whom. While a row is wrong the columns
    /// may be anything, so nothing of them is named.
    pub fn subject(&self) -> String {
        let named: BTreeSet<&str> = self.rows.iter().flatten().filter_map(|row| named(&row.source)).collect();
        let named: Vec<String> = named.into_iter().take(SOURCES).map(|name| format!("{name:?}")).collect();
        let sources = if named.is_empty() { String::new() } else { format!(" sources={}", named.join("+")) };
        format!("list rows={}{sources} sha256={}", self.count, self.digest)
    }
}

/// Imports a list. Gives how many rows are in it; who was on a list before stays. Whoever applied to a wave that is still
/// open is drawn in the list's class from now on. It is written in pieces, so that nobody waits for all of it: after a crash
/// the same list once more does the rest.
///
/// # Errors
/// [`OfficeError::Rows`] with every wrong row.
pub async fn import(central: &Central, list: List) -> Result<usize, OfficeError> {
    let rows = list.rows.map_err(OfficeError::Rows)?;
    for piece in rows.chunks(PIECE) {
        let mut change = Change::begin(central).await?;
        for row in piece {
            sqlx::query(
                "insert into whitelist (nik_index, class, source, imported_at) values ($1, $2, $3, $4)
                 on conflict (nik_index, source) do update set imported_at = excluded.imported_at",
            )
            .bind(&row.nik_index)
            .bind(PriorityClass::WhitelistedLaidOff.as_str())
            .bind(&row.source)
            .bind(change.at())
            .execute(&mut **change.tx())
            .await?;
            reclass(&mut change, &row.nik_index).await?;
        }
        change.commit().await?;
    }
    Ok(rows.len())
}

/// Takes back everything that came from a source, such as a list that was wrong. Gives how many entries there were; open
/// applications lose the class, unless another list has their people. In pieces, like [`import`].
///
/// # Errors
/// `source-unknown`.
pub async fn remove(central: &Central, source: &str) -> Result<usize, OfficeError> {
    let mut removed = 0;
    loop {
        let mut change = Change::begin(central).await?;
        let piece: Vec<Vec<u8>> = sqlx::query_scalar(
            "delete from whitelist where source = $1 and nik_index in
                 (select nik_index from whitelist where source = $1 order by nik_index limit $2)
             returning nik_index",
        )
        .bind(source)
        .bind(i64::try_from(PIECE).unwrap_or(i64::MAX))
        .fetch_all(&mut **change.tx())
        .await?;
        if piece.is_empty() {
            break;
        }
        for nik_index in &piece {
            reclass(&mut change, nik_index).await?;
        }
        change.commit().await?;
        removed += piece.len();
    }
    if removed == 0 {
        return Err(OfficeError::refused("source-unknown", "nobody is on a list from this source"));
    }
    Ok(removed)
}

/// A source as the audit log names it.
pub fn subject_of(source: &str) -> String {
    format!("source {}", named(source).unwrap_or("(not named)"))
}

/// A list that nobody has read yet, as the audit log names it.
pub fn subject_of_file(csv: &[u8]) -> String {
    format!("list sha256={}", digest(csv))
}

/// A source that may stand in the log: one line, and no number of somebody.
fn named(source: &str) -> Option<&str> {
    let digits = source.chars().filter(char::is_ascii_digit).count();
    (is_line(source, SOURCE) && digits < NUMBER).then_some(source)
}

fn digest(csv: &[u8]) -> String {
    hex::encode(Sha256::digest(csv))
}

/// Spreadsheets of countries that write decimals with a comma put semicolons between columns.
fn separator(csv: &[u8]) -> u8 {
    let head = csv.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if head.contains(&b';') && !head.contains(&b',') { b';' } else { b',' }
}

/// How many rows there are, and the rows, or everything that is wrong with them.
fn read(central: &Central, csv: &[u8]) -> (usize, Result<Vec<Row>, Vec<String>>) {
    // A spreadsheet may put a mark in front.
    let csv = csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator(csv)).trim(csv::Trim::All).flexible(true).from_reader(csv);
    let Ok(headers) = reader.headers().cloned() else { return (0, Err(vec!["line 1: not readable".to_owned()])) };
    let column = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let unknown =
        headers.iter().filter(|name| !["nik", "name", "source"].iter().any(|it| name.eq_ignore_ascii_case(it)));
    let mut wrong: Vec<String> =
        unknown.map(|_| "line 1: a column that is none of nik, name, source".to_owned()).collect();
    let (Some(nik), Some(source)) = (column("nik"), column("source")) else {
        wrong.push("line 1: the columns nik and source are needed".to_owned());
        return (0, Err(wrong));
    };
    let (mut count, mut rows, mut seen) = (0, Vec::new(), BTreeMap::new());
    for record in reader.records() {
        count += 1;
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                wrong.push(format!("line {line}: not readable as UTF-8 text"));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != headers.len() {
            wrong.push(format!("line {line}: {} columns, not {}", record.len(), headers.len()));
            continue;
        }
        let text = record.get(source).unwrap_or_default();
        if !(3..=SOURCE).contains(&text.chars().count()) {
            wrong.push(format!("line {line}: source is not 3 to {SOURCE} characters"));
        }
        match parse_nik(record.get(nik).unwrap_or_default()) {
            Err(error) => wrong.push(format!("line {line}: nik is {:?}", error.code)),
            Ok(number) => {
                let nik_index = blind::nik(central, &number);
                if let Some(before) = seen.insert(nik_index.clone(), line) {
                    wrong.push(format!("line {line}: the nik of line {before} again"));
                }
                rows.push(Row { nik_index, source: text.to_owned() });
            }
        }
    }
    if rows.is_empty() && wrong.is_empty() {
        wrong.push("line 2: there is no row".to_owned());
    }
    (count, if wrong.is_empty() { Ok(rows) } else { Err(wrong) })
}
