//! Waits between attempts.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Exponential backoff with jitter: the `n`-th failure in a row waits between half and all of
/// `base * 2^(n-1)`, never more than `cap`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The longest wait after the first failure.
    pub base: Duration,
    /// The longest wait of all.
    pub cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { base: Duration::from_secs(1), cap: Duration::from_secs(300) }
    }
}

impl Backoff {
    /// The wait after `failures` failures in a row; `chance` is a random number from 0 to 1.
    #[must_use]
    pub fn delay(&self, failures: u32, chance: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(30);
        let longest = self.base.saturating_mul(1 << doublings).min(self.cap);
        longest.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
    }
}

/// A backoff whose chance is drawn.
pub(crate) struct JitteredBackoff {
    backoff: Backoff,
    random: Mutex<fastrand::Rng>,
}

impl JitteredBackoff {
    /// The same waits in every life with the same seed; others in each without one.
    pub(crate) fn new(backoff: Backoff, seed: Option<u64>) -> Self {
        let random = seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        Self { backoff, random: Mutex::new(random) }
    }

    /// The wait after so many failures in a row.
    pub(crate) fn delay(&self, failures: u32) -> Duration {
        let chance = self.random.lock().unwrap_or_else(PoisonError::into_inner).f64();
        self.backoff.delay(failures, chance)
    }
}
