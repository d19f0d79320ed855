//! The places of runs at work, and those of slow ones.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use connect_clock::Clock;
use connect_journal::Lane;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, SemaphorePermit};

/// The limit to the runs at work, and to those beside them that wait for a slow answer.
///
/// A run has a place while its handler works and its outcome is told. A handler that has not
/// come to an end after a while is waiting for somebody who hangs: it moves to one of the slow
/// places and lets the next run have its own, so that tenants that hang do not take every place
/// from those that do not. The next attempt of its lane begins there at once, if there is room: who has
/// hung as a rule hangs again.
pub(crate) struct Places {
    quick: Semaphore,
    slow: Semaphore,
    slow_after: Duration,
    /// The lanes whose last attempt was slow.
    hung: Mutex<HashSet<Lane>>,
    clock: Arc<dyn Clock>,
}

/// The most lanes that are known to be slow.
const MOST_HUNG: usize = 10_000;

impl Places {
    pub(crate) fn new(
        quick: usize,
        slow: usize,
        slow_after: Duration,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (quick, slow) = (Semaphore::new(quick), Semaphore::new(slow));
        Self { quick, slow, slow_after, hung: Mutex::default(), clock }
    }

    /// Carries out `work` in a place, and returns it with what came of it. `claim` is the permit
    /// that let the run be claimed; a run in a slow place gives it back.
    pub(crate) async fn during<T>(
        &self,
        lane: &Lane,
        claim: &mut Option<OwnedSemaphorePermit>,
        work: impl Future<Output = T>,
    ) -> (T, Place<'_>) {
        let started = self.clock.monotonic();
        let (done, place) = self.place(lane, claim, work).await;
        let mut hung = self.hung.lock().unwrap_or_else(PoisonError::into_inner);
        if self.clock.since(started) < self.slow_after {
            hung.remove(lane);
        } else if place.is_slow && hung.len() < MOST_HUNG {
            hung.insert(lane.clone());
        }
        drop(hung);
        (done, place)
    }

    async fn place<T>(
        &self,
        lane: &Lane,
        claim: &mut Option<OwnedSemaphorePermit>,
        work: impl Future<Output = T>,
    ) -> (T, Place<'_>) {
        let mut work = pin!(work);
        if self.has_hung(lane)
            && let Ok(slow) = self.slow.try_acquire()
        {
            drop(claim.take());
            return (work.await, Place { _permit: Ok(slow), is_slow: true });
        }
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

    fn has_hung(&self, lane: &Lane) -> bool {
        self.hung.lock().unwrap_or_else(PoisonError::into_inner).contains(lane)
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
