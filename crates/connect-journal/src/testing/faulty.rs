//! Rehearses death and lost answers at every single call.

use std::future::Future;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};
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
use crate::testing::fuse::Fuse;

/// A scripted failure of [`Faulty`], as it looks from inside the store. From outside they are the
/// same [`JournalError::Unavailable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultMoment {
    /// The call never reached the store.
    Before,
    /// The store carried the call out; only its answer was lost.
    After,
}

/// A journal that dies with its [`Fuse`], which every call passes before and after it reaches the
/// inner journal, and that fails when told to. [`Journal::wait_due`], being only a hint, does
/// neither.
pub struct Faulty<J> {
    inner: J,
    fuse: Fuse,
    script: Mutex<Option<Script>>,
}

#[derive(Clone, Copy)]
struct Script {
    left: NonZeroUsize,
    fault: FaultMoment,
}

impl<J: Journal> Faulty<J> {
    /// Wraps a journal.
    pub fn new(inner: J, fuse: Fuse) -> Self {
        Self { inner, fuse, script: Mutex::new(None) }
    }

    /// Makes the next `n` calls fail; 0 ends an earlier script.
    pub fn fail_next(&self, n: usize, fault: FaultMoment) {
        *self.script.lock().unwrap_or_else(PoisonError::into_inner) =
            NonZeroUsize::new(n).map(|left| Script { left, fault });
    }

    /// The journal inside.
    pub fn inner(&self) -> &J {
        &self.inner
    }

    async fn call<T>(
        &self,
        name: &str,
        call: impl Future<Output = Result<T, JournalError>>,
    ) -> Result<T, JournalError> {
        self.fuse.pass(format!("before journal {name}")).await;
        let fault = self.next_fault();
        if fault == Some(FaultMoment::Before) {
            return Err(scripted(FaultMoment::Before));
        }
        let answer = call.await;
        self.fuse.pass(format!("after journal {name}")).await;
        fault.map_or(answer, |fault| Err(scripted(fault)))
    }

    fn next_fault(&self) -> Option<FaultMoment> {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let Script { left, fault } = (*script)?;
        *script = NonZeroUsize::new(left.get() - 1).map(|left| Script { left, fault });
        Some(fault)
    }
}

fn scripted(fault: FaultMoment) -> JournalError {
    JournalError::unavailable(match fault {
        FaultMoment::Before => "scripted failure before the call reached the store",
        FaultMoment::After => "scripted failure after the store carried the call out",
    })
}

#[async_trait]
impl<J: Journal> Journal for Faulty<J> {
    async fn bind(&self, owner: &str) -> Result<(), JournalError> {
        self.call("bind", self.inner.bind(owner)).await
    }

    async fn offer(&self, runs: &[NewRun]) -> Result<Vec<OfferResult>, JournalError> {
        self.call("offer", self.inner.offer(runs)).await
    }

    async fn claim_except(
        &self,
        worker: &WorkerId,
        max: NonZeroUsize,
        lease: Duration,
        except: &[Group],
    ) -> Result<Vec<Claim>, JournalError> {
        self.call("claim", self.inner.claim_except(worker, max, lease, except)).await
    }

    async fn claim_run(
        &self,
        worker: &WorkerId,
        run: &RunId,
        lease: Duration,
        except: &[Group],
    ) -> Result<Option<Claim>, JournalError> {
        self.call("claim", self.inner.claim_run(worker, run, lease, except)).await
    }

    async fn renew(
        &self,
        claims: &[&Claim],
        lease: Duration,
    ) -> Result<Vec<Option<Monotonic>>, JournalError> {
        self.call("renew", self.inner.renew(claims, lease)).await
    }

    async fn intend(&self, claim: &Claim, step: &StepName) -> Result<(), JournalError> {
        self.call("intend", self.inner.intend(claim, step)).await
    }

    async fn record(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        next: Option<&StepName>,
    ) -> Result<StepResult, JournalError> {
        self.call("record", self.inner.record(claim, step, result, next)).await
    }

    async fn finish(&self, claim: &Claim, how: Finish) -> Result<(), JournalError> {
        self.call("finish", self.inner.finish(claim, how)).await
    }

    async fn record_noting(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        note: Bytes,
    ) -> Result<StepResult, JournalError> {
        self.call("record", self.inner.record_noting(claim, step, result, note)).await
    }

    async fn finish_noting(
        &self,
        claim: &Claim,
        how: Finish,
        notes: &[(StepName, Bytes)],
    ) -> Result<(), JournalError> {
        self.call("finish", self.inner.finish_noting(claim, how, notes)).await
    }

    async fn notes(&self, run: &RunId) -> Result<Vec<AttemptNote>, JournalError> {
        self.call("notes", self.inner.notes(run)).await
    }

    async fn revive(&self, run: &RunId, due: Timestamp, by: &str) -> Result<(), JournalError> {
        self.call("revive", self.inner.revive(run, due, by)).await
    }

    async fn hasten(&self, run: &RunId, by: &str) -> Result<Option<RunState>, JournalError> {
        self.call("hasten", self.inner.hasten(run, by)).await
    }

    async fn reopen(&self, run: &RunId, why: &str) -> Result<bool, JournalError> {
        self.call("reopen", self.inner.reopen(run, why)).await
    }

    async fn remove(&self, runs: &[RunId], ended_before: Timestamp) -> Result<u64, JournalError> {
        self.call("remove", self.inner.remove(runs, ended_before)).await
    }

    async fn history(
        &self,
        run: &RunId,
        range: Range<u64>,
    ) -> Result<Vec<HistoryEntry>, JournalError> {
        self.call("history", self.inner.history(run, range)).await
    }

    async fn run(&self, run: &RunId) -> Result<Option<RunView>, JournalError> {
        self.call("run", self.inner.run(run)).await
    }

    async fn runs(&self, filter: &RunFilter) -> Result<Vec<RunView>, JournalError> {
        self.call("runs", self.inner.runs(filter)).await
    }

    async fn counts(&self) -> Result<Counts, JournalError> {
        self.call("counts", self.inner.counts()).await
    }

    async fn set_control(
        &self,
        name: &ControlName,
        value: Option<Bytes>,
        by: &str,
    ) -> Result<(), JournalError> {
        self.call("set control", self.inner.set_control(name, value, by)).await
    }

    async fn controls(&self) -> Result<Vec<Control>, JournalError> {
        self.call("controls", self.inner.controls()).await
    }

    async fn restoration(&self) -> Result<Option<Restoration>, JournalError> {
        self.call("restoration", self.inner.restoration()).await
    }

    async fn check(&self) -> Result<(), JournalError> {
        self.call("check", self.inner.check()).await
    }

    async fn wait_due(&self, until: Monotonic) {
        self.inner.wait_due(until).await;
    }
}
