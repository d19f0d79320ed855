//! The ways to end a claim.

use bytes::Bytes;
use jiff::Timestamp;

use crate::names::StepName;
use crate::run::{Note, RunState};

/// An end of a claim, which says what becomes of its run.
///
/// Whatever ends a claim frees the lane for its other runs, unless `hold_lane` keeps it for this
/// one while it waits.
///
/// ```
/// use std::time::Duration;
/// use connect_clock::{Clock, saturating_add};
/// use connect_journal::{Claim, Finish};
///
/// /// The bank did not answer: the customer's other orders wait, too.
/// fn no_answer(claim: &Claim, clock: &dyn Clock) -> Finish {
///     let wait = Duration::from_secs(60) * 2u32.pow(claim.failures.min(8));
///     let due = saturating_add(clock.now(), wait);
///     Finish::Retry { due, why: "no answer from the bank".to_owned(), hold_lane: true }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// The work is over; the run never runs again.
    Done {
        /// The outcome of the work.
        outcome: Bytes,
    },
    /// Nothing to do until news: an offer with another payload makes the run ready again, an
    /// offer with the same payload leaves it idle.
    Idle {
        /// The outcome of the work, for now.
        outcome: Bytes,
    },
    /// It failed and is to be tried again. Counted in [`Claim::failures`](crate::Claim::failures).
    Retry {
        /// The time before which it is not claimed, by the wall's clock as it is when the claim is
        /// finished.
        due: Timestamp,
        /// The error, for those who read it.
        why: String,
        /// No other run of the lane may pass meanwhile.
        hold_lane: bool,
    },
    /// It is not time yet. Not a failure: [`Claim::failures`](crate::Claim::failures) starts again at zero.
    Wait {
        /// The time before which it is not claimed, by the wall's clock as it is when the claim is
        /// finished.
        due: Timestamp,
        /// The reason for waiting.
        why: String,
        /// No other run of the lane may pass meanwhile.
        hold_lane: bool,
    },
    /// A person has to look, and revive it.
    Park {
        /// The reason, for the person who looks.
        why: String,
        /// No other run of the lane may pass meanwhile.
        hold_lane: bool,
        /// The step the person is asked about, when one is in doubt: whoever revives the run then
        /// has answered for this step, and for no other.
        step: Option<StepName>,
    },
    /// The work is over and failed. A person may revive it.
    Dead {
        /// The error, for those who read it.
        why: String,
    },
}

/// The effect of a [`Finish`] on its run: the one place that says so, for every store.
pub(crate) struct FinishEffect {
    pub(crate) state: RunState,
    pub(crate) due: Option<Timestamp>,
    pub(crate) holds_lane: bool,
    pub(crate) note: Note,
    fails: bool,
}

impl FinishEffect {
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
    /// The end of a run that was over although its work is not.
    pub(crate) fn reopened(why: &str) -> Self {
        Self::Park { why: why.to_owned(), hold_lane: false, step: None }
    }

    pub(crate) fn effect(&self) -> FinishEffect {
        match self {
            Self::Done { outcome } => {
                FinishEffect::over(RunState::Done, Note::Outcome(outcome.clone()))
            }
            Self::Idle { outcome } => {
                FinishEffect::over(RunState::Idle, Note::Outcome(outcome.clone()))
            }
            Self::Retry { due, why, hold_lane } => {
                FinishEffect { fails: true, ..FinishEffect::waiting(due, why, *hold_lane) }
            }
            Self::Wait { due, why, hold_lane } => FinishEffect::waiting(due, why, *hold_lane),
            Self::Park { why, hold_lane, .. } => FinishEffect {
                holds_lane: *hold_lane,
                ..FinishEffect::over(RunState::Parked, Note::Why(why.clone()))
            },
            Self::Dead { why } => FinishEffect::over(RunState::Dead, Note::Why(why.clone())),
        }
    }
}
