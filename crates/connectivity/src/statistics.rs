//! Figures from round trips. Pure: numbers in, numbers out.
//!
//! TCP hides packet loss, so what is counted is failed tries, never "packet loss" (`sync.md` §5.2).

use serde::Serialize;

/// One try: its round trip in milliseconds, or nothing when it failed (time-out, reset, wrong answer).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sample {
    /// Round trip in milliseconds; absent for a failed try.
    pub ms: Option<f64>,
}

impl Sample {
    /// A try that failed.
    pub const FAILED: Self = Self { ms: None };

    /// A try that took so long.
    pub fn took(ms: f64) -> Self {
        Self { ms: Some(ms) }
    }
}

/// Figures of the quality and upload stages. Round trips are 0 when no try succeeded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Tries.
    pub tries: u32,
    /// Failed tries.
    pub failed: u32,
    /// Median round trip, milliseconds.
    pub median_ms: f64,
    /// 95th percentile by nearest rank, milliseconds.
    pub p95_ms: f64,
    /// Mean absolute difference of neighbouring round trips, milliseconds.
    pub jitter_ms: f64,
    /// Round trips so long that a lost packet was probably sent again.
    pub suspected_retransmits: u32,
    /// Median time to open a new connection, milliseconds.
    pub cold_connect_ms: Option<f64>,
    /// Upload speed in bit/s: a lower bound, or an upper one where not even a small upload ended in time.
    pub upload_bps: Option<f64>,
    /// Estimated time to send the photo, seconds.
    pub photo_s: Option<f64>,
    /// The upload was tried and the network broke it.
    pub upload_failed: bool,
}

impl Figures {
    /// Figures of tries, oldest first; nothing about the upload yet.
    pub fn of(samples: &[Sample]) -> Self {
        let times: Vec<f64> = samples.iter().filter_map(|sample| sample.ms).collect();
        let mut sorted = times.clone();
        sorted.sort_by(f64::total_cmp);
        let median = median(&sorted);
        let slow = median + median.max(200.0);
        Self {
            tries: count(samples.len()),
            failed: count(samples.len() - times.len()),
            median_ms: median,
            p95_ms: percentile(&sorted, 0.95),
            jitter_ms: jitter(&times),
            suspected_retransmits: count(times.iter().filter(|time| **time > slow).count()),
            cold_connect_ms: None,
            upload_bps: None,
            photo_s: None,
            upload_failed: false,
        }
    }

    /// Share of failed tries, 0 to 1; 0 without tries.
    pub fn failed_share(&self) -> f64 {
        if self.tries == 0 { 0.0 } else { f64::from(self.failed) / f64::from(self.tries) }
    }

    /// Sets the upload speed and what it means for a photo of so many bytes.
    pub fn set_upload(&mut self, bps: f64, photo_bytes: u64) {
        self.upload_bps = Some(bps);
        self.photo_s = Some(photo_bytes as f64 * 8.0 / bps.max(1.0));
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Median of sorted numbers; 0 of none.
pub(crate) fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    match sorted {
        [] => 0.0,
        _ if sorted.len() % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// Percentile of sorted numbers by nearest rank; 0 of none.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    // The rank lies between 1 and the length, so neither sign nor size is lost.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and the length")]
    let rank = (sorted.len() as f64 * share).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied().unwrap_or(0.0)
}

fn jitter(times: &[f64]) -> f64 {
    let pairs = times.len().saturating_sub(1);
    if pairs == 0 {
        return 0.0;
    }
    times.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum::<f64>() / pairs as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(times: &[f64]) -> Vec<Sample> {
        times.iter().map(|ms| if *ms < 0.0 { Sample::FAILED } else { Sample::took(*ms) }).collect()
    }

    #[test]
    fn figures_of_tables() {
        // Times (negative: failed) -> tries, failed, median, p95, jitter, suspected.
        type Row = (&'static [f64], u32, u32, f64, f64, f64, u32);
        let rows: &[Row] = &[
            (&[], 0, 0, 0.0, 0.0, 0.0, 0),
            (&[-1.0, -1.0], 2, 2, 0.0, 0.0, 0.0, 0),
            (&[120.0], 1, 0, 120.0, 120.0, 0.0, 0),
            (&[100.0, 200.0], 2, 0, 150.0, 200.0, 100.0, 0),
            (&[30.0, 10.0, 20.0], 3, 0, 20.0, 30.0, 15.0, 0),
            (&[100.0, -1.0, 100.0, 160.0], 4, 1, 100.0, 160.0, 30.0, 0),
            // 200 ms above a short median is suspicious; above a long one it takes twice the median.
            (&[50.0, 50.0, 50.0, 251.0], 4, 0, 50.0, 251.0, 67.0, 1),
            (&[50.0, 50.0, 50.0, 250.0], 4, 0, 50.0, 250.0, 200.0 / 3.0, 0),
            (&[600.0, 600.0, 600.0, 1_150.0], 4, 0, 600.0, 1_150.0, 550.0 / 3.0, 0),
            (&[600.0, 600.0, 600.0, 1_250.0], 4, 0, 600.0, 1_250.0, 650.0 / 3.0, 1),
        ];
        for (times, tries, failed, median, p95, jitter, suspected) in rows {
            let figures = Figures::of(&samples(times));
            assert_eq!((figures.tries, figures.failed), (*tries, *failed), "{times:?}");
            assert_eq!((figures.median_ms, figures.p95_ms, figures.jitter_ms), (*median, *p95, *jitter), "{times:?}");
            assert_eq!(figures.suspected_retransmits, *suspected, "{times:?}");
        }
    }

    #[test]
    fn the_95th_percentile_of_thirty_is_the_second_slowest() {
        let thirty: Vec<f64> = (1..=30).map(f64::from).collect();
        assert_eq!(Figures::of(&samples(&thirty)).p95_ms, 29.0);
        let twenty: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(Figures::of(&samples(&twenty)).p95_ms, 19.0);
    }

    #[test]
    fn share_and_photo_time() {
        let mut figures = Figures::of(&samples(&[10.0, -1.0, 10.0, 10.0]));
        assert_eq!(figures.failed_share(), 0.25);
        assert_eq!(Figures::of(&[]).failed_share(), 0.0);
        // 1.5 MB needs 12 s at 1 Mbit/s and 48 s at a quarter of it (sync.md §5.2).
        figures.set_upload(1_000_000.0, 1_500_000);
        assert_eq!(figures.photo_s, Some(12.0));
        figures.set_upload(250_000.0, 1_500_000);
        assert_eq!(figures.photo_s, Some(48.0));
    }
}
