//! The one place that reads time.

use std::sync::Arc;
use std::time::Duration;

use connect_clock::{Clock, Monotonic};
use futures::future::BoxFuture;
use jiff::Timestamp;

/// Wall time for people, and a monotonic count of microseconds for judging overlap.
pub(crate) struct Time {
    clock: Arc<dyn Clock>,
    start: Monotonic,
}

impl Time {
    pub(crate) fn start(clock: Arc<dyn Clock>) -> Self {
        Self { start: clock.monotonic(), clock }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Microseconds since the start; never goes back.
    pub(crate) fn micros(&self) -> u64 {
        u64::try_from(self.clock.since(self.start).as_micros()).unwrap_or(u64::MAX)
    }

    pub(crate) fn sleep(&self, by: Duration) -> BoxFuture<'static, ()> {
        self.clock.sleep(by)
    }
}
