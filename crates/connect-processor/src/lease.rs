//! The leases of this process, and keeping them.

use std::collections::HashSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use connect_clock::{Clock, Monotonic};
use connect_journal::{Claim, Journal, JournalError, RunId, StepName};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::failure::{Failure, chain};
use crate::gate::VendorWatch;

/// The mark of a run that is worked on under a deadline, from its first attempt on. No handler can
/// take a step of such a name.
pub(crate) const UNDER_DEADLINE: &str = "@deadline";

/// The time a write waits before it is made again; twice as long each time, up to the longest.
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// A run this process holds: its claim, and until when.
pub(crate) struct Lease {
    pub(crate) claim: Claim,
    pub(crate) journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    deadline: watch::Sender<Monotonic>,
    lost: CancellationToken,
    since: Monotonic,
    /// The steps that this attempt has begun.
    taken: Mutex<HashSet<StepName>>,
    /// The time at which its request is overdue, while it is not.
    overdue_at: OnceLock<Timestamp>,
    /// Whose breaker hears of what the attempt meets, once that is known.
    pub(crate) vendor: OnceLock<VendorWatch>,
}

impl Lease {
    pub(crate) fn new(claim: Claim, journal: Arc<dyn Journal>, clock: Arc<dyn Clock>) -> Arc<Self> {
        let (deadline, since) = (watch::Sender::new(claim.deadline), clock.monotonic());
        let (lost, taken) = (CancellationToken::new(), Mutex::default());
        let (overdue_at, vendor) = (OnceLock::new(), OnceLock::new());
        Arc::new(Self { claim, journal, clock, deadline, lost, since, taken, overdue_at, vendor })
    }

    /// Has a vendor's breaker hear of what the attempt meets.
    pub(crate) fn watched_by(&self, vendor: VendorWatch) -> &VendorWatch {
        self.vendor.get_or_init(|| vendor)
    }

    /// Calls the vendor once its budget allows it, and tells its breaker of an answer.
    pub(crate) async fn call_vendor<T, E: Into<Failure>>(
        &self,
        call: impl Future<Output = Result<T, E>>,
    ) -> Result<Result<T, Failure>, Failure> {
        let vendor = self.vendor.get();
        if let Some(vendor) = vendor {
            self.guard(vendor.turn()).await?;
        }
        let called = self.guard(call).await?.map_err(Into::into);
        let is_answer = matches!(called, Ok(_) | Err(Failure::GiveUp { .. }));
        if let Some(vendor) = vendor.filter(|_| is_answer) {
            vendor.answered();
        }
        Ok(called)
    }

    /// Takes down that a handler has decided. One that took no step may have called the vendor all the
    /// same: otherwise its breaker would never hear that it is back.
    pub(crate) fn decided(&self) {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let acts = taken.iter().any(|step| !step.as_str().starts_with('@'));
        drop(taken);
        if let Some(vendor) = self.vendor.get().filter(|_| !acts) {
            vendor.answered();
        }
    }

    /// Returns what the wall's clock shows.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Returns whether nobody has taken the step before in this attempt.
    pub(crate) fn take(&self, step: &StepName) -> bool {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).insert(step.clone())
    }

    /// Has the run look again no later than when its request is overdue, and write down each step
    /// before it is taken.
    pub(crate) fn keep_deadline(&self, overdue_at: Timestamp) {
        let _ = self.overdue_at.set(overdue_at);
    }

    /// Whether each step is written down before it is taken. Once under a deadline, always: a later
    /// attempt that has none, because the settings or a reading have lost it, is judged by what is
    /// written down all the same.
    pub(crate) fn intends_steps(&self) -> bool {
        self.overdue_at.get().is_some() || self.has_mark(UNDER_DEADLINE)
    }

    /// Returns a due time, or when the request is overdue if that is sooner.
    pub(crate) fn in_time(&self, due: Timestamp) -> Timestamp {
        self.overdue_at.get().map_or(due, |overdue_at| due.min(*overdue_at))
    }

    /// Whether an earlier attempt made this mark.
    pub(crate) fn has_mark(&self, mark: &str) -> bool {
        self.claim.steps.iter().any(|record| record.step.as_str() == mark)
    }

    /// Makes a mark, which later attempts find.
    pub(crate) async fn mark(&self, mark: &str) -> Result<(), Failure> {
        let mark = StepName::from(mark);
        self.write(|| self.journal.intend(&self.claim, &mark)).await
    }

    /// Asks the journal whether it is still there: what is recorded in one that was taken away
    /// proves nothing. That the run is still this claim's, the lease says.
    pub(crate) async fn check(&self) -> Result<(), Failure> {
        self.guard(self.journal.check()).await?.map_err(Failure::Journal)
    }

    /// Returns whether this or an earlier attempt has begun a step.
    pub(crate) fn has_steps(&self) -> bool {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        !taken.is_empty() || !self.claim.steps.is_empty()
    }

    /// Writes to the journal, again while it cannot be reached, for as long as the lease holds:
    /// repeating a write is safe, and what it says has happened.
    pub(crate) async fn write<T, W>(&self, mut write: impl FnMut() -> W) -> Result<T, Failure>
    where
        W: Future<Output = Result<T, JournalError>>,
    {
        let mut wait = FIRST_WAIT;
        loop {
            match self.guard(write()).await? {
                Err(error @ JournalError::Unavailable { .. }) => {
                    warn!(run = %self.claim.run, code = error.code(), error = chain(&error), "not written yet");
                    self.guard(self.clock.sleep(wait)).await?;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
                written => return written.map_err(Failure::Journal),
            }
        }
    }

    /// Runs `work` for as long as the lease holds, and drops it when the lease is lost: whatever
    /// is on the wire then can not be recalled, but nothing more is begun.
    pub(crate) async fn guard<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        if self.lost.is_cancelled() || self.clock.monotonic() >= *self.deadline.borrow() {
            return Err(Failure::Journal(JournalError::Fenced));
        }
        tokio::select! {
            biased;
            () = self.expired() => Err(Failure::Journal(JournalError::Fenced)),
            done = work => Ok(done),
        }
    }

    /// Returns when the lease was lost or ran out without being renewed.
    async fn expired(&self) {
        let mut changes = self.deadline.subscribe();
        loop {
            let until = *changes.borrow_and_update();
            tokio::select! {
                biased;
                () = self.lost.cancelled() => return,
                _ = changes.changed() => {}
                () = self.clock.until(until) => return,
            }
        }
    }
}

/// A lease that is renewed.
pub(crate) struct LeaseGuard<'a> {
    table: &'a LeaseTable,
    lease: Arc<Lease>,
}

impl Drop for LeaseGuard<'_> {
    fn drop(&mut self) {
        let mut leases = self.table.lock();
        // A later claim of the same run may have taken the place of one that was lost.
        if let Entry::Occupied(place) = leases.entry(self.lease.claim.run.clone())
            && Arc::ptr_eq(place.get(), &self.lease)
        {
            place.remove();
        }
    }
}

/// All leases this process holds.
#[derive(Clone, Default)]
pub(crate) struct LeaseTable {
    leases: Arc<Mutex<BTreeMap<RunId, Arc<Lease>>>>,
}

impl LeaseTable {
    /// Keeps a lease until what it returns is dropped.
    pub(crate) fn keep(&self, lease: &Arc<Lease>) -> LeaseGuard<'_> {
        self.lock().insert(lease.claim.run.clone(), Arc::clone(lease));
        LeaseGuard { table: self, lease: Arc::clone(lease) }
    }

    /// Returns whether a run is worked on that was begun before then.
    pub(crate) fn any_since_before(&self, then: Monotonic) -> bool {
        self.lock().values().any(|lease| lease.since < then)
    }

    /// Ends all work under these leases: the journal is gone, and nothing can be recorded any more.
    pub(crate) fn lose_all(&self) {
        self.lock().values().for_each(|lease| lease.lost.cancel());
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<RunId, Arc<Lease>>> {
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

    async fn renew(&self, journal: &dyn Journal, length: Duration) {
        let leases: Vec<Arc<Lease>> = self.lock().values().cloned().collect();
        if leases.is_empty() {
            return;
        }
        let claims: Vec<&Claim> = leases.iter().map(|lease| &lease.claim).collect();
        match journal.renew(&claims, length).await {
            Ok(deadlines) => {
                for (lease, deadline) in leases.iter().zip(deadlines) {
                    match deadline {
                        Some(deadline) => drop(lease.deadline.send_replace(deadline)),
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
            leases.any_since_before(Monotonic::MAX),
            "the later claim of the run is still worked under"
        );

        let broken = std::panic::AssertUnwindSafe(async move {
            let _kept = kept;
            panic!("outside of any handler");
        });
        futures::FutureExt::catch_unwind(broken).await.unwrap_err();
        assert!(!leases.any_since_before(Monotonic::MAX));
    }
}
