//! A journal whose writes are timed.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connect_clock::{Clock, Monotonic};
use connect_journal::{
    Claim, Finish, Group, Journal, JournalError, JournalLayer, NewRun, OfferResult, RunId,
    StepName, StepResult, WorkerId,
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
impl JournalLayer for ObservedJournal {
    fn inner(&self) -> &dyn Journal {
        self.inner.as_ref()
    }

    async fn offer(&self, runs: &[NewRun]) -> Result<Vec<OfferResult>, JournalError> {
        self.timed("offer", self.inner().offer(runs)).await
    }

    async fn claim_except(
        &self,
        worker: &WorkerId,
        max: NonZeroUsize,
        lease: Duration,
        except: &[Group],
    ) -> Result<Vec<Claim>, JournalError> {
        self.timed("claim", self.inner().claim_except(worker, max, lease, except)).await
    }

    async fn claim_run(
        &self,
        worker: &WorkerId,
        run: &RunId,
        lease: Duration,
        except: &[Group],
    ) -> Result<Option<Claim>, JournalError> {
        self.timed("claim", self.inner().claim_run(worker, run, lease, except)).await
    }

    async fn renew(
        &self,
        claims: &[&Claim],
        lease: Duration,
    ) -> Result<Vec<Option<Monotonic>>, JournalError> {
        self.timed("renew", self.inner().renew(claims, lease)).await
    }

    async fn intend(&self, claim: &Claim, step: &StepName) -> Result<(), JournalError> {
        self.timed("intend", self.inner().intend(claim, step)).await
    }

    async fn record(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        next: Option<&StepName>,
    ) -> Result<StepResult, JournalError> {
        self.timed("record", self.inner().record(claim, step, result, next)).await
    }

    async fn record_noting(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        note: Bytes,
    ) -> Result<StepResult, JournalError> {
        self.timed("record", self.inner().record_noting(claim, step, result, note)).await
    }

    async fn finish(&self, claim: &Claim, how: Finish) -> Result<(), JournalError> {
        self.timed("finish", self.inner().finish(claim, how)).await
    }

    async fn finish_noting(
        &self,
        claim: &Claim,
        how: Finish,
        notes: &[(StepName, Bytes)],
    ) -> Result<(), JournalError> {
        self.timed("finish", self.inner().finish_noting(claim, how, notes)).await
    }

    async fn remove(&self, runs: &[RunId], ended_before: Timestamp) -> Result<u64, JournalError> {
        self.timed("remove", self.inner().remove(runs, ended_before)).await
    }
}
