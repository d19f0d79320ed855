//! Notes on attempts, for whoever looks at a run later.

use bytes::Bytes;
use jiff::Timestamp;

use crate::names::StepName;

/// The last attempts without a result whose notes are kept, beside those of the first.
pub(crate) const LAST_ATTEMPTS: u32 = 9;

/// Something that was noted about a step in one attempt. The journal does not understand it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptNote {
    /// The attempt.
    pub attempt: u32,
    /// The time at which it was written, by the journal's clock.
    pub at: Timestamp,
    /// The step.
    pub step: StepName,
    /// The step has its result from this attempt; otherwise the attempt ended without one.
    pub is_recorded: bool,
    /// What was noted.
    pub body: Bytes,
}
