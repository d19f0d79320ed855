//! The places of runs at work, and those of slow ones.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use connect_clock::Clock;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// The limit to the runs at work, and to those beside them that wait for a slow answer.
///
/// A run has a place while its handler works and its outcome is told. A handler that has not
/// come to an end after a while is waiting for somebody who hangs: it moves to one of the slow
/// places and lets the next run have its own, so that tenants that hang do not take every place
/// from those that do not.
pub(crate) struct Places {
    quick: Semaphore,
    slow: Semaphore,
    slow_after: Duration,
    clock: Arc<dyn Clock>,
}

impl Places {
    pub(crate) fn new(
        quick: usize,
        slow: usize,
        slow_after: Duration,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { quick: Semaphore::new(quick), slow: Semaphore::new(slow), slow_after, clock }
    }

    /// Carries out `work` in a place, and returns it with what came of it. `claim` is the permit
    /// that let the run be claimed; a run in a slow place gives it back.
    pub(crate) async fn during<T>(
        &self,
        claim: &mut Option<OwnedSemaphorePermit>,
        work: impl Future<Output = T>,
    ) -> (T, Place<'_>) {
        let mut work = pin!(work);
        let place = self.quick.acquire().await;
        tokio::select! {
            biased;
            done = &mut work => return (done, Place { _permit: place, is_slow: false }),
            () = self.clock.sleep(self.slow_after) => {}
        }
        let slow = tokio::select! {
            biased;
            done = &mut work => return (done, Place { _permit: place, is_slow: false }),
            slow = self.slow.acquire() => slow,
        };
        drop((place, claim.take()));
        (work.await, Place { _permit: slow, is_slow: true })
    }

    /// A quick place in exchange for any.
    pub(crate) async fn quick<'a>(&'a self, place: Place<'a>) -> Place<'a> {
        if !place.is_slow {
            return place;
        }
        drop(place);
        Place { _permit: self.quick.acquire().await, is_slow: false }
    }
}

/// A place, until it is dropped. Neither semaphore is ever closed, so there is always a permit in
/// the end.
pub(crate) struct Place<'a> {
    _permit: Result<SemaphorePermit<'a>, AcquireError>,
    is_slow: bool,
}
