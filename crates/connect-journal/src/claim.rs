//! A worker's view: the claim, its steps, and the ways to finish.

use bytes::Bytes;
use connect_clock::Monotonic;
use jiff::Timestamp;

use crate::{Fence, Lane, Note, RunId, RunState, StepName};

/// The right to work on a run until the deadline, and everything needed to continue it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The run to work on.
    pub run: RunId,
    /// Its lane, now closed to every other run.
    pub lane: Lane,
    /// What was offered, or the news that woke the run last.
    pub payload: Bytes,
    /// Carried by every write of this claim; greater than that of any earlier claim of the lane.
    pub fence: Fence,
    /// Claims of this run so far, including this one.
    pub attempt: u32,
    /// [`Finish::Retry`] finishes since the last other finish.
    pub failures: u32,
    /// Start nothing after this moment of the journal's clock: the time before the call, plus the
    /// lease. It is never later than the journal's own idea of when the lease ends.
    pub deadline: Monotonic,
    /// What earlier attempts wrote down, in the order the steps were first mentioned.
    pub steps: Vec<StepRecord>,
}

impl Claim {
    /// What an earlier attempt recorded for `step`, if any did.
    pub fn result(&self, step: &StepName) -> Option<StepResult> {
        find(&self.steps, step)?.result()
    }
}

/// What the journal knows about one step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRecord {
    /// The step.
    pub step: StepName,
    /// The claim that wrote the present state.
    pub fence: Fence,
    /// How far the step is known to have come.
    pub state: StepState,
}

impl StepRecord {
    /// Whether `fence` has nothing to add by intending the step.
    pub(crate) fn settles_intent(&self, fence: Fence) -> bool {
        self.state != StepState::Intended || self.fence == fence
    }

    /// The recorded result; `None` while the step is only intended.
    pub fn result(&self) -> Option<StepResult> {
        match &self.state {
            StepState::Intended => None,
            StepState::Done(output) => Some(StepResult::Done(output.clone())),
            StepState::GaveUp(why) => Some(StepResult::GaveUp(why.clone())),
        }
    }
}

pub(crate) fn find<'a>(steps: &'a [StepRecord], step: &StepName) -> Option<&'a StepRecord> {
    steps.iter().find(|record| record.step == *step)
}

/// How far a step is known to have come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepState {
    /// A worker was about to act. Whether it did, nobody wrote down.
    Intended,
    /// It was carried out, with this output. Final.
    Done(Bytes),
    /// It was given up, for this reason. Final.
    GaveUp(String),
}

/// How a step ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepResult {
    /// It was carried out, with this output.
    Done(Bytes),
    /// It was given up, for this reason.
    GaveUp(String),
}

impl From<StepResult> for StepState {
    fn from(result: StepResult) -> Self {
        match result {
            StepResult::Done(output) => Self::Done(output),
            StepResult::GaveUp(why) => Self::GaveUp(why),
        }
    }
}

/// How a claim ends, and what becomes of its run.
///
/// Whatever ends a claim frees the lane for its other runs, unless `hold_lane` keeps it for this
/// one while it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The work is over; the run never runs again.
    Done {
        /// What it came to.
        outcome: Bytes,
    },
    /// Nothing to do until news: an offer with another payload makes the run ready again, an
    /// offer with the same payload leaves it idle.
    Idle {
        /// What it came to, for now.
        outcome: Bytes,
    },
    /// It failed and is to be tried again. Counted in [`Claim::failures`].
    Retry {
        /// Not before this time, by the wall's clock as it is when the claim is finished.
        due: Timestamp,
        /// What failed.
        why: String,
        /// No other run of the lane may pass meanwhile.
        hold_lane: bool,
    },
    /// It is not time yet. Not a failure: [`Claim::failures`] starts again at zero.
    Wait {
        /// Not before this time, by the wall's clock as it is when the claim is finished.
        due: Timestamp,
        /// What it waits for.
        why: String,
        /// No other run of the lane may pass meanwhile.
        hold_lane: bool,
    },
    /// A person has to look, and revive it.
    Park {
        /// What the person should know.
        why: String,
        /// No other run of the lane may pass meanwhile.
        hold_lane: bool,
        /// The step the person is asked about, when one is in doubt: whoever revives the run then
        /// has answered for this step, and for no other.
        step: Option<StepName>,
    },
    /// The work is over and failed. A person may revive it.
    Dead {
        /// What failed.
        why: String,
    },
}

/// What a [`Finish`] leaves of its run: the one place that says so, for every store.
pub(crate) struct Ending {
    pub(crate) state: RunState,
    pub(crate) due: Option<Timestamp>,
    pub(crate) holds_lane: bool,
    pub(crate) note: Note,
    fails: bool,
}

impl Ending {
    /// The run's failures after this ending, given those before it.
    pub(crate) fn failures(&self, before: u32) -> u32 {
        if self.fails { before.saturating_add(1) } else { 0 }
    }

    fn over(state: RunState, note: Note) -> Self {
        Self { state, due: None, holds_lane: false, note, fails: false }
    }

    fn waiting(due: &Timestamp, why: &str, holds_lane: bool) -> Self {
        let note = Note::Why(why.to_owned());
        Self { state: RunState::Ready, due: Some(*due), holds_lane, note, fails: false }
    }
}

impl Finish {
    /// What becomes of a run that was over although its work is not.
    pub(crate) fn reopened(why: &str) -> Self {
        Self::Park { why: why.to_owned(), hold_lane: false, step: None }
    }

    pub(crate) fn ending(&self) -> Ending {
        match self {
            Self::Done { outcome } => Ending::over(RunState::Done, Note::Outcome(outcome.clone())),
            Self::Idle { outcome } => Ending::over(RunState::Idle, Note::Outcome(outcome.clone())),
            Self::Retry { due, why, hold_lane } => {
                Ending { fails: true, ..Ending::waiting(due, why, *hold_lane) }
            }
            Self::Wait { due, why, hold_lane } => Ending::waiting(due, why, *hold_lane),
            Self::Park { why, hold_lane, .. } => Ending {
                holds_lane: *hold_lane,
                ..Ending::over(RunState::Parked, Note::Why(why.clone()))
            },
            Self::Dead { why } => Ending::over(RunState::Dead, Note::Why(why.clone())),
        }
    }
}
