//! Medians and spreads, as a table for people and as JSON.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

/// What goes wrong in a measurement is a sentence for the one who started it.
pub type Outcome<T = ()> = Result<T, String>;

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Unit {
    /// Milliseconds.
    #[serde(rename = "ms")]
    Milliseconds,
    /// 1,048,576 bytes.
    #[serde(rename = "MiB")]
    Mebibytes,
}

/// Measured values by case and subject.
#[derive(Default)]
pub struct Figures(BTreeMap<(&'static str, &'static str), (Unit, Vec<f64>)>);

#[derive(Serialize)]
struct Row {
    case: &'static str,
    subject: &'static str,
    median: f64,
    low: f64,
    high: f64,
    unit: Unit,
}

#[derive(Serialize)]
struct Ratio {
    case: &'static str,
    against: &'static str,
    ratio: f64,
}

impl Figures {
    /// Adds one run's value.
    pub fn add(&mut self, case: &'static str, subject: &'static str, unit: Unit, value: f64) {
        self.0.entry((case, subject)).or_insert_with(|| (unit, Vec::new())).1.push(value);
    }

    /// Prints the table and writes `rows` and `ratios` (median of `subject` over median of `against`).
    pub fn write(&self, out: &Path, subject: &'static str, against: &'static str) -> Outcome {
        let rows: Vec<Row> = self.0.iter().filter_map(|(key, (unit, values))| row(key, *unit, values)).collect();
        let median = |case: &str, subject: &str| {
            rows.iter().find(|row| row.case == case && row.subject == subject).map(|row| row.median)
        };
        let ratios: Vec<Ratio> = rows
            .iter()
            .filter(|row| row.subject == against)
            .filter_map(|row| {
                median(row.case, subject).map(|ours| Ratio { case: row.case, against, ratio: ours / row.median })
            })
            .collect();
        for Row { case, subject, median, low, high, .. } in &rows {
            println!("{case:18} {subject:14} median {median:8.1}  low {low:8.1}  high {high:8.1}");
        }
        for Ratio { case, against, ratio } in &ratios {
            println!("{case:18} against {against}: {ratio:.2}");
        }
        let text = serde_json::to_string_pretty(&serde_json::json!({ "rows": rows, "ratios": ratios }))
            .map_err(|error| error.to_string())?;
        std::fs::write(out, text).map_err(|error| format!("{}: {error}", out.display()))
    }
}

fn row(key: &(&'static str, &'static str), unit: Unit, values: &[f64]) -> Option<Row> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let median = *sorted.get(sorted.len() / 2)?;
    Some(Row { case: key.0, subject: key.1, median, low: *sorted.first()?, high: *sorted.last()?, unit })
}
