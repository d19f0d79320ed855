//! The steps of a run, as a journal knows them.

use bytes::Bytes;

use crate::names::{Fence, StepName};

/// A step of a run, as the journal knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRecord {
    /// The step.
    pub step: StepName,
    /// The claim that wrote the present state.
    pub fence: Fence,
    /// The stage that the step is known to have reached.
    pub state: StepState,
}

impl StepRecord {
    /// Returns whether `fence` has nothing to add by intending the step.
    pub(crate) fn settles_intent(&self, fence: Fence) -> bool {
        self.state != StepState::Intended || self.fence == fence
    }

    /// Puts it in the place of the record that there is of its step, or else behind all others.
    pub fn put_into(self, steps: &mut Vec<Self>) {
        match steps.iter_mut().find(|record| record.step == self.step) {
            Some(record) => *record = self,
            None => steps.push(self),
        }
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

/// The stage that a step is known to have reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepState {
    /// A worker was about to act. Whether it did, nobody wrote down.
    Intended,
    /// It was carried out, with this output. Final.
    Done(Bytes),
    /// It was given up, for this reason. Final.
    GaveUp(String),
}

/// The end of a step.
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
