//! The clock of the machine.

use std::sync::OnceLock;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::monotonic::Monotonic;

/// The clock of the machine. It waits on the timer of tokio, so waiting needs its runtime.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn monotonic(&self) -> Monotonic {
        Monotonic::after_start(beginning().elapsed())
    }

    fn until(&self, moment: Monotonic) -> BoxFuture<'static, ()> {
        // Moments beyond the machine's own are waited for as the farthest of them.
        const CENTURY: Duration = Duration::from_secs(100 * 366 * 24 * 60 * 60);
        let moment = beginning() + moment.since_start().min(CENTURY);
        tokio::time::sleep_until(moment).boxed()
    }
}

/// Returns the beginning of all copies of the clock: the moment the first of them was asked.
fn beginning() -> Instant {
    static BEGINNING: OnceLock<Instant> = OnceLock::new();
    *BEGINNING.get_or_init(Instant::now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn a_moment_is_waited_for_and_the_past_is_not() {
        let clock = SystemClock;
        let then = clock.monotonic();
        clock.until(then).await;
        clock.until(then + Duration::from_millis(5)).await;
        assert!(clock.monotonic() - then >= Duration::from_millis(5));
        assert!(clock.until(Monotonic::MAX).now_or_never().is_none());
    }
}
