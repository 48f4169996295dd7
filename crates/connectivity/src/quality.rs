//! How steady is the line: tries on one warm connection, and a few new connections.

use std::net::SocketAddr;
use std::time::Duration;

use prakerja_protocol::probe::{Load, ProbeBudget};
use tokio::time::{Instant, sleep};

use crate::api::Answer;
use crate::diagnose::Line;
use crate::reach;
use crate::statistics::{Sample, median};
use crate::target::{Options, Target};

/// What the quality stage came to.
pub(crate) enum Quality {
    /// These tries.
    Tries(Vec<Sample>, Option<f64>),
    /// Central became busy meanwhile and is left alone.
    Busy,
}

/// Bounds that hold whatever central says: a defect there must not keep this computer busy.
pub(crate) fn sane(budget: ProbeBudget) -> ProbeBudget {
    ProbeBudget {
        count: budget.count.clamp(1, 100),
        interval_ms: budget.interval_ms.min(5_000),
        total_ms: budget.total_ms.clamp(1_000, 60_000),
        timeout_ms: budget.timeout_ms.clamp(100, 10_000),
        watch_ms: budget.watch_ms.min(300_000),
    }
}

/// Sends tries until the budget is used up, telling each.
pub(crate) async fn measure(
    line: &Line,
    target: &Target,
    options: &Options,
    on: &mut (dyn FnMut(Sample) + Send),
) -> Quality {
    let budget = sane(line.probe.probe_budget);
    let limit = Duration::from_millis(budget.timeout_ms.into());
    let deadline = Instant::now() + Duration::from_millis(budget.total_ms.into());
    let mut samples = Vec::new();
    for number in 0..budget.count {
        if number > 0 {
            sleep(gap(budget.interval_ms)).await;
        }
        if Instant::now() >= deadline {
            break;
        }
        let (sample, busy) = one_try(line, limit).await;
        samples.push(sample);
        on(sample);
        if busy {
            return Quality::Busy;
        }
        if sample.ms.is_none() && number + 1 < budget.count {
            line.api.warm_up(deadline.saturating_duration_since(Instant::now())).await;
        }
    }
    let count = budget.count.div_ceil(10).min(3);
    let mut times = Vec::new();
    for _ in 0..count {
        if Instant::now() >= deadline {
            break;
        }
        times.extend(new_connection(line, target, options).await);
    }
    times.sort_by(f64::total_cmp);
    Quality::Tries(samples, (!times.is_empty()).then(|| median(&times)))
}

/// One try: how long it took, and whether central asked to be left alone.
pub(crate) async fn one_try(line: &Line, limit: Duration) -> (Sample, bool) {
    match line.api.probe(limit).await {
        (Answer::Probe(probe), time) => (Sample::took(time.as_secs_f64() * 1_000.0), probe.load == Load::Full),
        (Answer::Busy, _) => (Sample::FAILED, true),
        _ => (Sample::FAILED, false),
    }
}

/// A gap of ± 50 %, so that many computers that begin together do not go on together.
fn gap(mean_ms: u32) -> Duration {
    Duration::from_millis(mean_ms.into()).mul_f64(0.5 + rand::random::<f64>())
}

/// Time to open a new connection, milliseconds; nothing through a proxy or when it fails (the tries tell failures).
async fn new_connection(line: &Line, target: &Target, options: &Options) -> Option<f64> {
    let addresses: &[SocketAddr] = &line.addresses;
    if addresses.is_empty() {
        return None;
    }
    let begun = Instant::now();
    let (stream, _) = reach::connect(addresses, options.limits.stagger, options.limits.reach).await.ok()?;
    if let Some(tls) = &line.tls {
        tls.handshake(target.host(), stream, options.limits.secure).await.ok()?;
    }
    Some(begun.elapsed().as_secs_f64() * 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wild_budget_is_tamed() {
        let wild =
            ProbeBudget { count: 0, interval_ms: u32::MAX, total_ms: u32::MAX, timeout_ms: 0, watch_ms: u32::MAX };
        let tame = ProbeBudget { count: 1, interval_ms: 5_000, total_ms: 60_000, timeout_ms: 100, watch_ms: 300_000 };
        assert_eq!(sane(wild), tame);
        assert_eq!(sane(ProbeBudget::default()), ProbeBudget::default());
    }

    #[test]
    fn gaps_stay_within_half_and_one_and_a_half() {
        for _ in 0..1_000 {
            let gap = gap(200);
            assert!((Duration::from_millis(100)..=Duration::from_millis(300)).contains(&gap), "{gap:?}");
        }
    }
}
