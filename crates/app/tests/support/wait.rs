//! Waiting for something to become true, with an end.

use std::time::Duration;

/// Longest time that a test waits for anything.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Asks again and again until the answer is there.
///
/// # Panics
/// Says what was awaited when it does not come in time.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let waiting = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    match tokio::time::timeout(DEADLINE, waiting).await {
        Ok(answer) => answer,
        Err(_) => panic!("waited in vain: {what}"),
    }
}
