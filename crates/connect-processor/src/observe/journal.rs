//! A journal whose writes are timed.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connect_clock::{Clock, Monotonic};
use connect_journal::{
    AttemptNote, Claim, Control, ControlName, Counts, Finish, Group, HistoryEntry, Journal,
    JournalError, NewRun, OfferResult, Restoration, RunFilter, RunId, RunState, RunView, StepName,
    StepResult, WorkerId,
};
use jiff::Timestamp;

use crate::metrics::Metrics;

/// Passes everything on to a journal, and takes down how long its writes take.
pub(crate) struct ObservedJournal {
    inner: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    metrics: Metrics,
}

impl ObservedJournal {
    pub(crate) fn over(
        inner: Arc<dyn Journal>,
        clock: &Arc<dyn Clock>,
        metrics: &Metrics,
    ) -> Arc<dyn Journal> {
        Arc::new(Self { inner, clock: Arc::clone(clock), metrics: metrics.clone() })
    }

    async fn timed<T>(
        &self,
        operation: &str,
        write: impl Future<Output = Result<T, JournalError>>,
    ) -> Result<T, JournalError> {
        let began = self.clock.monotonic();
        let written = write.await;
        let outcome = written.as_ref().err().map_or("done", JournalError::code);
        self.metrics.journal_writes.time(&[operation, outcome], self.clock.since(began));
        written
    }
}

#[async_trait]
impl Journal for ObservedJournal {
    async fn bind(&self, owner: &str) -> Result<(), JournalError> {
        self.inner.bind(owner).await
    }

    async fn offer(&self, runs: &[NewRun]) -> Result<Vec<OfferResult>, JournalError> {
        self.timed("offer", self.inner.offer(runs)).await
    }

    async fn claim_except(
        &self,
        worker: &WorkerId,
        max: NonZeroUsize,
        lease: Duration,
        except: &[Group],
    ) -> Result<Vec<Claim>, JournalError> {
        self.timed("claim", self.inner.claim_except(worker, max, lease, except)).await
    }

    async fn renew(
        &self,
        claims: &[&Claim],
        lease: Duration,
    ) -> Result<Vec<Option<Monotonic>>, JournalError> {
        self.timed("renew", self.inner.renew(claims, lease)).await
    }

    async fn intend(&self, claim: &Claim, step: &StepName) -> Result<(), JournalError> {
        self.timed("intend", self.inner.intend(claim, step)).await
    }

    async fn record(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        next: Option<&StepName>,
    ) -> Result<StepResult, JournalError> {
        self.timed("record", self.inner.record(claim, step, result, next)).await
    }

    async fn record_noting(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        note: Bytes,
    ) -> Result<StepResult, JournalError> {
        self.timed("record", self.inner.record_noting(claim, step, result, note)).await
    }

    async fn finish(&self, claim: &Claim, how: Finish) -> Result<(), JournalError> {
        self.timed("finish", self.inner.finish(claim, how)).await
    }

    async fn finish_noting(
        &self,
        claim: &Claim,
        how: Finish,
        notes: &[(StepName, Bytes)],
    ) -> Result<(), JournalError> {
        self.timed("finish", self.inner.finish_noting(claim, how, notes)).await
    }

    async fn notes(&self, run: &RunId) -> Result<Vec<AttemptNote>, JournalError> {
        self.inner.notes(run).await
    }

    async fn revive(&self, run: &RunId, due: Timestamp, by: &str) -> Result<(), JournalError> {
        self.inner.revive(run, due, by).await
    }

    async fn hasten(&self, run: &RunId, by: &str) -> Result<Option<RunState>, JournalError> {
        self.inner.hasten(run, by).await
    }

    async fn reopen(&self, run: &RunId, why: &str) -> Result<bool, JournalError> {
        self.inner.reopen(run, why).await
    }

    async fn remove(&self, runs: &[RunId], ended_before: Timestamp) -> Result<u64, JournalError> {
        self.timed("remove", self.inner.remove(runs, ended_before)).await
    }

    async fn history(
        &self,
        run: &RunId,
        range: Range<u64>,
    ) -> Result<Vec<HistoryEntry>, JournalError> {
        self.inner.history(run, range).await
    }

    async fn run(&self, run: &RunId) -> Result<Option<RunView>, JournalError> {
        self.inner.run(run).await
    }

    async fn runs(&self, filter: &RunFilter) -> Result<Vec<RunView>, JournalError> {
        self.inner.runs(filter).await
    }

    async fn counts(&self) -> Result<Counts, JournalError> {
        self.inner.counts().await
    }

    async fn set_control(
        &self,
        name: &ControlName,
        value: Option<Bytes>,
        by: &str,
    ) -> Result<(), JournalError> {
        self.inner.set_control(name, value, by).await
    }

    async fn controls(&self) -> Result<Vec<Control>, JournalError> {
        self.inner.controls().await
    }

    async fn restoration(&self) -> Result<Option<Restoration>, JournalError> {
        self.inner.restoration().await
    }

    async fn check(&self) -> Result<(), JournalError> {
        self.inner.check().await
    }

    async fn wait_due(&self, until: Monotonic) {
        self.inner.wait_due(until).await;
    }
}
