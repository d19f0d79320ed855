//! What became of the requests of a processor's life.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::conclude::Conclusion;
use crate::ending::Ending;

/// What became of the requests a processor worked on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What the runs came to, and how many to each.
    pub ended: BTreeMap<Ending, u64>,
    /// The runs of the journal that are not at an end, with the reason.
    pub leftovers: Vec<Leftover>,
    /// Requests that the platform listed and that could not be read at all.
    pub unreadable: Vec<String>,
}

/// A run that is not at an end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leftover {
    /// The request.
    pub request: String,
    /// `waiting` until it is due, or `parked` for a person.
    pub state: &'static str,
    /// When it is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<jiff::Timestamp>,
    /// Why.
    pub why: String,
}

impl Report {
    /// Whether everything came to an end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.leftovers.is_empty() && self.unreadable.is_empty()
    }

    /// How many runs came to an end.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.ended.values().sum()
    }
}

/// The counts of a running processor.
#[derive(Default)]
pub(crate) struct Tally(Mutex<BTreeMap<Ending, u64>>);

impl Tally {
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
