//! The computer's own two clocks: the one that tells the date, which anybody can set, and one that only goes forward. The
//! second counts the time asleep, too, and is the same for every program from one start of the computer to the next: two
//! readings under one [`Steady::boot`] tell the time between them, whatever happened to the date meanwhile.
//!
//! | System | Which start this is | Clock |
//! |---|---|---|
//! | Linux | `/proc/sys/kernel/random/boot_id` | `CLOCK_BOOTTIME` |
//! | macOS | `kern.bootsessionuuid` | `CLOCK_MONOTONIC`, which goes on in sleep there |
//! | Windows | the counter `BootId` in the registry | `GetTickCount64`, which counts sleep and hibernation |
//! | others, or when that cannot be read | a random id of this run | the clock of this run |

use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use uuid::Uuid;

/// A reading of the clock that only goes forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steady {
    /// Which start of the computer it counts from. Never leaves this computer.
    pub boot: Uuid,
    /// Milliseconds since some moment, the same one for all readings with this `boot`.
    pub ms: i64,
}

/// A computer's own clocks.
pub trait Clock: Send + Sync + 'static {
    /// The date and time that this computer believes in, Unix milliseconds. It may be wrong.
    fn now_ms(&self) -> i64;

    /// The clock that nobody can set.
    fn steady(&self) -> Steady;
}

/// The clocks of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        wall_ms()
    }

    fn steady(&self) -> Steady {
        static BOOT: OnceLock<Uuid> = OnceLock::new();
        Steady { boot: *BOOT.get_or_init(|| platform::boot().unwrap_or_else(Uuid::new_v4)), ms: platform::ms() }
    }
}

/// This computer's date and time, Unix milliseconds; 0 for dates before 1970.
pub(crate) fn wall_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// This computer's date and time after a wait.
pub(crate) fn later_ms(wait: Duration) -> i64 {
    wall_ms().saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
mod platform {
    use rustix::time::{ClockId, clock_gettime};
    use uuid::Uuid;

    #[cfg(target_os = "linux")]
    const COUNTS_SLEEP: ClockId = ClockId::Boottime;
    #[cfg(target_os = "macos")]
    const COUNTS_SLEEP: ClockId = ClockId::Monotonic;

    #[cfg(target_os = "linux")]
    pub(super) fn boot() -> Option<Uuid> {
        Uuid::parse_str(std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim()).ok()
    }

    #[cfg(target_os = "macos")]
    pub(super) fn boot() -> Option<Uuid> {
        use sysctl::Sysctl as _;
        let told = sysctl::Ctl::new("kern.bootsessionuuid").and_then(|it| it.value_string()).ok()?;
        Uuid::parse_str(told.trim()).ok()
    }

    pub(super) fn ms() -> i64 {
        let now = clock_gettime(COUNTS_SLEEP);
        now.tv_sec.saturating_mul(1_000).saturating_add(now.tv_nsec / 1_000_000)
    }
}

#[cfg(windows)]
mod platform {
    use uuid::Uuid;
    use windows_sys::Win32::System::SystemInformation::GetTickCount64;

    /// Where the system counts its starts.
    const COUNTER: &str = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters";

    pub(super) fn boot() -> Option<Uuid> {
        let count = windows_registry::LOCAL_MACHINE.open(COUNTER).and_then(|key| key.get_u32("BootId")).ok()?;
        Some(Uuid::from_u128(u128::from(count)))
    }

    pub(super) fn ms() -> i64 {
        #[expect(unsafe_code, reason = "the only clock of this system that counts sleep and goes on between programs")]
        // SAFETY: takes nothing, touches no memory of ours and cannot fail.
        let ms = unsafe { GetTickCount64() };
        i64::try_from(ms).unwrap_or(i64::MAX)
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
mod platform {
    use std::sync::OnceLock;
    use std::time::Instant;

    use uuid::Uuid;

    pub(super) fn boot() -> Option<Uuid> {
        None
    }

    pub(super) fn ms() -> i64 {
        static BEGAN: OnceLock<Instant> = OnceLock::new();
        i64::try_from(BEGAN.get_or_init(Instant::now).elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_of_a_boot_goes_on_from_program_to_program() {
        let (first, later) = (SystemClock.steady(), SystemClock.steady());
        assert_eq!(first.boot, later.boot);
        assert!(later.ms >= first.ms);
        #[cfg(target_os = "linux")]
        {
            let told = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
            assert_eq!(first.boot.to_string(), told.trim(), "any program of this boot reads the same");
            let up = std::fs::read_to_string("/proc/uptime").unwrap();
            let up: f64 = up.split(' ').next().unwrap().parse().unwrap();
            #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 milliseconds")]
            let apart = (up * 1_000.0 - SystemClock.steady().ms as f64).abs();
            assert!(apart < 5_000.0, "and counts from the same moment: {apart} ms");
        }
    }
}
