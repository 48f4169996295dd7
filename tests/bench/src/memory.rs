//! Proportional set size (PSS) of a program and all processes below it: shared pages count by their share.

use std::collections::BTreeMap;

use crate::figures::Outcome;

/// PSS of the process tree in MiB (Linux).
pub fn pss_mib(root: u32) -> Outcome<f64> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in std::fs::read_dir("/proc").map_err(|error| error.to_string())?.flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // The name is in brackets and may hold spaces; state and parent follow it.
        let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok());
        if let Some(parent) = parent {
            children.entry(parent).or_default().push(process);
        }
    }
    let mut open = vec![root];
    let mut kib = 0_u64;
    let mut processes = 0;
    while let Some(process) = open.pop() {
        open.extend(children.get(&process).into_iter().flatten());
        let rollup = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
        let line = rollup.lines().find(|line| line.starts_with("Pss:"));
        if let Some(value) = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()) {
            kib += value;
            processes += 1;
        }
    }
    if processes < 2 {
        return Err("the window's processes cannot be read".into());
    }
    #[expect(clippy::cast_precision_loss, reason = "memory in KiB is far below 2^52")]
    Ok(kib as f64 / 1_024.0)
}
