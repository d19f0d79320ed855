//! The limits of a vendor's code: it may take only so long, and a panic ends nothing else.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use connect_clock::Clock;
use futures::FutureExt;

use crate::failure::Failure;
use crate::outage::Outage;

/// Runs a vendor's code, and returns what it came to.
pub(crate) async fn within_limits<T, W>(
    clock: &dyn Clock,
    limit: Duration,
    who: &'static str,
    work: impl FnOnce() -> W,
) -> Result<T, Failure>
where
    W: Future<Output = Result<T, Failure>>,
{
    let working = AssertUnwindSafe(async move { work().await }).catch_unwind();
    match clock.limit(limit, working).await {
        Ok(Ok(done)) => done,
        Ok(Err(_)) => {
            Err(Failure::retry(format!("{who} panicked; see the process's error output")))
        }
        // Whoever waits for so long waits for a vendor that hangs.
        Err(_) => Err(Outage::new(format!("{who} took longer than {limit:?}")).into()),
    }
}
