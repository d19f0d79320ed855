//! A run that this process holds: its claim, and until when.

mod table;

use std::collections::HashSet;
use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use connect_clock::{Clock, Monotonic};
use connect_journal::{
    Claim, Finish, Journal, JournalError, Restoration, StepName, StepRecord, StepState,
};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::conclusion::Shut;
use crate::exchange::Exchanges;
use crate::failure::{Failure, chain};
use crate::gate::VendorWatch;
use crate::place::Place;
use crate::step_names::StepNames;

pub(crate) use table::LeaseTable;

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
    deadline: Mutex<Monotonic>,
    lost: CancellationToken,
    since: Monotonic,
    /// The steps that this attempt has begun.
    taken: Mutex<HashSet<StepName>>,
    /// The steps that this attempt has written down.
    written: Mutex<Vec<StepRecord>>,
    /// The place that the run works in.
    pub(crate) place: Place,
    /// What was said to the vendor in steps.
    pub(crate) exchanges: Arc<Exchanges>,
    /// The names that steps may have, where they are declared.
    names: OnceLock<Arc<StepNames>>,
    /// The reason for which the request is rejected, once that was decided: nothing more is begun.
    rejects: OnceLock<String>,
    /// The time at which its request is overdue, while it is not.
    overdue_at: OnceLock<Timestamp>,
    /// The day for which the request is planned.
    planned: OnceLock<Timestamp>,
    /// Whose breaker hears of what the attempt meets, once that is known.
    pub(crate) vendor: OnceLock<VendorWatch>,
    /// The restoration of the journal in which steps of this run may have been lost.
    doubt: OnceLock<Restoration>,
}

impl Lease {
    pub(crate) fn new(claim: Claim, journal: Arc<dyn Journal>, clock: Arc<dyn Clock>) -> Arc<Self> {
        let (deadline, since) = (Mutex::new(claim.deadline), clock.monotonic());
        Arc::new(Self {
            claim,
            journal,
            clock,
            deadline,
            lost: CancellationToken::new(),
            since,
            taken: Mutex::default(),
            written: Mutex::default(),
            place: Place::default(),
            exchanges: Arc::default(),
            names: OnceLock::new(),
            rejects: OnceLock::new(),
            overdue_at: OnceLock::new(),
            planned: OnceLock::new(),
            vendor: OnceLock::new(),
            doubt: OnceLock::new(),
        })
    }

    /// Has a vendor's breaker hear of what the attempt meets.
    pub(crate) fn watched_by(&self, vendor: VendorWatch) -> &VendorWatch {
        self.vendor.get_or_init(|| vendor)
    }

    /// Returns why the run is not to be worked on now after all, if it is not.
    pub(crate) fn shut(&self) -> Option<Shut> {
        self.vendor.get()?.shut()
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

    /// The clock that everything is waited for by.
    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Sets the names that steps may have.
    pub(crate) fn declare(&self, names: &Arc<StepNames>) {
        let _ = self.names.set(Arc::clone(names));
    }

    /// Returns the names that steps may have, where they are declared.
    pub(crate) fn names(&self) -> Option<&StepNames> {
        self.names.get().map(Arc::as_ref)
    }

    /// Has no step begun any more: the request is rejected for this reason.
    pub(crate) fn reject(&self, reason: &str) {
        let _ = self.rejects.set(reason.to_owned());
    }

    /// Returns the reason for which the request is rejected, if that is decided.
    pub(crate) fn rejects(&self) -> Option<&str> {
        self.rejects.get().map(String::as_str)
    }

    /// Remembers that this attempt has written a step down.
    pub(crate) fn wrote(&self, step: &StepName, state: StepState) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let now = StepRecord { step: step.clone(), fence: self.claim.fence, state };
        now.put_into(&mut written);
    }

    /// Returns the steps that are written down, as they are now, in the order of their first mention.
    pub(crate) fn steps(&self) -> Vec<StepRecord> {
        let mut steps = self.claim.steps.clone();
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.iter().for_each(|now| now.clone().put_into(&mut steps));
        steps
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

    /// Keeps the day for which the request is planned, if it is.
    pub(crate) fn keep_plan(&self, planned: Option<Timestamp>) {
        let _ = planned.map(|planned| self.planned.set(planned));
    }

    /// Whether a date is to come that changes what becomes of the request: the day for which it is
    /// planned, or its deadline.
    pub(crate) fn has_date_ahead(&self) -> bool {
        let is_planned = self.planned.get().is_some_and(|day| *day > self.clock.now());
        is_planned || self.overdue_at.get().is_some()
    }

    /// Has every step that has no result count as one that may have happened, where there is a
    /// restoration in which it may have been lost.
    pub(crate) fn keep_doubt(&self, restoration: Option<Restoration>) {
        let _ = restoration.map(|restoration| self.doubt.set(restoration));
    }

    /// Returns the restoration in which steps of this run may have been lost.
    pub(crate) fn doubt(&self) -> Option<&Restoration> {
        self.doubt.get()
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

    /// Gives the run back, with what was said to the vendor in steps that have no result.
    pub(crate) async fn finish(&self, how: &Finish) -> Result<(), Failure> {
        let Self { journal, claim, .. } = self;
        let notes = self.exchanges.take_all();
        match notes.is_empty() {
            true => self.write(|| journal.finish(claim, how.clone())).await,
            false => self.write(|| journal.finish_noting(claim, how.clone(), &notes)).await,
        }
    }

    /// Returns whether this or an earlier attempt has begun a step.
    pub(crate) fn has_steps(&self) -> bool {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        !taken.is_empty() || !self.claim.steps.is_empty()
    }

    /// Writes to the journal, again while it cannot be reached, for as long as the lease holds:
    /// repeating a write is safe, and what it says has happened.
    pub(crate) async fn write<T, W>(&self, write: impl FnMut() -> W) -> Result<T, Failure>
    where
        W: Future<Output = Result<T, JournalError>>,
    {
        let written = self.place.lent_during(self.written(write));
        self.guard(written).await?
    }

    async fn written<T, W>(&self, mut write: impl FnMut() -> W) -> Result<T, Failure>
    where
        W: Future<Output = Result<T, JournalError>>,
    {
        let mut wait = FIRST_WAIT;
        loop {
            match self.guard(write()).await? {
                Err(error @ JournalError::Unavailable { .. }) => {
                    warn!(run = %self.claim.run, code = error.code(), error = chain(&error), "the journal has not written it yet");
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
        if self.lost.is_cancelled() || self.clock.monotonic() >= self.deadline() {
            return Err(Failure::Journal(JournalError::Fenced));
        }
        tokio::select! {
            biased;
            () = self.lost.cancelled() => Err(Failure::Journal(JournalError::Fenced)),
            done = work => Ok(done),
        }
    }

    fn deadline(&self) -> Monotonic {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn extend(&self, deadline: Monotonic) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = deadline;
    }
}
