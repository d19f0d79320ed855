//! Since when something is so that may be older than this process.

use std::time::Duration;

use connect_clock::Monotonic;

/// The moment since which something is so. Monotonic time alone cannot say it of what was so before
/// its process began, and a date of the wall would move when the wall is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Since {
    seen: Monotonic,
    before: Duration,
}

impl Since {
    /// It was so for this long when it was seen.
    pub(crate) fn ago(before: Duration, seen: Monotonic) -> Self {
        Self { seen, before }
    }

    /// Returns for how long it is so.
    pub(crate) fn lasting(self, now: Monotonic) -> Duration {
        self.before.saturating_add(now - self.seen)
    }
}

impl From<Monotonic> for Since {
    fn from(moment: Monotonic) -> Self {
        Self::ago(Duration::ZERO, moment)
    }
}
