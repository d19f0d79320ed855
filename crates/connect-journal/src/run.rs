//! A run as it is offered and as it can be looked at.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use connect_clock::saturating_add;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::names::{Fence, Group, Lane, RunId, WorkerId};
use crate::step::StepRecord;

/// A piece of work to make known to the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRun {
    /// Its name for ever.
    pub id: RunId,
    /// The lane that it must not overlap with other runs of. Fixed by the first offer.
    pub lane: Lane,
    /// Anything that the worker needs to start; the journal only compares it.
    pub payload: Bytes,
    /// The time before which it is not claimed, by the wall's clock as it is when the run is
    /// offered; `None` is at once.
    pub due: Option<Timestamp>,
    /// The date by which it should be over. Of all runs that are due, claims take those first whose
    /// date is nearest; one without a date counts as if it should be over a [day](NewRun::NOMINAL)
    /// after its due time.
    pub urgent: Option<Timestamp>,
    /// What it has in common with other runs that may be stopped together. Fixed by the first offer
    /// that names one.
    pub group: Option<Group>,
}

impl NewRun {
    /// The time that a run without a date may take after its due time, as far as the order of claims
    /// is concerned. So no stream of urgent runs keeps it waiting for ever: once it has waited for a
    /// day, only what should have been over before it goes first.
    pub const NOMINAL: Duration = Duration::from_secs(24 * 60 * 60);

    /// A run that is due at once.
    pub fn new(id: impl Into<RunId>, lane: impl Into<Lane>, payload: impl Into<Bytes>) -> Self {
        Self {
            id: id.into(),
            lane: lane.into(),
            payload: payload.into(),
            due: None,
            urgent: None,
            group: None,
        }
    }

    /// The same run, not before `due`.
    pub fn due(self, due: Timestamp) -> Self {
        Self { due: Some(due), ..self }
    }

    /// The same run, to be over by `urgent` if that can be.
    pub fn urgent(self, urgent: Timestamp) -> Self {
        Self { urgent: Some(urgent), ..self }
    }

    /// The same run, as one of `group`.
    pub fn group(self, group: impl Into<Group>) -> Self {
        Self { group: Some(group.into()), ..self }
    }
}

/// Returns the date that orders a run among all that are due.
pub(crate) fn place_in_queue(urgent: Option<Timestamp>, due: Timestamp) -> Timestamp {
    urgent.unwrap_or_else(|| saturating_add(due, NewRun::NOMINAL))
}

/// The answer to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferResult {
    /// The run was not known and is ready now.
    New,
    /// The run was idle and the payload is news: it is ready again.
    Woken,
    /// The run was known, in this state, and keeps it.
    Known(RunState),
    /// The run was known, and the store cannot read what it knows; the offer changed nothing.
    Unreadable,
}

impl OfferResult {
    /// Returns the answer to an offer of a known run.
    pub(crate) fn known(state: RunState, same_payload: bool) -> Self {
        if state == RunState::Idle && !same_payload { Self::Woken } else { Self::Known(state) }
    }
}

/// Returns the date of urgency and the group of a known run after an offer that says something new
/// of them, given those before it.
pub(crate) fn requeued(
    offered: OfferResult,
    (urgent, group): (Option<Timestamp>, Option<Group>),
    new: &NewRun,
) -> Option<(Option<Timestamp>, Option<Group>)> {
    let changes = new.urgent.is_some_and(|new| urgent != Some(new))
        || (group.is_none() && new.group.is_some());
    let waits = matches!(offered, OfferResult::Woken | OfferResult::Known(RunState::Ready));
    (changes && waits).then(|| (new.urgent.or(urgent), group.or_else(|| new.group.clone())))
}

/// A stage in the life of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Waits for its due time, its lane and a worker.
    Ready,
    /// A worker holds a lease on it, or held one and died.
    Running,
    /// Has nothing to do until an offer brings news.
    Idle,
    /// Waits for a person.
    Parked,
    /// Ended well; never runs again.
    Done,
    /// Ended badly; runs again only when a person revives it.
    Dead,
}

impl RunState {
    /// Every state, in the order of a run's life.
    pub const ALL: [Self; 6] =
        [Self::Ready, Self::Running, Self::Idle, Self::Parked, Self::Done, Self::Dead];

    /// Returns whether nothing more happens to the run by itself, nor by news.
    pub(crate) fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Dead)
    }

    /// The state's name in stores and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Idle => "idle",
            Self::Parked => "parked",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for RunState {
    type Err = UnknownState;

    fn from_str(name: &str) -> Result<Self, UnknownState> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == name)
            .ok_or_else(|| UnknownState(name.to_owned()))
    }
}

/// A word that names no [`RunState`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no state of a run; use ready, running, idle, parked, done or dead")]
pub struct UnknownState(pub String);

/// A trace of the last finish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The reason for which the run waits, is parked or is dead.
    Why(String),
    /// The outcome of a run that is done or idle.
    Outcome(Bytes),
}

/// A run as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunView {
    /// The run.
    pub id: RunId,
    /// The lane that it must not overlap with other runs of.
    pub lane: Lane,
    /// The stage of its life.
    pub state: RunState,
    /// The time from which it may be claimed; `Some` exactly while it is ready.
    pub due: Option<Timestamp>,
    /// The date by which it should be over, if an offer said one.
    pub urgent: Option<Timestamp>,
    /// The group that it can be stopped with, if an offer named one.
    pub group: Option<Group>,
    /// Claims so far.
    pub attempt: u32,
    /// [`Finish::Retry`](crate::Finish::Retry) finishes since the last other finish.
    pub failures: u32,
    /// The fence of its latest claim; zero before the first.
    pub fence: Fence,
    /// The worker that claimed it; `Some` exactly while it is running.
    pub worker: Option<WorkerId>,
    /// No other run of its lane can be claimed: it runs, or it kept the lane when it last finished.
    pub holds_lane: bool,
    /// The payload that was offered, or the news that woke it last.
    pub payload: Bytes,
    /// Its steps, in the order they were first mentioned.
    pub steps: Vec<StepRecord>,
    /// The trace of the last finish; `None` before the first.
    pub note: Option<Note>,
}

impl RunView {
    /// Returns whether a person can [revive](crate::Journal::revive) it: it is parked or dead, or its due
    /// time is still to come.
    #[must_use]
    pub fn can_be_revived(&self, now: Timestamp) -> bool {
        can_be_revived((self.state, self.due), now)
    }
}

/// Returns whether a person can revive a run in `state`, due at `due`.
pub(crate) fn can_be_revived((state, due): (RunState, Option<Timestamp>), now: Timestamp) -> bool {
    match state {
        RunState::Parked | RunState::Dead => true,
        RunState::Ready => due.is_some_and(|due| due > now),
        RunState::Running | RunState::Idle | RunState::Done => false,
    }
}

/// A choice of runs to list. The default lists the first thousand of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFilter {
    /// Restricts the list to runs in this state.
    pub state: Option<RunState>,
    /// Restricts the list to runs of this lane.
    pub lane: Option<Lane>,
    /// Restricts the list to runs that are done or dead since before then.
    pub ended_before: Option<Timestamp>,
    /// Restricts the list to ids that sort after this one: the last id of the previous page.
    pub after: Option<RunId>,
    /// At most this many, and never more than [`RunFilter::MOST`].
    pub limit: usize,
}

impl RunFilter {
    /// The longest page.
    pub const MOST: usize = 1000;
}

impl Default for RunFilter {
    fn default() -> Self {
        Self { state: None, lane: None, ended_before: None, after: None, limit: Self::MOST }
    }
}

/// The number of runs, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Ready and due, whether or not their lane is free.
    pub ready_now: u64,
    /// Ready, with a due time still to come.
    pub ready_later: u64,
    /// Claimed and not finished.
    pub running: u64,
    /// Without anything to do until news arrives.
    pub idle: u64,
    /// Waiting for a person.
    pub parked: u64,
    /// Ended well.
    pub done: u64,
    /// Ended badly.
    pub dead: u64,
    /// The time at which time alone next changes something: the earliest due time of a ready run or
    /// end of a lease, of those still to come.
    pub next_due: Option<Timestamp>,
    /// The earliest due time of the runs that are ready and due: since then the oldest one waits.
    pub oldest_due: Option<Timestamp>,
}

impl Counts {
    /// The count of a state; of [`RunState::Ready`], the one of those that are due.
    pub(crate) fn of(&mut self, state: RunState) -> &mut u64 {
        match state {
            RunState::Ready => &mut self.ready_now,
            RunState::Running => &mut self.running,
            RunState::Idle => &mut self.idle,
            RunState::Parked => &mut self.parked,
            RunState::Done => &mut self.done,
            RunState::Dead => &mut self.dead,
        }
    }
}
