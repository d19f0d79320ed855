//! The due time of a run that a person revives, and which runs news brings forward.

use jiff::Timestamp;

use crate::error::JournalError;
use crate::names::RunId;
use crate::run::{RunState, can_be_revived};

/// Returns when a run in `state`, due at `due`, is due once a person revives it for `asked`: a
/// revival never postpones.
pub(crate) fn revival(
    run: &RunId,
    (state, due): (RunState, Option<Timestamp>),
    asked: Timestamp,
    now: Timestamp,
) -> Result<Timestamp, JournalError> {
    if !can_be_revived((state, due), now) {
        return Err(JournalError::NotRevivable { run: run.clone(), state });
    }
    Ok(due.filter(|_| state == RunState::Ready).map_or(asked, |due| asked.min(due)))
}

/// Returns whether a run in `state`, due at `due` after so many failures, waits as it was planned to.
pub(crate) fn waits_as_planned(
    (state, due, failures): (RunState, Option<Timestamp>, u32),
    now: Timestamp,
) -> bool {
    state == RunState::Ready && failures == 0 && due.is_some_and(|due| due > now)
}
