//! All that a journal knows of one run.

use connect_journal::{AttemptNote, Fact, Finish, HistoryEntry, Journal, JournalError};
use connect_journal::{RunFilter, RunId, RunState, RunView, StepName};
use connect_processor::{Drain, Pause, VendorDown, draining, paused, vendors_down};

/// All that a journal knows of one run, and of what may keep it from being worked on.
#[derive(Clone, Debug)]
pub struct RunStory {
    /// The run as it is now.
    pub run: RunView,
    /// What happened to it.
    pub history: Vec<HistoryEntry>,
    /// What was said to the vendor.
    pub notes: Vec<AttemptNote>,
    /// What is paused.
    pub paused: Vec<Pause>,
    /// Whether the processors were told to end.
    pub drain: Option<Drain>,
    /// The vendors that are left alone.
    pub down: Vec<VendorDown>,
    /// Another run of the same subscription, which has the lane.
    pub before: Option<RunView>,
}

impl RunStory {
    /// Reads it; `None` where the journal does not know the run.
    ///
    /// # Errors
    ///
    /// When the journal cannot be read.
    pub async fn read(journal: &dyn Journal, id: &RunId) -> Result<Option<Self>, JournalError> {
        let Some(run) = journal.run(id).await? else { return Ok(None) };
        Ok(Some(Self {
            history: journal.history(id, 0..u64::MAX).await?,
            notes: journal.notes(id).await?,
            paused: paused(journal).await?,
            drain: draining(journal).await?,
            down: vendors_down(journal).await?,
            before: before(journal, &run).await?,
            run,
        }))
    }

    /// Returns the step that a parked run asks a person about.
    #[must_use]
    pub fn asked_about(&self) -> Option<&StepName> {
        asked_about(&self.run, &self.history)
    }

    /// Returns how the last attempt ended.
    pub(crate) fn last_finish(&self) -> Option<&Finish> {
        last_finish(&self.history)
    }
}

/// Returns the step that a parked run with this history asks a person about.
#[must_use]
pub fn asked_about<'a>(run: &RunView, history: &'a [HistoryEntry]) -> Option<&'a StepName> {
    match last_finish(history)? {
        Finish::Park { step, .. } if run.state == RunState::Parked => step.as_ref(),
        _ => None,
    }
}

fn last_finish(history: &[HistoryEntry]) -> Option<&Finish> {
    history.iter().rev().find_map(|entry| match &entry.fact {
        Fact::Finished { how, .. } => Some(how),
        _ => None,
    })
}

/// Returns another run that has the lane of this one: it is at work, or keeps the lane while it waits.
async fn before(journal: &dyn Journal, run: &RunView) -> Result<Option<RunView>, JournalError> {
    if run.state != RunState::Ready || run.holds_lane {
        return Ok(None);
    }
    let lane = RunFilter { lane: Some(run.lane.clone()), ..RunFilter::default() };
    let runs = journal.runs(&lane).await?;
    Ok(runs.into_iter().find(|other| other.id != run.id && other.holds_lane))
}
