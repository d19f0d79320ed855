//! The right to work on a run.

use bytes::Bytes;
use connect_clock::Monotonic;

use crate::names::{Fence, Lane, RunId, StepName};
use crate::step::{StepRecord, StepResult, find};

/// The right to work on a run until the deadline, and everything needed to continue it.
///
/// ```
/// use std::num::NonZeroUsize;
/// use std::time::Duration;
/// use connect_clock::VirtualClock;
/// use connect_journal::{Journal, MemoryJournal, NewRun, StepResult};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let clock = VirtualClock::new("2026-03-01T12:00:00Z".parse()?);
/// let journal = MemoryJournal::new(clock.clone());
/// journal.offer(&[NewRun::new("order-1", "customer-7", "two chairs")]).await?;
///
/// let (lease, charge) = (Duration::from_secs(30), "charge".into());
/// let claim = journal.claim(&"worker".into(), NonZeroUsize::MIN, lease).await?.remove(0);
/// journal.record(&claim, &charge, StepResult::Done("receipt 12".into()), None).await?;
///
/// // The worker dies. Once its lease has run out, another finds what it has done.
/// clock.advance(lease);
/// let next = journal.claim(&"heir".into(), NonZeroUsize::MIN, lease).await?.remove(0);
/// assert_eq!(next.result(&charge), Some(StepResult::Done("receipt 12".into())));
/// assert!(journal.intend(&claim, &"ship".into()).await.is_err(), "the first claim is over");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The run to work on.
    pub run: RunId,
    /// Its lane, now closed to every other run.
    pub lane: Lane,
    /// The payload that was offered, or the news that woke the run last.
    pub payload: Bytes,
    /// Carried by every write of this claim; greater than that of any earlier claim of the lane.
    pub fence: Fence,
    /// Claims of this run so far, including this one.
    pub attempt: u32,
    /// [`Finish::Retry`](crate::Finish::Retry) finishes since the last other finish.
    pub failures: u32,
    /// Start nothing after this moment of the journal's clock: the time before the call, plus the
    /// lease. It is never later than the journal's own idea of when the lease ends.
    pub deadline: Monotonic,
    /// The steps that earlier attempts wrote down, in the order they were first mentioned.
    pub steps: Vec<StepRecord>,
}

impl Claim {
    /// Returns what an earlier attempt recorded for `step`, if any did.
    pub fn result(&self, step: &StepName) -> Option<StepResult> {
        find(&self.steps, step)?.result()
    }
}
