//! A fresh journal and the verbs its stories are told with.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use connect_clock::{Clock, VirtualClock, saturating_add, saturating_shift};
use jiff::{SignedDuration, Timestamp};

use super::TestStore;
use crate::claim::Claim;
use crate::error::JournalError;
use crate::finish::Finish;
use crate::history::Fact;
use crate::journal::Journal;
use crate::names::{Group, RunId};
use crate::run::{NewRun, OfferResult, RunState, RunView};
use crate::step::StepResult;

pub(super) const LEASE: Duration = Duration::from_secs(30);
pub(super) const PAYLOAD: &str = "as offered";

/// A fresh journal at noon, where every call but the interesting one has to succeed.
pub(super) struct Harness {
    pub(super) journal: Arc<dyn Journal>,
    pub(super) clock: VirtualClock,
}

impl Harness {
    pub(super) async fn new(store: &dyn TestStore) -> Self {
        let clock = VirtualClock::new(noon());
        Self { journal: store.fresh(clock.clone()).await, clock }
    }

    pub(super) async fn offer(&self, run: &str, lane: &str) -> OfferResult {
        self.offer_run(NewRun::new(run, lane, PAYLOAD)).await
    }

    pub(super) async fn offer_run(&self, run: NewRun) -> OfferResult {
        let offered = self.journal.offer(&[run]).await.expect("the offer is answered");
        assert_eq!(offered.len(), 1, "one answer for each run");
        offered[0]
    }

    pub(super) async fn claims(&self, max: usize) -> Vec<Claim> {
        let max = NonZeroUsize::new(max).expect("the harness asks for something");
        self.journal.claim(&"worker".into(), max, LEASE).await.expect("the claim is answered")
    }

    /// Claims no run of these groups.
    pub(super) async fn claims_except(&self, max: usize, except: &[&str]) -> Vec<Claim> {
        let max = NonZeroUsize::new(max).expect("the harness asks for something");
        let except: Vec<_> = except.iter().map(|group| Group::from(*group)).collect();
        let claims = self.journal.claim_except(&"worker".into(), max, LEASE, &except).await;
        claims.expect("the claim is answered")
    }

    /// Claims this run alone, if it can be claimed.
    pub(super) async fn claim_run(&self, run: &str) -> Option<Claim> {
        self.claim_run_except(run, &[]).await
    }

    /// The same, unless it is of these groups.
    pub(super) async fn claim_run_except(&self, run: &str, except: &[&str]) -> Option<Claim> {
        let except: Vec<_> = except.iter().map(|group| Group::from(*group)).collect();
        let claim = self.journal.claim_run(&"worker".into(), &run.into(), LEASE, &except).await;
        claim.expect("the claim is answered")
    }

    /// The names of up to `max` runs that could be claimed, and are now.
    pub(super) async fn claimed(&self, max: usize) -> Vec<String> {
        self.claims(max).await.iter().map(|claim| claim.run.to_string()).collect()
    }

    /// The one run that can be claimed.
    pub(super) async fn claim(&self) -> Claim {
        let mut claims = self.claims(10).await;
        assert_eq!(claims.len(), 1, "one run can be claimed: {claims:?}");
        claims.remove(0)
    }

    pub(super) async fn record(&self, claim: &Claim, step: &str, output: &str) -> StepResult {
        let result = done(output);
        self.journal.record(claim, &step.into(), result, None).await.expect("the step is recorded")
    }

    pub(super) async fn intend(&self, claim: &Claim, step: &str) {
        self.journal.intend(claim, &step.into()).await.expect("the intent is written");
    }

    pub(super) async fn finish(&self, claim: &Claim, how: Finish) {
        self.journal.finish(claim, how).await.expect("the claim is finished");
    }

    pub(super) async fn revive(&self, run: &str) {
        self.journal.revive(&run.into(), self.now(), "ann").await.expect("the run is revived");
    }

    pub(super) async fn run(&self, run: &str) -> RunView {
        self.journal.run(&run.into()).await.expect("the run is read").expect("the run is known")
    }

    pub(super) async fn state(&self, run: &str) -> RunState {
        self.run(run).await.state
    }

    pub(super) async fn facts(&self, run: &str) -> Vec<Fact> {
        let events = self.journal.history(&RunId::from(run), 0..u64::MAX).await;
        events.expect("the history is read").into_iter().map(|event| event.fact).collect()
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn in_secs(&self, seconds: u64) -> Timestamp {
        saturating_add(self.now(), Duration::from_secs(seconds))
    }

    pub(super) fn pass_secs(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Only the wall's clock changes; no time passes.
    pub(super) fn set_wall(&self, by: SignedDuration) {
        self.clock.set(saturating_shift(self.now(), by));
    }

    pub(super) fn set_back_secs(&self, seconds: u64) {
        self.set_wall(-SignedDuration::from_secs(i64::try_from(seconds).expect("a span of time")));
    }

    pub(super) fn let_leases_run_out(&self) {
        self.clock.advance(LEASE);
    }
}

pub(super) fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().expect("noon is a time")
}

pub(super) fn done(output: &str) -> StepResult {
    StepResult::Done(output.to_owned().into())
}

pub(super) fn over() -> Finish {
    Finish::Done { outcome: "all done".into() }
}

pub(super) fn idle() -> Finish {
    Finish::Idle { outcome: "all done for now".into() }
}

pub(super) fn dead() -> Finish {
    Finish::Dead { why: "beyond help".to_owned() }
}

pub(super) fn park(hold_lane: bool) -> Finish {
    Finish::Park { why: "somebody should look".to_owned(), hold_lane, step: None }
}

pub(super) fn retry(due: Timestamp, hold_lane: bool) -> Finish {
    Finish::Retry { due, why: "no answer".to_owned(), hold_lane }
}

pub(super) fn wait(due: Timestamp, hold_lane: bool) -> Finish {
    Finish::Wait { due, why: "not before tomorrow".to_owned(), hold_lane }
}

#[track_caller]
pub(super) fn assert_fenced<T: std::fmt::Debug>(answer: &Result<T, JournalError>) {
    assert!(matches!(answer, Err(JournalError::Fenced)), "not refused as fenced: {answer:?}");
}
