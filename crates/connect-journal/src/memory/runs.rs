//! The contents of a journal in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use bytes::Bytes;
use connect_clock::{Monotonic, saturating_shift};
use jiff::{SignedDuration, Timestamp};

use crate::claim::Claim;
use crate::control::Control;
use crate::control_check::check_room;
use crate::error::JournalError;
use crate::finish::Finish;
use crate::history::{Fact, HistoryEntry};
use crate::names::{ControlName, Fence, Group, Lane, RunId, StepName, WorkerId};
use crate::note::{AttemptNote, LAST_ATTEMPTS};
use crate::revival::{revival, waits_as_planned};
use crate::run::{
    Counts, NewRun, OfferResult, RunFilter, RunState, RunView, place_in_queue, requeued,
};
use crate::steady::WallReading;
use crate::step::{StepRecord, StepResult, find};

/// All runs, and the latest claim of each lane.
#[derive(Default)]
pub(super) struct Runs {
    known: BTreeMap<RunId, Run>,
    /// The number of runs that were ever offered.
    offered: usize,
    /// The latest fence of each lane.
    fences: BTreeMap<Lane, Fence>,
    controls: BTreeMap<ControlName, Control>,
}

pub(super) struct Run {
    /// The number of runs that were offered before it.
    place: usize,
    view: RunView,
    /// Means something only while it is running.
    pub(super) lease_end: Timestamp,
    history: Vec<HistoryEntry>,
    notes: Vec<AttemptNote>,
}

impl Runs {
    pub(super) fn offer(&mut self, new: &NewRun, now: Timestamp) -> OfferResult {
        let due = new.due.unwrap_or(now);
        let Some(run) = self.known.get_mut(&new.id) else {
            self.know(new, due, now);
            return OfferResult::New;
        };
        let offered = OfferResult::known(run.view.state, run.view.payload == new.payload);
        let queued = (run.view.urgent, run.view.group.clone());
        if let Some((urgent, group)) = requeued(offered, queued, new) {
            run.append(Fact::Requeued { urgent, group }, now);
        }
        if offered == OfferResult::Woken {
            run.append(Fact::Woken { payload: new.payload.clone(), due }, now);
        }
        offered
    }

    fn know(&mut self, new: &NewRun, due: Timestamp, now: Timestamp) {
        let NewRun { lane, payload, urgent, group, .. } = new.clone();
        let fact = Fact::Offered { lane, payload, due, urgent, group };
        let Some(view) = RunView::offered(&new.id, &fact) else { return };
        let history = vec![HistoryEntry { seq: 0, at: now, fact }];
        let (notes, place) = (Vec::new(), self.offered);
        let run = Run { place, view, lease_end: now, history, notes };
        self.offered += 1;
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

    pub(super) fn notes(&self, run: &RunId) -> Vec<AttemptNote> {
        self.known.get(run).map(|run| run.notes.clone()).unwrap_or_default()
    }

    pub(super) fn view(&self, run: &RunId) -> Option<RunView> {
        self.known.get(run).map(|run| run.view.clone())
    }

    pub(super) fn views(&self, filter: &RunFilter) -> Vec<RunView> {
        let found = self.known.values().filter(|run| passes(filter, run));
        found.take(filter.limit.min(RunFilter::MOST)).map(|run| run.view.clone()).collect()
    }

    /// Keeps the fences of their lanes, so that no claim of old is taken for one to come.
    pub(super) fn remove(&mut self, runs: &[RunId], ended_before: Timestamp) -> u64 {
        let known = self.known.len();
        self.known.retain(|id, run| !runs.contains(id) || !run.ended_before(ended_before));
        (known - self.known.len()) as u64
    }

    /// The runs a claim may take now, best first, at most one of each lane.
    pub(super) fn claimable(&self, now: Timestamp, max: usize, except: &[Group]) -> Vec<RunId> {
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
        due.sort_by_key(|(from, run)| (*from, run.place));
        let mut lanes = BTreeSet::new();
        due.retain(|(_, run)| lanes.insert(&run.view.lane));
        due.retain(|(_, run)| run.view.group.as_ref().is_none_or(|group| !except.contains(group)));
        due.sort_by_key(|(from, run)| match run.view.state {
            RunState::Running => (false, *from, run.place),
            _ => (true, place_in_queue(run.view.urgent, *from), run.place),
        });
        due.into_iter().take(max).map(|(_, run)| run.view.id.clone()).collect()
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

    pub(super) fn set_control(
        &mut self,
        name: &ControlName,
        value: Option<Bytes>,
        by: &str,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        let Some(value) = value else {
            self.controls.remove(name);
            return Ok(());
        };
        let others = self.controls.keys().filter(|known| *known != name).count();
        check_room(others as u64)?;
        let control = Control { name: name.clone(), value, by: by.to_owned(), at };
        self.controls.insert(name.clone(), control);
        Ok(())
    }

    pub(super) fn controls(&self) -> Vec<Control> {
        self.controls.values().cloned().collect()
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

    /// Whether it is over since before then. Nothing happens to a run after its end.
    fn ended_before(&self, then: Timestamp) -> bool {
        self.view.state.is_over() && self.history.last().is_some_and(|event| event.at < then)
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

    /// Records a step, and notes something about it unless it was recorded before.
    pub(super) fn record_noting(
        &mut self,
        step: &StepName,
        result: StepResult,
        note: Bytes,
        now: Timestamp,
    ) -> StepResult {
        if find(&self.view.steps, step).and_then(StepRecord::result).is_none() {
            self.note(step, note, true, now);
        }
        self.record(step, result, now)
    }

    /// Notes something about steps without a result, and forgets what was noted in such attempts
    /// between the first and the last ones.
    pub(super) fn note_failed(&mut self, notes: &[(StepName, Bytes)], now: Timestamp) {
        for (step, note) in notes {
            self.note(step, note.clone(), false, now);
        }
        let mut failed = self.notes.iter().filter(|note| !note.is_recorded);
        let first = failed.next().map(|note| note.attempt);
        let last = self.view.attempt.saturating_sub(LAST_ATTEMPTS);
        self.notes
            .retain(|note| note.is_recorded || Some(note.attempt) == first || note.attempt > last);
    }

    fn note(&mut self, step: &StepName, body: Bytes, is_recorded: bool, at: Timestamp) {
        let (attempt, step) = (self.view.attempt, step.clone());
        self.notes.push(AttemptNote { attempt, at, step, is_recorded, body });
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

fn passes(filter: &RunFilter, run: &Run) -> bool {
    let view = &run.view;
    filter.ended_before.is_none_or(|then| run.ended_before(then))
        && filter.state.is_none_or(|state| state == view.state)
        && filter.lane.as_ref().is_none_or(|lane| *lane == view.lane)
        && filter.after.as_ref().is_none_or(|after| view.id > *after)
}
