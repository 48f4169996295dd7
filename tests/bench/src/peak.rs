//! The most memory that this process ever had.

use crate::figures::Outcome;

/// `VmHWM` of this process in MiB (Linux).
pub fn mib() -> Outcome<f64> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("the peak of memory is not known")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().map_err(|_| format!("no number: {line}"))?;
    Ok(kib / 1_024.0)
}
