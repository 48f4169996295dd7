//! What time it is here, as well as it is known.

use prakerja_store::{Anchor, Store};

/// The best time known here: this computer's clock, put right by what central told when it was last heard.
pub(crate) async fn best_now(store: &Store, heard: Option<i64>, device_ms: i64) -> i64 {
    match heard {
        Some(server_ms) => server_ms,
        None => store.anchor().await.ok().flatten().map_or(device_ms, |anchor| put_right(&anchor, device_ms)),
    }
}

/// Adds the difference that the two clocks had. A clock that was set since makes this wrong by as much as that: it is good
/// enough to show, and nothing that cannot be taken back may rest on it.
fn put_right(anchor: &Anchor, device_ms: i64) -> i64 {
    device_ms.saturating_add(anchor.server_ms.saturating_sub(anchor.device_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_years_behind_is_put_right() {
        let (boot, steady_ms) = (uuid::Uuid::nil(), 0);
        let anchor = Anchor { server_ms: 1_795_000_000_000, device_ms: 1_500_000_000_000, rtt_ms: 50, boot, steady_ms };
        assert_eq!(put_right(&anchor, 1_500_000_060_000), 1_795_000_060_000);
    }
}
