//! The job of one month.

use connect_journal::RunId;
use connect_model::DateTime;
use serde::{Deserialize, Serialize};

use crate::usage::month::Month;

/// The lane of all jobs: they are done one after the other.
pub(crate) const LANE: &str = "report";

/// A job that is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MonthlyTask {
    /// The month that it is about.
    pub(crate) month: Month,
    /// The moment at which it was due when it was first heard of. A schedule that changes later changes
    /// nothing about it: code that asks for the date has to see the same in each attempt.
    pub(crate) due: DateTime,
}

impl MonthlyTask {
    /// Returns the id of the run of a month.
    pub(crate) fn id_of(month: Month) -> RunId {
        RunId::from(format!("{LANE}-{month}"))
    }

    /// Returns the id of its run.
    pub(crate) fn id(&self) -> RunId {
        Self::id_of(self.month)
    }
}
