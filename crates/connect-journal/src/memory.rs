//! The journal in memory: the promises at their plainest.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
    ops::Range,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use connect_clock::{Clock, Monotonic, later};
use jiff::Timestamp;

use crate::{
    Claim, Counts, Event, Fact, Fence, Finish, Journal, JournalError, Lane, NewRun, Offered,
    RunFilter, RunId, RunState, RunView, StepName, StepRecord, StepResult, WorkerId, claim::find,
    notifier::Notifier, owner, run::revival,
};

/// A journal that ends with its process: for tests and for trying things out.
///
/// It keeps every run's history and looks through all runs at each claim, which is fine for
/// thousands of runs and slow for millions.
pub struct MemoryJournal {
    runs: Mutex<Runs>,
    owner: OnceLock<String>,
    notifier: Notifier,
    clock: Arc<dyn Clock>,
}

impl MemoryJournal {
    /// An empty journal.
    pub fn new(clock: impl Clock) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let notifier = Notifier::new(clock.clone());
        Self { runs: Mutex::default(), owner: OnceLock::new(), notifier, clock }
    }

    fn runs(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn bind(&self, owner: &str) -> Result<(), JournalError> {
        owner::check(owner)?;
        owner::agree(self.owner.get_or_init(|| owner.to_owned()), owner)
    }

    async fn offer(&self, runs: &[NewRun]) -> Result<Vec<Offered>, JournalError> {
        let now = self.clock.now();
        let offered = runs.iter().map(|run| self.runs().offer(run, now)).collect();
        self.notifier.notify();
        Ok(offered)
    }

    async fn claim(
        &self,
        worker: &WorkerId,
        max: NonZeroUsize,
        lease: Duration,
    ) -> Result<Vec<Claim>, JournalError> {
        let deadline = self.clock.monotonic() + lease;
        let now = self.clock.now();
        let changes = self.notifier.changes();
        let mut runs = self.runs();
        runs.restart_future_leases(now);
        let mut claims = Vec::new();
        for run in runs.claimable(now, max.get()) {
            claims.extend(runs.claim(&run, worker, now, lease, deadline));
        }
        if claims.len() < max.get() {
            self.notifier.came_back_short(changes, runs.counts(now).next_due);
        }
        Ok(claims)
    }

    async fn renew(
        &self,
        claims: &[&Claim],
        lease: Duration,
    ) -> Result<Vec<Option<Monotonic>>, JournalError> {
        let deadline = self.clock.monotonic() + lease;
        let lease = Lease::new(self.clock.now(), lease);
        let mut runs = self.runs();
        let renew = |claim: &&Claim| {
            runs.held(claim).ok()?.lease = lease;
            Some(deadline)
        };
        Ok(claims.iter().map(renew).collect())
    }

    async fn intend(&self, claim: &Claim, step: &StepName) -> Result<(), JournalError> {
        self.runs().held(claim)?.intend(step, self.clock.now());
        Ok(())
    }

    async fn record(
        &self,
        claim: &Claim,
        step: &StepName,
        result: StepResult,
        next: Option<&StepName>,
    ) -> Result<StepResult, JournalError> {
        let now = self.clock.now();
        let mut runs = self.runs();
        let run = runs.held(claim)?;
        let first = run.record(step, result, now);
        if let Some(next) = next {
            run.intend(next, now);
        }
        Ok(first)
    }

    async fn finish(&self, claim: &Claim, how: Finish) -> Result<(), JournalError> {
        self.runs().finish(claim, how, self.clock.now())?;
        self.notifier.notify();
        Ok(())
    }

    async fn revive(&self, run: &RunId, due: Timestamp, by: &str) -> Result<(), JournalError> {
        self.runs().revive(run, due, by, self.clock.now())?;
        self.notifier.notify();
        Ok(())
    }

    async fn reopen(&self, run: &RunId, why: &str) -> Result<bool, JournalError> {
        self.runs().reopen(run, why, self.clock.now())
    }

    async fn history(&self, run: &RunId, range: Range<u64>) -> Result<Vec<Event>, JournalError> {
        let runs = self.runs();
        let events = runs.known.get(run).into_iter().flat_map(|run| &run.history);
        Ok(events.filter(|event| range.contains(&event.seq)).cloned().collect())
    }

    async fn run(&self, run: &RunId) -> Result<Option<RunView>, JournalError> {
        Ok(self.runs().known.get(run).map(|run| run.view.clone()))
    }

    async fn runs(&self, filter: &RunFilter) -> Result<Vec<RunView>, JournalError> {
        let runs = self.runs();
        let views = runs.known.values().map(|run| &run.view);
        let found = views.filter(|view| passes(filter, view));
        Ok(found.take(filter.limit.min(RunFilter::MOST)).cloned().collect())
    }

    async fn counts(&self) -> Result<Counts, JournalError> {
        Ok(self.runs().counts(self.clock.now()))
    }

    async fn check(&self) -> Result<(), JournalError> {
        Ok(())
    }

    async fn wait_due(&self, until: Monotonic) {
        self.notifier.wait(until).await;
    }
}

fn passes(filter: &RunFilter, view: &RunView) -> bool {
    filter.state.is_none_or(|state| state == view.state)
        && filter.lane.as_ref().is_none_or(|lane| *lane == view.lane)
        && filter.after.as_ref().is_none_or(|after| view.id > *after)
}

#[derive(Default)]
struct Runs {
    known: BTreeMap<RunId, Run>,
    /// The latest fence of each lane.
    fences: BTreeMap<Lane, Fence>,
}

struct Run {
    /// How many runs were offered before it.
    place: usize,
    view: RunView,
    /// Means something only while it is running.
    lease: Lease,
    history: Vec<Event>,
}

/// From the moment it was granted or last renewed, by the clock of that moment.
#[derive(Clone, Copy)]
struct Lease {
    since: Timestamp,
    end: Timestamp,
}

impl Lease {
    fn new(now: Timestamp, length: Duration) -> Self {
        Self { since: now, end: later(now, length) }
    }

    /// The same length from `now` on, if it was granted at a time still to come: the clock was set
    /// back since then.
    fn restarted(self, now: Timestamp) -> Self {
        if self.since <= now {
            return self;
        }
        Self::new(now, self.end.duration_since(self.since).try_into().unwrap_or_default())
    }
}

impl Runs {
    fn offer(&mut self, new: &NewRun, now: Timestamp) -> Offered {
        let due = new.due.unwrap_or(now);
        let Some(run) = self.known.get_mut(&new.id) else {
            self.know(new, due, now);
            return Offered::New;
        };
        let offered = Offered::known(run.view.state, run.view.payload == new.payload);
        if offered == Offered::Woken {
            run.append(Fact::Woken { payload: new.payload.clone(), due }, now);
        }
        offered
    }

    fn know(&mut self, new: &NewRun, due: Timestamp, now: Timestamp) {
        let fact = Fact::Offered { lane: new.lane.clone(), payload: new.payload.clone(), due };
        let Some(view) = RunView::offered(&new.id, &fact) else { return };
        let history = vec![Event { seq: 0, at: now, fact }];
        let lease = Lease::new(now, Duration::ZERO);
        let run = Run { place: self.known.len(), view, lease, history };
        self.known.insert(new.id.clone(), run);
    }

    fn restart_future_leases(&mut self, now: Timestamp) {
        for run in self.known.values_mut() {
            run.lease = run.lease.restarted(now);
        }
    }

    /// The runs a claim may take now, best first, at most one of each lane.
    fn claimable(&self, now: Timestamp, max: usize) -> Vec<RunId> {
        let held: BTreeSet<_> = self
            .known
            .values()
            .filter(|run| run.view.holds_lane)
            .map(|run| &run.view.lane)
            .collect();
        let mut due: Vec<_> = self
            .known
            .values()
            .filter(|run| run.view.holds_lane || !held.contains(&run.view.lane))
            .filter_map(|run| Some((run.claimable_from().filter(|from| *from <= now)?, run)))
            .collect();
        due.sort_by_key(|(from, run)| (run.view.state != RunState::Running, *from, run.place));
        let mut lanes = BTreeSet::new();
        let firsts = due.into_iter().filter(|(_, run)| lanes.insert(&run.view.lane));
        firsts.take(max).map(|(_, run)| run.view.id.clone()).collect()
    }

    fn claim(
        &mut self,
        run: &RunId,
        worker: &WorkerId,
        now: Timestamp,
        lease: Duration,
        deadline: Monotonic,
    ) -> Option<Claim> {
        let run = self.known.get_mut(run)?;
        let fence = self.fences.entry(run.view.lane.clone()).or_default();
        fence.0 += 1;
        run.lease = Lease::new(now, lease);
        run.append(
            Fact::Claimed {
                worker: worker.clone(),
                fence: *fence,
                attempt: run.view.attempt + 1,
                took_over: run.view.state == RunState::Running,
            },
            now,
        );
        Some(run.claimed(deadline))
    }

    /// The run of a claim that is still valid.
    fn held(&mut self, claim: &Claim) -> Result<&mut Run, JournalError> {
        let run = self.known.get_mut(&claim.run).ok_or(JournalError::Fenced)?;
        let valid = run.view.state == RunState::Running && run.view.fence == claim.fence;
        if valid { Ok(run) } else { Err(JournalError::Fenced) }
    }

    fn finish(&mut self, claim: &Claim, how: Finish, now: Timestamp) -> Result<(), JournalError> {
        let fact = Fact::Finished { fence: claim.fence, how };
        let repeated = |run: &Run| run.history.iter().any(|event| event.fact == fact);
        if self.known.get(&claim.run).is_some_and(repeated) {
            return Ok(());
        }
        self.held(claim)?.append(fact, now);
        Ok(())
    }

    fn revive(
        &mut self,
        run: &RunId,
        due: Timestamp,
        by: &str,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        let no_such_run = || JournalError::NoSuchRun { run: run.clone() };
        let run = self.known.get_mut(run).ok_or_else(no_such_run)?;
        let due = revival(&run.view.id, (run.view.state, run.view.due), due, now)?;
        run.append(Fact::Revived { by: by.to_owned(), due }, now);
        Ok(())
    }

    fn reopen(&mut self, run: &RunId, why: &str, now: Timestamp) -> Result<bool, JournalError> {
        let no_such_run = || JournalError::NoSuchRun { run: run.clone() };
        let run = self.known.get_mut(run).ok_or_else(no_such_run)?;
        let is_over = run.view.state.is_over();
        if is_over {
            let how = Finish::reopened(why);
            run.append(Fact::Finished { fence: run.view.fence, how }, now);
        }
        Ok(is_over)
    }

    fn counts(&self, now: Timestamp) -> Counts {
        let mut counts = Counts::default();
        for run in self.known.values() {
            let later = run.claimable_from().filter(|from| *from > now);
            match run.view.state {
                RunState::Ready if later.is_some() => counts.ready_later += 1,
                state => *counts.of(state) += 1,
            }
            counts.next_due = counts.next_due.into_iter().chain(later).min();
        }
        counts
    }
}

impl Run {
    /// From when on a claim may take it, as far as the run itself is concerned.
    fn claimable_from(&self) -> Option<Timestamp> {
        match self.view.state {
            RunState::Running => Some(self.lease.end),
            _ => self.view.due,
        }
    }

    fn append(&mut self, fact: Fact, at: Timestamp) {
        self.view.apply(&fact);
        self.history.push(Event { seq: self.history.len() as u64, at, fact });
    }

    fn claimed(&self, deadline: Monotonic) -> Claim {
        Claim {
            run: self.view.id.clone(),
            lane: self.view.lane.clone(),
            payload: self.view.payload.clone(),
            fence: self.view.fence,
            attempt: self.view.attempt,
            failures: self.view.failures,
            deadline,
            steps: self.view.steps.clone(),
        }
    }

    fn intend(&mut self, step: &StepName, now: Timestamp) {
        let fence = self.view.fence;
        let known = find(&self.view.steps, step);
        if !known.is_some_and(|record| record.settles_intent(fence)) {
            self.append(Fact::Intended { step: step.clone(), fence }, now);
        }
    }

    fn record(&mut self, step: &StepName, result: StepResult, now: Timestamp) -> StepResult {
        if let Some(first) = find(&self.view.steps, step).and_then(StepRecord::result) {
            return first;
        }
        let fence = self.view.fence;
        self.append(Fact::Recorded { step: step.clone(), fence, result: result.clone() }, now);
        result
    }
}
