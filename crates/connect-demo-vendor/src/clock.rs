//! The one place that reads time.

use std::time::Instant;

use jiff::Timestamp;

/// Wall time for people, and a monotonic count of microseconds for judging overlap.
pub(crate) struct Clock {
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { started: Instant::now() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// Microseconds since the vendor started; never goes back.
    pub(crate) fn micros(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}
