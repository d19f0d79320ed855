//! A clock that begins in the past and catches up.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use connect_clock::{Clock, Monotonic, SystemClock};
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

/// The minutes by which the world is behind the present. Pages count on from their times, so the
/// story has to end in the present.
#[derive(Clone, Debug, Default)]
pub(super) struct Calendar(Arc<AtomicI64>);

impl Calendar {
    pub(super) fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.clone())
    }

    /// Makes it this many minutes ago.
    pub(super) fn minutes_ago(&self, minutes: i64) {
        self.0.store(minutes, Ordering::SeqCst);
    }
}

impl Clock for Calendar {
    fn now(&self) -> Timestamp {
        let behind = SignedDuration::from_mins(self.0.load(Ordering::SeqCst));
        let now = Timestamp::now();
        now.checked_sub(behind).unwrap_or(now)
    }

    fn monotonic(&self) -> Monotonic {
        SystemClock.monotonic()
    }

    fn until(&self, moment: Monotonic) -> BoxFuture<'static, ()> {
        SystemClock.until(moment)
    }
}
