//! A budget of calls per second.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Clock;
use crate::monotonic::Monotonic;

/// Lets so many things happen per second, and as many at once after a pause. Whoever comes too early
/// waits, in the order in which they came. Clones share the budget.
///
/// ```
/// use std::num::NonZeroU32;
/// use std::sync::Arc;
/// use std::time::Duration;
/// use connect_clock::{Budget, VirtualClock};
/// use futures::FutureExt;
///
/// let clock = VirtualClock::new("2026-03-01T12:00:00Z".parse()?);
/// let budget = Budget::new(NonZeroU32::new(2).unwrap(), Arc::new(clock.clone()));
/// assert!(budget.turn().now_or_never().is_some() && budget.turn().now_or_never().is_some());
///
/// let mut third = Box::pin(budget.turn());
/// assert!((&mut third).now_or_never().is_none());
/// clock.advance(Duration::from_millis(500));
/// assert!(third.now_or_never().is_some());
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Budget {
    rate: NonZeroU32,
    /// When all that was let happen until now would have happened, one after the other.
    spent: Arc<Mutex<Monotonic>>,
    clock: Arc<dyn Clock>,
}

impl Budget {
    /// A budget of `rate` per second.
    #[must_use]
    pub fn new(rate: NonZeroU32, clock: Arc<dyn Clock>) -> Self {
        Self { rate, spent: Arc::default(), clock }
    }

    /// The number of things that may happen per second.
    #[must_use]
    pub fn rate(&self) -> NonZeroU32 {
        self.rate
    }

    /// Waits for a turn. Whoever does not wait to the end has spent it all the same.
    pub async fn turn(&self) {
        let wait = self.spend();
        if !wait.is_zero() {
            self.clock.sleep(wait).await;
        }
    }

    /// Returns how long the next one would wait.
    #[must_use]
    pub fn backlog(&self) -> Duration {
        let spent = *self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        self.wait(spent, self.clock.monotonic())
    }

    fn spend(&self) -> Duration {
        let now = self.clock.monotonic();
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = self.wait(*spent, now);
        *spent = (*spent).max(now) + self.each();
        wait
    }

    fn each(&self) -> Duration {
        Duration::from_secs(1) / self.rate.get()
    }

    /// A second's worth may happen at once.
    fn wait(&self, spent: Monotonic, now: Monotonic) -> Duration {
        let at_once = self.each() * (self.rate.get() - 1);
        (spent - now).saturating_sub(at_once)
    }
}
