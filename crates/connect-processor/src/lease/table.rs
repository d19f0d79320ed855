//! The leases of this process, and keeping them.

use std::collections::btree_map::{BTreeMap, Entry};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use connect_clock::{Clock, Monotonic};
use connect_journal::{Claim, Journal, RunId};
use tokio::sync::Notify;
use tracing::warn;

use super::Lease;
use crate::failure::chain;

/// A lease that is renewed.
pub(crate) struct LeaseGuard<'a> {
    table: &'a LeaseTable,
    lease: Arc<Lease>,
}

impl Drop for LeaseGuard<'_> {
    fn drop(&mut self) {
        let mut leases = self.table.lock();
        // A later claim of the same run may have taken the place of one that was lost.
        if let Entry::Occupied(place) = leases.of.entry(self.lease.claim.run.clone())
            && Arc::ptr_eq(place.get(), &self.lease)
        {
            place.remove();
        }
    }
}

/// All leases this process holds.
#[derive(Clone, Default)]
pub(crate) struct LeaseTable {
    leases: Arc<Mutex<Leases>>,
    /// The notice that a lease ends before all that were there.
    sooner: Arc<Notify>,
}

struct Leases {
    of: BTreeMap<RunId, Arc<Lease>>,
    /// The time at which the next of them ends that was there at the last look.
    next_end: Monotonic,
}

impl Default for Leases {
    fn default() -> Self {
        Self { of: BTreeMap::new(), next_end: Monotonic::MAX }
    }
}

impl LeaseTable {
    /// Keeps a lease until what it returns is dropped.
    pub(crate) fn keep(&self, lease: &Arc<Lease>) -> LeaseGuard<'_> {
        let mut leases = self.lock();
        if lease.deadline() < leases.next_end {
            self.sooner.notify_one();
        }
        leases.of.insert(lease.claim.run.clone(), Arc::clone(lease));
        drop(leases);
        LeaseGuard { table: self, lease: Arc::clone(lease) }
    }

    /// Returns how many runs are worked on that were begun before then.
    pub(crate) fn count_since_before(&self, then: Monotonic) -> usize {
        self.lock().of.values().filter(|lease| lease.since < then).count()
    }

    /// Ends all work under these leases: the journal is gone, and nothing can be recorded any more.
    pub(crate) fn lose_all(&self) {
        self.lock().of.values().for_each(|lease| lease.lost.cancel());
    }

    fn lock(&self) -> MutexGuard<'_, Leases> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Renews every lease at a third of its length, for ever.
    pub(crate) async fn renew_all(
        &self,
        journal: &dyn Journal,
        clock: &dyn Clock,
        length: Duration,
    ) {
        loop {
            let next = clock.monotonic() + length / 3;
            self.renew(journal, length).await;
            clock.until(next).await;
        }
    }

    /// Ends the work under every lease that runs out, for ever: one timer for all of them, where each
    /// call under a lease would need its own.
    pub(crate) async fn end_expired(&self, clock: &dyn Clock) {
        loop {
            let next = self.end_expired_by(clock.monotonic());
            tokio::select! {
                biased;
                () = self.sooner.notified() => {}
                () = clock.until(next) => {}
            }
        }
    }

    /// Returns when the next lease runs out.
    fn end_expired_by(&self, now: Monotonic) -> Monotonic {
        let mut leases = self.lock();
        let (over, next): (Vec<_>, Vec<_>) =
            leases.of.values().partition(|lease| lease.deadline() <= now);
        over.iter().for_each(|lease| lease.lost.cancel());
        leases.next_end = next.iter().map(|lease| lease.deadline()).min().unwrap_or(Monotonic::MAX);
        leases.next_end
    }

    async fn renew(&self, journal: &dyn Journal, length: Duration) {
        let leases: Vec<Arc<Lease>> = self.lock().of.values().cloned().collect();
        if leases.is_empty() {
            return;
        }
        let claims: Vec<&Claim> = leases.iter().map(|lease| &lease.claim).collect();
        match journal.renew(&claims, length).await {
            Ok(deadlines) => {
                for (lease, deadline) in leases.iter().zip(deadlines) {
                    match deadline {
                        Some(deadline) => lease.extend(deadline),
                        None => lease.lost.cancel(),
                    }
                }
            }
            Err(error) => {
                warn!(code = error.code(), error = chain(&error), "leases could not be renewed");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use connect_clock::VirtualClock;
    use connect_journal::{MemoryJournal, NewRun};

    use super::*;

    const LEASE: Duration = Duration::from_secs(60);

    async fn claimed(journal: &Arc<MemoryJournal>, clock: &VirtualClock) -> Arc<Lease> {
        let claims = journal.claim(&"worker".into(), NonZeroUsize::MIN, LEASE).await.unwrap();
        let claim = claims.into_iter().next().unwrap();
        Lease::new(claim, Arc::clone(journal) as Arc<dyn Journal>, Arc::new(clock.clone()))
    }

    #[tokio::test]
    async fn a_lease_is_renewed_no_longer_than_somebody_works_under_it() {
        let clock = VirtualClock::new(jiff::Timestamp::UNIX_EPOCH);
        let journal = Arc::new(MemoryJournal::new(clock.clone()));
        journal.offer(&[NewRun::new("run", "lane", "")]).await.unwrap();
        let leases = LeaseTable::default();

        let first = claimed(&journal, &clock).await;
        let lost = leases.keep(&first);
        clock.advance(LEASE * 2);
        let second = claimed(&journal, &clock).await;
        let kept = leases.keep(&second);
        drop(lost);
        assert!(
            leases.count_since_before(Monotonic::MAX) > 0,
            "the later claim of the run is still worked under"
        );

        let broken = std::panic::AssertUnwindSafe(async move {
            let _kept = kept;
            panic!("outside of any handler");
        });
        futures::FutureExt::catch_unwind(broken).await.unwrap_err();
        assert_eq!(leases.count_since_before(Monotonic::MAX), 0);
    }
}
