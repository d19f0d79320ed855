//! The contents of a journal in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use connect_clock::{Monotonic, saturating_shift};
use jiff::{SignedDuration, Timestamp};

use crate::claim::Claim;
use crate::error::JournalError;
use crate::finish::Finish;
use crate::history::{Fact, HistoryEntry};
use crate::names::{Fence, Lane, RunId, StepName, WorkerId};
use crate::revival::{revival, waits_as_planned};
use crate::run::{Counts, NewRun, OfferResult, RunFilter, RunState, RunView};
use crate::steady::WallReading;
use crate::step::{StepRecord, StepResult, find};

/// All runs, and the latest claim of each lane.
#[derive(Default)]
pub(super) struct Runs {
    known: BTreeMap<RunId, Run>,
    /// The latest fence of each lane.
    fences: BTreeMap<Lane, Fence>,
}

pub(super) struct Run {
    /// The number of runs that were offered before it.
    place: usize,
    view: RunView,
    /// Means something only while it is running.
    pub(super) lease_end: Timestamp,
    history: Vec<HistoryEntry>,
}

impl Runs {
    pub(super) fn offer(&mut self, new: &NewRun, now: Timestamp) -> OfferResult {
        let due = new.due.unwrap_or(now);
        let Some(run) = self.known.get_mut(&new.id) else {
            self.know(new, due, now);
            return OfferResult::New;
        };
        let offered = OfferResult::known(run.view.state, run.view.payload == new.payload);
        if offered == OfferResult::Woken {
            run.append(Fact::Woken { payload: new.payload.clone(), due }, now);
        }
        offered
    }

    fn know(&mut self, new: &NewRun, due: Timestamp, now: Timestamp) {
        let fact = Fact::Offered { lane: new.lane.clone(), payload: new.payload.clone(), due };
        let Some(view) = RunView::offered(&new.id, &fact) else { return };
        let history = vec![HistoryEntry { seq: 0, at: now, fact }];
        let run = Run { place: self.known.len(), view, lease_end: now, history };
        self.known.insert(new.id.clone(), run);
    }

    /// Moves what waits as far as the wall was set, so that it waits no longer and no shorter.
    pub(super) fn follow(&mut self, look: &WallReading, jump: SignedDuration) {
        for run in self.known.values_mut() {
            run.lease_end = saturating_shift(run.lease_end, jump);
            if let Some(due) = run.view.due.filter(|due| look.keeps_waiting(*due)) {
                run.append(Fact::Moved { due: saturating_shift(due, jump) }, look.now);
            }
        }
    }

    pub(super) fn history(&self, run: &RunId, range: &Range<u64>) -> Vec<HistoryEntry> {
        let events = self.known.get(run).into_iter().flat_map(|run| &run.history);
        events.filter(|event| range.contains(&event.seq)).cloned().collect()
    }

    pub(super) fn view(&self, run: &RunId) -> Option<RunView> {
        self.known.get(run).map(|run| run.view.clone())
    }

    pub(super) fn views(&self, filter: &RunFilter) -> Vec<RunView> {
        let found = self.known.values().map(|run| &run.view).filter(|view| passes(filter, view));
        found.take(filter.limit.min(RunFilter::MOST)).cloned().collect()
    }

    /// The runs a claim may take now, best first, at most one of each lane.
    pub(super) fn claimable(&self, now: Timestamp, max: usize) -> Vec<RunId> {
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

    pub(super) fn claim(
        &mut self,
        run: &RunId,
        worker: &WorkerId,
        now: Timestamp,
        lease_end: Timestamp,
        deadline: Monotonic,
    ) -> Option<Claim> {
        let run = self.known.get_mut(run)?;
        let fence = self.fences.entry(run.view.lane.clone()).or_default();
        fence.0 += 1;
        run.lease_end = lease_end;
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
    pub(super) fn held(&mut self, claim: &Claim) -> Result<&mut Run, JournalError> {
        let run = self.known.get_mut(&claim.run).ok_or(JournalError::Fenced)?;
        let valid = run.view.state == RunState::Running && run.view.fence == claim.fence;
        if valid { Ok(run) } else { Err(JournalError::Fenced) }
    }

    pub(super) fn finish(
        &mut self,
        claim: &Claim,
        how: Finish,
        now: Timestamp,
    ) -> Result<(), JournalError> {
        let fact = Fact::Finished { fence: claim.fence, how };
        let repeated = |run: &Run| run.history.iter().any(|event| event.fact == fact);
        if self.known.get(&claim.run).is_some_and(repeated) {
            return Ok(());
        }
        self.held(claim)?.append(fact, now);
        Ok(())
    }

    pub(super) fn revive(
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

    pub(super) fn hasten(&mut self, run: &RunId, by: &str, now: Timestamp) -> Option<RunState> {
        let run = self.known.get_mut(run)?;
        let RunView { state, due, failures, .. } = run.view;
        if waits_as_planned((state, due, failures), now) {
            run.append(Fact::Revived { by: by.to_owned(), due: now }, now);
        }
        Some(state)
    }

    pub(super) fn reopen(
        &mut self,
        run: &RunId,
        why: &str,
        now: Timestamp,
    ) -> Result<bool, JournalError> {
        let no_such_run = || JournalError::NoSuchRun { run: run.clone() };
        let run = self.known.get_mut(run).ok_or_else(no_such_run)?;
        let is_over = run.view.state.is_over();
        if is_over {
            let how = Finish::reopened(why);
            run.append(Fact::Finished { fence: run.view.fence, how }, now);
        }
        Ok(is_over)
    }

    pub(super) fn counts(&self, now: Timestamp) -> Counts {
        let mut counts = Counts::default();
        for run in self.known.values() {
            let later = run.claimable_from().filter(|from| *from > now);
            match run.view.state {
                RunState::Ready if later.is_some() => counts.ready_later += 1,
                RunState::Ready => {
                    counts.ready_now += 1;
                    counts.oldest_due = counts.oldest_due.into_iter().chain(run.view.due).min();
                }
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
            RunState::Running => Some(self.lease_end),
            _ => self.view.due,
        }
    }

    fn append(&mut self, fact: Fact, at: Timestamp) {
        self.view.apply(&fact);
        self.history.push(HistoryEntry { seq: self.history.len() as u64, at, fact });
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

    pub(super) fn intend(&mut self, step: &StepName, now: Timestamp) {
        let fence = self.view.fence;
        let known = find(&self.view.steps, step);
        if !known.is_some_and(|record| record.settles_intent(fence)) {
            self.append(Fact::Intended { step: step.clone(), fence }, now);
        }
    }

    pub(super) fn record(
        &mut self,
        step: &StepName,
        result: StepResult,
        now: Timestamp,
    ) -> StepResult {
        if let Some(first) = find(&self.view.steps, step).and_then(StepRecord::result) {
            return first;
        }
        let fence = self.view.fence;
        self.append(Fact::Recorded { step: step.clone(), fence, result: result.clone() }, now);
        result
    }
}

fn passes(filter: &RunFilter, view: &RunView) -> bool {
    filter.state.is_none_or(|state| state == view.state)
        && filter.lane.as_ref().is_none_or(|lane| *lane == view.lane)
        && filter.after.as_ref().is_none_or(|after| view.id > *after)
}
