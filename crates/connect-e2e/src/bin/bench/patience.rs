//! Waiting for another program.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// What has not come by then never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// Looks every millisecond until there is something, and fails with `why` when there never is.
pub(crate) async fn until<T>(why: &str, mut look: impl AsyncFnMut() -> Option<T>) -> Result<T> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if let Some(found) = look().await {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    bail!("{why}")
}
