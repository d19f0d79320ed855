//! The result of a processor's life.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use crate::conclusion::Conclusion;
use crate::ending::Ending;

/// The result of a processor's work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The endings that runs came to, and how many to each.
    pub ended: BTreeMap<Ending, u64>,
    /// The runs of the journal that are not at an end, with the reason.
    pub open: Vec<OpenRun>,
    /// Requests that the platform listed and that could not be read at all.
    pub unreadable: Vec<String>,
}

/// A run that is not at an end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenRun {
    /// The request.
    pub request: String,
    /// `waiting` until it is due, or `parked` for a person.
    pub state: &'static str,
    /// The time at which it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<jiff::Timestamp>,
    /// The reason.
    pub why: String,
}

impl Report {
    /// Returns whether everything came to an end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.open.is_empty() && self.unreadable.is_empty()
    }

    /// Returns how many runs came to an end.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.ended.values().sum()
    }
}

/// The counts of a running processor.
#[derive(Clone, Default)]
pub(crate) struct EndingCounts(Arc<Mutex<BTreeMap<Ending, u64>>>);

impl EndingCounts {
    /// Counts what a run has come to, unless it only waits.
    pub(crate) fn count(&self, conclusion: &Conclusion) {
        let (Conclusion::Ended(ending) | Conclusion::Idle(ending)) = conclusion else { return };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(ending.clone()).or_default() += 1;
    }

    pub(crate) fn total(&self) -> u64 {
        self.counts().values().sum()
    }

    pub(crate) fn counts(&self) -> BTreeMap<Ending, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
