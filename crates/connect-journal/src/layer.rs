//! What is put around a journal.

use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use connect_clock::Monotonic;
use jiff::Timestamp;

use crate::claim::Claim;
use crate::control::Control;
use crate::error::JournalError;
use crate::finish::Finish;
use crate::history::HistoryEntry;
use crate::journal::Journal;
use crate::names::{ControlName, Group, RunId, StepName, WorkerId};
use crate::note::AttemptNote;
use crate::restoration::Restoration;
use crate::run::{Counts, NewRun, OfferResult, RunFilter, RunState, RunView};
use crate::step::StepResult;

/// Stands before another journal, and does with some calls more than passing them on. It is a
/// [`Journal`] itself: each method does what the method of the same name does there, and unless it is
/// written out, it is [`inner`](Self::inner)'s.
#[expect(missing_docs, reason = "the methods are described where `Journal` is")]
#[async_trait]
pub trait JournalLayer: Send + Sync + 'static {
    /// Returns the journal that calls are passed on to.
    fn inner(&self) -> &dyn Journal;

    async fn bind(&self, owner: &str) -> Result<(), JournalError> {
        self.inner().bind(owner).await
    }

    async fn offer(&self, runs: &[NewRun]) -> Result<Vec<OfferResult>, JournalError> {
        self.inner().offer(runs).await
    }

    async fn claim_except(
        &self,
        worker: &WorkerId,
        max: NonZeroUsize,
        lease: Duration,
        except: &[Group],
    ) -> Result<Vec<Claim>, JournalError> {
        self.inner().claim_except(worker, max, lease, except).await
    }

    async fn claim_run(
        &self,
        worker: &WorkerId,
        run: &RunId,
        lease: Duration,
        except: &[Group],
    ) -> Result<Option<Claim>, JournalError> {
        self.inner().claim_run(worker, run, lease, except).await
    }

    async fn renew(
        &self,
        claims: &[&Claim],
        lease: Duration,
    ) -> Result<Vec<Option<Monotonic>>, JournalError> {
        self.inner().renew(claims, lease).await
    }

    async fn intend(&self, claim: &Claim, step: &StepName) -> Result<(), JournalError> {
        self.inner().intend(claim, step).await
    }

    async fn record(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        next: Option<&StepName>,
    ) -> Result<StepResult, JournalError> {
        self.inner().record(claim, step, result, next).await
    }

    async fn finish(&self, claim: &Claim, how: Finish) -> Result<(), JournalError> {
        self.inner().finish(claim, how).await
    }

    async fn record_noting(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        note: Bytes,
    ) -> Result<StepResult, JournalError> {
        self.inner().record_noting(claim, step, result, note).await
    }

    async fn finish_noting(
        &self,
        claim: &Claim,
        how: Finish,
        notes: &[(StepName, Bytes)],
    ) -> Result<(), JournalError> {
        self.inner().finish_noting(claim, how, notes).await
    }

    async fn notes(&self, run: &RunId) -> Result<Vec<AttemptNote>, JournalError> {
        self.inner().notes(run).await
    }

    async fn revive(&self, run: &RunId, due: Timestamp, by: &str) -> Result<(), JournalError> {
        self.inner().revive(run, due, by).await
    }

    async fn hasten(&self, run: &RunId, by: &str) -> Result<Option<RunState>, JournalError> {
        self.inner().hasten(run, by).await
    }

    async fn reopen(&self, run: &RunId, why: &str) -> Result<bool, JournalError> {
        self.inner().reopen(run, why).await
    }

    async fn remove(&self, runs: &[RunId], ended_before: Timestamp) -> Result<u64, JournalError> {
        self.inner().remove(runs, ended_before).await
    }

    async fn history(
        &self,
        run: &RunId,
        range: Range<u64>,
    ) -> Result<Vec<HistoryEntry>, JournalError> {
        self.inner().history(run, range).await
    }

    async fn run(&self, run: &RunId) -> Result<Option<RunView>, JournalError> {
        self.inner().run(run).await
    }

    async fn runs(&self, filter: &RunFilter) -> Result<Vec<RunView>, JournalError> {
        self.inner().runs(filter).await
    }

    async fn counts(&self) -> Result<Counts, JournalError> {
        self.inner().counts().await
    }

    async fn set_control(
        &self,
        name: &ControlName,
        value: Option<Bytes>,
        by: &str,
    ) -> Result<(), JournalError> {
        self.inner().set_control(name, value, by).await
    }

    async fn controls(&self) -> Result<Vec<Control>, JournalError> {
        self.inner().controls().await
    }

    async fn restoration(&self) -> Result<Option<Restoration>, JournalError> {
        self.inner().restoration().await
    }

    async fn check(&self) -> Result<(), JournalError> {
        self.inner().check().await
    }

    async fn wait_due(&self, until: Monotonic) {
        self.inner().wait_due(until).await;
    }
}

#[async_trait]
impl<L: JournalLayer> Journal for L {
    async fn bind(&self, owner: &str) -> Result<(), JournalError> {
        JournalLayer::bind(self, owner).await
    }

    async fn offer(&self, runs: &[NewRun]) -> Result<Vec<OfferResult>, JournalError> {
        JournalLayer::offer(self, runs).await
    }

    async fn claim_except(
        &self,
        worker: &WorkerId,
        max: NonZeroUsize,
        lease: Duration,
        except: &[Group],
    ) -> Result<Vec<Claim>, JournalError> {
        JournalLayer::claim_except(self, worker, max, lease, except).await
    }

    async fn claim_run(
        &self,
        worker: &WorkerId,
        run: &RunId,
        lease: Duration,
        except: &[Group],
    ) -> Result<Option<Claim>, JournalError> {
        JournalLayer::claim_run(self, worker, run, lease, except).await
    }

    async fn renew(
        &self,
        claims: &[&Claim],
        lease: Duration,
    ) -> Result<Vec<Option<Monotonic>>, JournalError> {
        JournalLayer::renew(self, claims, lease).await
    }

    async fn intend(&self, claim: &Claim, step: &StepName) -> Result<(), JournalError> {
        JournalLayer::intend(self, claim, step).await
    }

    async fn record(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        next: Option<&StepName>,
    ) -> Result<StepResult, JournalError> {
        JournalLayer::record(self, claim, step, result, next).await
    }

    async fn finish(&self, claim: &Claim, how: Finish) -> Result<(), JournalError> {
        JournalLayer::finish(self, claim, how).await
    }

    async fn record_noting(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        note: Bytes,
    ) -> Result<StepResult, JournalError> {
        JournalLayer::record_noting(self, claim, step, result, note).await
    }

    async fn finish_noting(
        &self,
        claim: &Claim,
        how: Finish,
        notes: &[(StepName, Bytes)],
    ) -> Result<(), JournalError> {
        JournalLayer::finish_noting(self, claim, how, notes).await
    }

    async fn notes(&self, run: &RunId) -> Result<Vec<AttemptNote>, JournalError> {
        JournalLayer::notes(self, run).await
    }

    async fn revive(&self, run: &RunId, due: Timestamp, by: &str) -> Result<(), JournalError> {
        JournalLayer::revive(self, run, due, by).await
    }

    async fn hasten(&self, run: &RunId, by: &str) -> Result<Option<RunState>, JournalError> {
        JournalLayer::hasten(self, run, by).await
    }

    async fn reopen(&self, run: &RunId, why: &str) -> Result<bool, JournalError> {
        JournalLayer::reopen(self, run, why).await
    }

    async fn remove(&self, runs: &[RunId], ended_before: Timestamp) -> Result<u64, JournalError> {
        JournalLayer::remove(self, runs, ended_before).await
    }

    async fn history(
        &self,
        run: &RunId,
        range: Range<u64>,
    ) -> Result<Vec<HistoryEntry>, JournalError> {
        JournalLayer::history(self, run, range).await
    }

    async fn run(&self, run: &RunId) -> Result<Option<RunView>, JournalError> {
        JournalLayer::run(self, run).await
    }

    async fn runs(&self, filter: &RunFilter) -> Result<Vec<RunView>, JournalError> {
        JournalLayer::runs(self, filter).await
    }

    async fn counts(&self) -> Result<Counts, JournalError> {
        JournalLayer::counts(self).await
    }

    async fn set_control(
        &self,
        name: &ControlName,
        value: Option<Bytes>,
        by: &str,
    ) -> Result<(), JournalError> {
        JournalLayer::set_control(self, name, value, by).await
    }

    async fn controls(&self) -> Result<Vec<Control>, JournalError> {
        JournalLayer::controls(self).await
    }

    async fn restoration(&self) -> Result<Option<Restoration>, JournalError> {
        JournalLayer::restoration(self).await
    }

    async fn check(&self) -> Result<(), JournalError> {
        JournalLayer::check(self).await
    }

    async fn wait_due(&self, until: Monotonic) {
        JournalLayer::wait_due(self, until).await;
    }
}

impl<J: Journal> JournalLayer for Arc<J> {
    fn inner(&self) -> &dyn Journal {
        &**self
    }
}

impl JournalLayer for Arc<dyn Journal> {
    fn inner(&self) -> &dyn Journal {
        &**self
    }
}
