//! What time it is, as the journal sees it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Decides what is due and which lease has run out.
///
/// All journals opened on the same file must agree on the time to well within a lease. When the
/// clock is set back, leases last longer; when it is set forward, they end early, and a worker may
/// still be acting when its successor begins. What it writes then is refused.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that moves only when told to. Clones share the same time.
///
/// ```
/// use std::time::Duration;
/// use connect_journal::{Clock, ManualClock};
///
/// let clock = ManualClock::new("2026-03-01T12:00:00Z".parse().unwrap());
/// clock.advance(Duration::from_secs(90));
/// assert_eq!(clock.now().to_string(), "2026-03-01T12:01:30Z");
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<Mutex<Timestamp>>);

impl ManualClock {
    /// A clock that stands at `now`.
    pub fn new(now: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(now)))
    }

    /// Jumps to `now`, forwards or backwards.
    pub fn set(&self, now: Timestamp) {
        self.change(|time| *time = now);
    }

    /// Moves forwards; stops at the last moment a [`Timestamp`] can name.
    pub fn advance(&self, by: Duration) {
        self.change(|time| *time = later(*time, by));
    }

    fn change(&self, change: impl FnOnce(&mut Timestamp)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `by` after `time`, or the last moment there is.
pub(crate) fn later(time: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by)
        .ok()
        .and_then(|by| time.checked_add(by).ok())
        .unwrap_or(Timestamp::MAX)
}

/// `by` after the local `instant`; a time span too long to add counts as a century.
pub(crate) fn after(instant: Instant, by: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 366 * 24 * 60 * 60);
    instant.checked_add(by).unwrap_or_else(|| instant + CENTURY)
}
