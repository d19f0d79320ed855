//! Moments that only their clock can compare with now.

use std::ops::{Add, AddAssign, Sub};
use std::time::Duration;

/// A moment of a clock's monotonic time, counted from the clock's own beginning.
///
/// Moments of one clock can be compared and subtracted; those of two clocks mean nothing to each
/// other. Nothing overflows: what is too late is the last moment there is, and the time from a
/// later moment to an earlier one is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Monotonic(Duration);

impl Monotonic {
    /// The last moment there is. It never comes.
    pub const MAX: Self = Self(Duration::MAX);

    /// Returns the moment this long after the clock's beginning.
    #[must_use]
    pub const fn after_start(by: Duration) -> Self {
        Self(by)
    }

    /// Returns the time from the clock's beginning to the moment.
    #[must_use]
    pub const fn since_start(self) -> Duration {
        self.0
    }
}

impl Add<Duration> for Monotonic {
    type Output = Self;

    fn add(self, by: Duration) -> Self {
        Self(self.0.saturating_add(by))
    }
}

impl AddAssign<Duration> for Monotonic {
    fn add_assign(&mut self, by: Duration) {
        *self = *self + by;
    }
}

impl Sub for Monotonic {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_late_is_the_last_moment() {
        let start = Monotonic::after_start(Duration::from_secs(5));
        assert_eq!(start + Duration::MAX, Monotonic::MAX);
        assert_eq!(start - Monotonic::MAX, Duration::ZERO);
        assert_eq!((start + Duration::from_secs(2)) - start, Duration::from_secs(2));
    }
}
