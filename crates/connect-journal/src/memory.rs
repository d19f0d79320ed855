//! The journal in memory: the promises at their plainest.

mod runs;

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connect_clock::{Clock, Monotonic, saturating_add};
use jiff::Timestamp;

use self::runs::Runs;
use crate::claim::Claim;
use crate::control::Control;
use crate::control_check::check;
use crate::error::JournalError;
use crate::finish::Finish;
use crate::history::HistoryEntry;
use crate::journal::Journal;
use crate::names::{ControlName, Group, RunId, StepName, WorkerId};
use crate::note::AttemptNote;
use crate::notifier::Notifier;
use crate::owner;
use crate::restoration::Restoration;
use crate::run::{Counts, NewRun, OfferResult, RunFilter, RunState, RunView};
use crate::steady::SteadyClock;
use crate::step::StepResult;

/// A journal that ends with its process: for tests and for trying things out.
///
/// It keeps every run's history and looks through all runs at each claim, which is fine for
/// thousands of runs and slow for millions.
pub struct MemoryJournal {
    runs: Mutex<Runs>,
    owner: OnceLock<String>,
    notifier: Notifier,
    clock: Arc<SteadyClock>,
}

impl MemoryJournal {
    /// An empty journal.
    pub fn new(clock: impl Clock) -> Self {
        let clock = Arc::new(SteadyClock::new(clock));
        let notifier = Notifier::new(clock.clone());
        Self { runs: Mutex::default(), owner: OnceLock::new(), notifier, clock }
    }

    /// The runs and the date; if the wall was set, what waits was set with it.
    fn runs(&self) -> (MutexGuard<'_, Runs>, Timestamp) {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        let look = self.clock.look();
        if let Some(jump) = look.jump() {
            runs.follow(&look, jump);
            self.clock.follow(&look);
        }
        (runs, look.now)
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn bind(&self, owner: &str) -> Result<(), JournalError> {
        owner::check(owner)?;
        owner::agree(self.owner.get_or_init(|| owner.to_owned()), owner)
    }

    async fn offer(&self, runs: &[NewRun]) -> Result<Vec<OfferResult>, JournalError> {
        let offered = {
            let (mut known, now) = self.runs();
            runs.iter().map(|run| known.offer(run, now)).collect()
        };
        self.notifier.notify();
        Ok(offered)
    }

    async fn claim_except(
        &self,
        worker: &WorkerId,
        max: NonZeroUsize,
        lease: Duration,
        except: &[Group],
    ) -> Result<Vec<Claim>, JournalError> {
        let deadline = self.clock.monotonic() + lease;
        let changes = self.notifier.changes();
        let (mut runs, now) = self.runs();
        let lease_end = saturating_add(now, lease);
        let mut claims = Vec::new();
        for run in runs.claimable(now, max.get(), except) {
            claims.extend(runs.claim(&run, worker, now, lease_end, deadline));
        }
        if claims.len() < max.get() {
            self.notifier.came_back_short(changes, runs.counts(now).next_due);
        }
        Ok(claims)
    }

    async fn claim_run(
        &self,
        worker: &WorkerId,
        run: &RunId,
        lease: Duration,
        except: &[Group],
    ) -> Result<Option<Claim>, JournalError> {
        let deadline = self.clock.monotonic() + lease;
        let changes = self.notifier.changes();
        let (mut runs, now) = self.runs();
        let lease_end = saturating_add(now, lease);
        let is_next = runs.claimable(now, usize::MAX, except).contains(run);
        let claim = is_next.then(|| runs.claim(run, worker, now, lease_end, deadline)).flatten();
        if claim.is_none() {
            self.notifier.came_back_short(changes, runs.counts(now).next_due);
        }
        Ok(claim)
    }

    async fn renew(
        &self,
        claims: &[&Claim],
        lease: Duration,
    ) -> Result<Vec<Option<Monotonic>>, JournalError> {
        let deadline = self.clock.monotonic() + lease;
        let (mut runs, now) = self.runs();
        let renew = |claim: &&Claim| {
            runs.held(claim).ok()?.lease_end = saturating_add(now, lease);
            Some(deadline)
        };
        Ok(claims.iter().map(renew).collect())
    }

    async fn intend(&self, claim: &Claim, step: &StepName) -> Result<(), JournalError> {
        let (mut runs, now) = self.runs();
        runs.held(claim)?.intend(step, now);
        Ok(())
    }

    async fn record(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        next: Option<&StepName>,
    ) -> Result<StepResult, JournalError> {
        let (mut runs, now) = self.runs();
        let run = runs.held(claim)?;
        let first = run.record(step, result, now);
        if let Some(next) = next {
            run.intend(next, now);
        }
        Ok(first)
    }

    async fn finish(&self, claim: &Claim, how: Finish) -> Result<(), JournalError> {
        let (mut runs, now) = self.runs();
        runs.finish(claim, how, now)?;
        self.notifier.notify();
        Ok(())
    }

    async fn record_noting(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        note: Bytes,
    ) -> Result<StepResult, JournalError> {
        let (mut runs, now) = self.runs();
        Ok(runs.held(claim)?.record_noting(step, result, note, now))
    }

    async fn finish_noting(
        &self,
        claim: &Claim,
        how: Finish,
        notes: &[(StepName, Bytes)],
    ) -> Result<(), JournalError> {
        let (mut runs, now) = self.runs();
        if let Ok(run) = runs.held(claim) {
            run.note_failed(notes, now);
        }
        runs.finish(claim, how, now)?;
        self.notifier.notify();
        Ok(())
    }

    async fn notes(&self, run: &RunId) -> Result<Vec<AttemptNote>, JournalError> {
        Ok(self.runs().0.notes(run))
    }

    async fn revive(&self, run: &RunId, due: Timestamp, by: &str) -> Result<(), JournalError> {
        let (mut runs, now) = self.runs();
        runs.revive(run, due, by, now)?;
        self.notifier.notify();
        Ok(())
    }

    async fn hasten(&self, run: &RunId, by: &str) -> Result<Option<RunState>, JournalError> {
        let (mut runs, now) = self.runs();
        let found = runs.hasten(run, by, now);
        self.notifier.notify();
        Ok(found)
    }

    async fn reopen(&self, run: &RunId, why: &str) -> Result<bool, JournalError> {
        let (mut runs, now) = self.runs();
        runs.reopen(run, why, now)
    }

    async fn remove(&self, runs: &[RunId], ended_before: Timestamp) -> Result<u64, JournalError> {
        Ok(self.runs().0.remove(runs, ended_before))
    }

    async fn history(
        &self,
        run: &RunId,
        range: Range<u64>,
    ) -> Result<Vec<HistoryEntry>, JournalError> {
        Ok(self.runs().0.history(run, &range))
    }

    async fn run(&self, run: &RunId) -> Result<Option<RunView>, JournalError> {
        Ok(self.runs().0.view(run))
    }

    async fn runs(&self, filter: &RunFilter) -> Result<Vec<RunView>, JournalError> {
        Ok(self.runs().0.views(filter))
    }

    async fn counts(&self) -> Result<Counts, JournalError> {
        let (runs, now) = self.runs();
        Ok(runs.counts(now))
    }

    async fn set_control(
        &self,
        name: &ControlName,
        value: Option<Bytes>,
        by: &str,
    ) -> Result<(), JournalError> {
        check(name, value.as_ref(), by)?;
        let (mut runs, at) = self.runs();
        runs.set_control(name, value, by, at)?;
        self.notifier.notify();
        Ok(())
    }

    async fn controls(&self) -> Result<Vec<Control>, JournalError> {
        Ok(self.runs().0.controls())
    }

    async fn restoration(&self) -> Result<Option<Restoration>, JournalError> {
        Ok(None)
    }

    async fn check(&self) -> Result<(), JournalError> {
        Ok(())
    }

    async fn wait_due(&self, until: Monotonic) {
        self.notifier.wait(until).await;
    }
}
