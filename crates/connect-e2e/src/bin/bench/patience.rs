//! Waiting for another program.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// What has not come by then never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// Looks every millisecond until there is something, and fails with `why` when there never is.
pub(crate) async fn until<T>(why: &str, mut look: impl AsyncFnMut() -> Option<T>) -> Result<T> {
    within(PATIENCE, Duration::from_millis(1), why, async || Ok(look().await)).await
}

/// Looks again and again, with a rest in between, until there is something; fails with `why` when there
/// is nothing in time, and when a look fails.
pub(crate) async fn within<T>(
    patience: Duration,
    rest: Duration,
    why: &str,
    mut look: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let began = Instant::now();
    while began.elapsed() < patience {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        tokio::time::sleep(rest).await;
    }
    bail!("{why}")
}
