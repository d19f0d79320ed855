//! The history of a run: facts that are only ever added to.

use bytes::Bytes;
use jiff::Timestamp;

use crate::finish::Finish;
use crate::names::{Fence, Group, Lane, RunId, StepName, WorkerId};
use crate::run::{Note, RunState, RunView};
use crate::step::{StepRecord, StepResult, StepState};

/// One entry of a run's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Its place in the run's history: 0, 1, 2, …
    pub seq: u64,
    /// The time at which it was written, by the journal's clock.
    pub at: Timestamp,
    /// The fact.
    pub fact: Fact,
}

/// Something that happened to a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The run was made known. Always the first fact, and only that.
    Offered {
        /// Its lane, for ever.
        lane: Lane,
        /// The payload that was offered.
        payload: Bytes,
        /// The time from which it may first be claimed.
        due: Timestamp,
        /// The date by which it should be over.
        urgent: Option<Timestamp>,
        /// The group that it can be stopped with.
        group: Option<Group>,
    },
    /// Another offer of the run said something new about its place in the queue.
    Requeued {
        /// The date by which it should be over.
        urgent: Option<Timestamp>,
        /// The group that it can be stopped with.
        group: Option<Group>,
    },
    /// The run was idle and an offer brought news.
    Woken {
        /// The news; replaces the payload.
        payload: Bytes,
        /// The time from which it may be claimed.
        due: Timestamp,
    },
    /// A worker got a lease on the run.
    Claimed {
        /// The one who did it.
        worker: WorkerId,
        /// The claim's fence.
        fence: Fence,
        /// Claims so far, including this one.
        attempt: u32,
        /// The run was still running: its former worker's lease had run out.
        took_over: bool,
    },
    /// A worker was about to act.
    Intended {
        /// On this step.
        step: StepName,
        /// The claim that said so.
        fence: Fence,
    },
    /// A step ended.
    Recorded {
        /// The step.
        step: StepName,
        /// The claim that said so.
        fence: Fence,
        /// The end.
        result: StepResult,
    },
    /// A claim ended.
    Finished {
        /// The claim.
        fence: Fence,
        /// The end.
        how: Finish,
    },
    /// The wall's clock was set while the run waited, and its due time with it.
    Moved {
        /// The time from which it may be claimed.
        due: Timestamp,
    },
    /// A person made the run ready again, or it was brought forward because what it waits for may
    /// have come.
    Revived {
        /// The one who did it, or the news.
        by: String,
        /// The time from which it may be claimed.
        due: Timestamp,
    },
    /// What it was about was erased: payloads, values of steps and reasons, also those of earlier
    /// facts.
    Erased {
        /// The one who did it.
        by: String,
    },
}

/// Says of a run why it tells nothing.
pub(crate) fn erased(by: &str) -> String {
    format!("what it was about was erased by {by}")
}

/// The run as its whole history tells it: what [`Journal::run`](crate::Journal::run) answers, by
/// another way. `None` if the history does not begin with an offer.
///
/// ```
/// # use connect_clock::SystemClock;
/// # use connect_journal::*;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), JournalError> {
/// let journal = MemoryJournal::new(SystemClock);
/// journal.offer(&[NewRun::new("order-1", "customer-7", "two chairs")]).await?;
///
/// let run = "order-1".into();
/// let told = replay(&run, &journal.history(&run, 0..u64::MAX).await?);
/// assert_eq!(told, journal.run(&run).await?);
/// # Ok(())
/// # }
/// ```
pub fn replay(run: &RunId, events: &[HistoryEntry]) -> Option<RunView> {
    let (offer, rest) = events.split_first()?;
    let mut view = RunView::offered(run, &offer.fact)?;
    for event in rest {
        view.apply(&event.fact);
    }
    Some(view)
}

impl RunView {
    /// The run as its first fact leaves it; `None` if that is not an offer.
    pub(crate) fn offered(run: &RunId, fact: &Fact) -> Option<Self> {
        let Fact::Offered { lane, payload, due, urgent, group } = fact else { return None };
        Some(Self {
            id: run.clone(),
            lane: lane.clone(),
            state: RunState::Ready,
            due: Some(*due),
            urgent: *urgent,
            group: group.clone(),
            attempt: 0,
            failures: 0,
            fence: Fence(0),
            worker: None,
            holds_lane: false,
            payload: payload.clone(),
            steps: Vec::new(),
            note: None,
        })
    }

    /// The run after one more fact.
    pub(crate) fn apply(&mut self, fact: &Fact) {
        match fact {
            Fact::Offered { .. } => {}
            Fact::Requeued { urgent, group } => {
                self.urgent = *urgent;
                self.group.clone_from(group);
            }
            Fact::Woken { payload, due } => {
                self.payload = payload.clone();
                self.ready(*due);
            }
            Fact::Claimed { worker, fence, attempt, .. } => self.claimed(worker, *fence, *attempt),
            Fact::Intended { step, fence } => {
                StepRecord { step: step.clone(), fence: *fence, state: StepState::Intended }
                    .put_into(&mut self.steps);
            }
            Fact::Recorded { step, fence, result } => {
                StepRecord { step: step.clone(), fence: *fence, state: result.clone().into() }
                    .put_into(&mut self.steps);
            }
            Fact::Finished { how, .. } => self.finished(how),
            Fact::Moved { due } | Fact::Revived { due, .. } => self.ready(*due),
            Fact::Erased { by } => self.note = Some(Note::Why(erased(by))),
        }
    }

    fn ready(&mut self, due: Timestamp) {
        self.state = RunState::Ready;
        self.due = Some(due);
    }

    fn claimed(&mut self, worker: &WorkerId, fence: Fence, attempt: u32) {
        self.state = RunState::Running;
        self.due = None;
        self.worker = Some(worker.clone());
        self.fence = fence;
        self.attempt = attempt;
        self.holds_lane = true;
    }

    fn finished(&mut self, how: &Finish) {
        let ending = how.effect();
        self.state = ending.state;
        self.due = ending.due;
        self.failures = ending.failures(self.failures);
        self.worker = None;
        self.holds_lane = ending.holds_lane;
        self.note = Some(ending.note);
    }
}
