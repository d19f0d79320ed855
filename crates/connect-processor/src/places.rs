//! The places of runs at work, and those of slow ones.

use std::collections::HashSet;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use connect_clock::{Clock, Monotonic};
use connect_journal::Lane;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::lease::Lease;
use crate::pace::Pace;
use crate::place::{Permit, Place, one_of};

/// The limit to the runs at work, and to those beside them that wait for a slow answer.
///
/// A run has a place while its handler works and its outcome is told, but not while it waits for the
/// journal: then others work. A handler that has not
/// come to an end after a while, or takes far longer than the others while its place is wanted, is waiting
/// for somebody who hangs: it moves to one of the slow places and lets the next run have its own, so that
/// tenants that hang do not take every place from those that do not. The next attempt of its lane begins
/// there at once, if there is room: who has hung as a rule hangs again.
pub(crate) struct Places {
    quick: Arc<Semaphore>,
    /// One for each run that has begun and is not slow. They are few more than the quick places, so that
    /// no run waits for long to go on.
    begun: Semaphore,
    slow: Arc<Semaphore>,
    slow_after: Duration,
    pace: Pace,
    /// The lanes whose last attempt was slow.
    hung: Mutex<HashSet<Lane>>,
    clock: Arc<dyn Clock>,
}

/// The most lanes that are known to be slow.
const MOST_HUNG: usize = 10_000;

/// The number of quick places for which one run more may have begun.
const PLACES_PER_SPARE: usize = 4;

impl Places {
    pub(crate) fn new(
        quick: usize,
        slow: usize,
        slow_after: Duration,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let begun = Semaphore::new(quick + quick / PLACES_PER_SPARE);
        let [quick, slow] = [quick, slow].map(|places| Arc::new(Semaphore::new(places)));
        let pace = Pace::new(slow_after);
        Self { quick, begun, slow, slow_after, pace, hung: Mutex::default(), clock }
    }

    /// Carries out `work` in a place of the run, and returns with what came of it what keeps the place.
    /// `claim` is the permit that let the run be claimed; a run in a slow place gives it back.
    pub(crate) async fn during<'a, T>(
        &'a self,
        lease: &'a Lease,
        claim: &mut Option<OwnedSemaphorePermit>,
        work: impl Future<Output = T>,
    ) -> (T, Seat<'a>) {
        let (done, worked, seat) = self.seated(lease, claim, work).await;
        self.pace.note(worked);
        let lane = &lease.claim.lane;
        let mut hung = self.hung.lock().unwrap_or_else(PoisonError::into_inner);
        if worked < self.slow_after {
            hung.remove(lane);
        } else if seat.is_slow() && hung.len() < MOST_HUNG {
            hung.insert(lane.clone());
        }
        drop(hung);
        (done, seat)
    }

    /// Returns also how long the work took.
    async fn seated<'a, T>(
        &'a self,
        lease: &'a Lease,
        claim: &mut Option<OwnedSemaphorePermit>,
        work: impl Future<Output = T>,
    ) -> (T, Duration, Seat<'a>) {
        let mut work = pin!(work);
        let mut seat = Seat { place: &lease.place, begun: None };
        if self.has_hung(&lease.claim.lane)
            && let Ok(slow) = Arc::clone(&self.slow).try_acquire_owned()
        {
            drop(claim.take());
            seat.become_slow(Some(slow));
            let began = self.clock.monotonic();
            let done = work.await;
            return (done, self.clock.since(began), seat);
        }
        self.make_quick(&mut seat).await;
        let began = self.clock.monotonic();
        let slow = tokio::select! {
            biased;
            done = &mut work => return (done, self.clock.since(began), seat),
            slow = self.slow_place(began) => slow,
        };
        drop(claim.take());
        seat.become_slow(slow);
        let done = work.await;
        (done, self.clock.since(began), seat)
    }

    /// Waits until work that began then is slow, and for a slow place.
    async fn slow_place(&self, began: Monotonic) -> Option<OwnedSemaphorePermit> {
        let is_wanted = || self.quick.available_permits() == 0;
        while let Some(left) = self.pace.left(self.clock.since(began), is_wanted()) {
            self.clock.sleep(left).await;
        }
        one_of(&self.slow).await
    }

    fn has_hung(&self, lane: &Lane) -> bool {
        self.hung.lock().unwrap_or_else(PoisonError::into_inner).contains(lane)
    }

    /// Waits for a quick place, where the run has none.
    pub(crate) async fn make_quick<'a>(&'a self, seat: &mut Seat<'a>) {
        if !seat.is_slow() {
            return;
        }
        seat.place.take(Permit::Nothing);
        seat.begun = self.begun.acquire().await.ok();
        seat.place.take(one_of(&self.quick).await.map_or(Permit::Nothing, Permit::Quick));
    }
}

/// Keeps the place of a run, until it is dropped.
pub(crate) struct Seat<'a> {
    place: &'a Place,
    /// Only beside a quick place.
    begun: Option<SemaphorePermit<'a>>,
}

impl Seat<'_> {
    fn is_slow(&self) -> bool {
        self.begun.is_none()
    }

    fn become_slow(&mut self, permit: Option<OwnedSemaphorePermit>) {
        self.begun = None;
        self.place.take(permit.map_or(Permit::Nothing, |_permit| Permit::Slow { _permit }));
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.place.take(Permit::Nothing);
    }
}
