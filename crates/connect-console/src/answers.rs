//! What a person can do about a run.

use std::time::Duration;

use connect_journal::{Finish, Journal, JournalError, RunId, RunState, RunView, WorkerId};
use jiff::Timestamp;
use serde::Serialize;

/// The lease under which a run is parked: it is written at once.
const LEASE: Duration = Duration::from_secs(10);

/// What a person can do about a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To have a run that waits worked on now.
    TryNow,
    /// To let a run go on that is parked or has failed for good.
    Revive,
    /// To leave a run alone until it is revived.
    Park,
    /// To decide the request in Connect by hand, while the processor leaves it alone.
    TakeOver,
}

/// A reason why an answer could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// A run that is in no state for it, or is at work just now.
    #[error("{run} cannot be parked now: it is at work, or another request of its subscription is")]
    Busy {
        /// The run.
        run: RunId,
    },
    /// The journal refused.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Answer {
    /// Returns what can be done about a run as it is now.
    #[must_use]
    pub fn of(run: &RunView, now: Timestamp) -> Vec<Self> {
        let waits = run.due.is_some_and(|due| due > now);
        match run.state {
            RunState::Ready if waits => vec![Self::TryNow, Self::Park, Self::TakeOver],
            RunState::Ready => vec![Self::Park, Self::TakeOver],
            RunState::Parked | RunState::Dead => vec![Self::Revive],
            RunState::Running | RunState::Idle | RunState::Done => Vec::new(),
        }
    }

    /// Returns the words for a button.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::TryNow => "Try now",
            Self::Revive => "Revive",
            Self::Park => "Park",
            Self::TakeOver => "Take over by hand",
        }
    }

    /// Returns what it does.
    #[must_use]
    pub fn effect(self) -> &'static str {
        match self {
            Self::TryNow => "the processor works on it at once",
            Self::Revive => {
                "the processor goes on with it; steps that are done are not repeated, and a step that a \
                 person was asked about may act again"
            }
            Self::Park => "the processor leaves it alone until it is revived",
            Self::TakeOver => {
                "the processor leaves it alone, and you decide the request in Connect yourself"
            }
        }
    }

    /// Does it, in the name of a person. Doing it twice has no second effect.
    ///
    /// # Errors
    ///
    /// [`AnswerError::Busy`] when the run is at work, and what the journal refuses: an unknown run, or one
    /// that is in no state for it.
    pub async fn give(
        self,
        journal: &dyn Journal,
        run: &RunId,
        by: &str,
        now: Timestamp,
    ) -> Result<(), AnswerError> {
        match self {
            Self::TryNow | Self::Revive => Ok(journal.revive(run, now, by).await?),
            Self::Park => park(journal, run, (&format!("parked by {by}"), by), now).await,
            Self::TakeOver => {
                let why = format!("taken over by {by}, who decides the request in Connect");
                park(journal, run, (&why, by), now).await
            }
        }
    }
}

/// Parks a run: it is claimed, as for an attempt, and given back with the reason.
async fn park(
    journal: &dyn Journal,
    id: &RunId,
    (why, by): (&str, &str),
    now: Timestamp,
) -> Result<(), AnswerError> {
    let unknown = || JournalError::NoSuchRun { run: id.clone() };
    let run = journal.run(id).await?.ok_or_else(unknown)?;
    if run.state == RunState::Parked {
        return Ok(());
    }
    if run.due.is_some_and(|due| due > now) {
        journal.revive(id, now, by).await?;
    }
    let claim = journal.claim_run(&WorkerId::from(by), id, LEASE, &[]).await?;
    let claim = claim.ok_or_else(|| AnswerError::Busy { run: id.clone() })?;
    let how = Finish::Park { why: why.to_owned(), hold_lane: false, step: None };
    Ok(journal.finish(&claim, how).await?)
}
