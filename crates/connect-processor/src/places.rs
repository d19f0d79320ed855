//! The places of runs at work, and those of slow ones.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use connect_clock::{Clock, Monotonic};
use connect_journal::Lane;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::pace::Pace;

/// The limit to the runs at work, and to those beside them that wait for a slow answer.
///
/// A run has a place while its handler works and its outcome is told. A handler that has not
/// come to an end after a while, or takes far longer than the others while its place is wanted, is waiting
/// for somebody who hangs: it moves to one of the slow places and lets the next run have its own, so that
/// tenants that hang do not take every place from those that do not. The next attempt of its lane begins
/// there at once, if there is room: who has hung as a rule hangs again.
pub(crate) struct Places {
    quick: Semaphore,
    slow: Semaphore,
    slow_after: Duration,
    pace: Pace,
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
        let pace = Pace::new(slow_after);
        Self { quick, slow, slow_after, pace, hung: Mutex::default(), clock }
    }

    /// Carries out `work` in a place, and returns it with what came of it. `claim` is the permit
    /// that let the run be claimed; a run in a slow place gives it back.
    pub(crate) async fn during<T>(
        &self,
        lane: &Lane,
        claim: &mut Option<OwnedSemaphorePermit>,
        work: impl Future<Output = T>,
    ) -> (T, Place<'_>) {
        let (done, worked, place) = self.place(lane, claim, work).await;
        self.pace.note(worked);
        let mut hung = self.hung.lock().unwrap_or_else(PoisonError::into_inner);
        if worked < self.slow_after {
            hung.remove(lane);
        } else if place.is_slow && hung.len() < MOST_HUNG {
            hung.insert(lane.clone());
        }
        drop(hung);
        (done, place)
    }

    /// Returns also how long the work took.
    async fn place<T>(
        &self,
        lane: &Lane,
        claim: &mut Option<OwnedSemaphorePermit>,
        work: impl Future<Output = T>,
    ) -> (T, Duration, Place<'_>) {
        let mut work = pin!(work);
        if self.has_hung(lane)
            && let Ok(slow) = self.slow.try_acquire()
        {
            drop(claim.take());
            let began = self.clock.monotonic();
            let done = work.await;
            return (done, self.clock.since(began), Place { _permit: Ok(slow), is_slow: true });
        }
        let quick = self.quick.acquire().await;
        let began = self.clock.monotonic();
        let slow = tokio::select! {
            biased;
            done = &mut work => {
                return (done, self.clock.since(began), Place { _permit: quick, is_slow: false });
            }
            slow = self.slow_place(began) => slow,
        };
        drop((quick, claim.take()));
        let done = work.await;
        (done, self.clock.since(began), Place { _permit: slow, is_slow: true })
    }

    /// Waits until work that began then is slow, and for a slow place.
    async fn slow_place(&self, began: Monotonic) -> Permit<'_> {
        let is_wanted = || self.quick.available_permits() == 0;
        while let Some(left) = self.pace.left(self.clock.since(began), is_wanted()) {
            self.clock.sleep(left).await;
        }
        self.slow.acquire().await
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
    _permit: Permit<'a>,
    is_slow: bool,
}

type Permit<'a> = Result<SemaphorePermit<'a>, AcquireError>;
