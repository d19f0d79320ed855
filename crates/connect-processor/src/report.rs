//! What became of the requests of a processor's life.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

/// What became of the requests a processor worked on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many runs ended in each way: `approved`, `failed`, `inquired`, `scheduled`, `skipped`,
    /// `gone`, `settled elsewhere`.
    pub ended: BTreeMap<&'static str, u64>,
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
#[derive(Clone, Default)]
pub(crate) struct Tally(Arc<Mutex<BTreeMap<&'static str, u64>>>);

impl Tally {
    pub(crate) fn count(&self, how: &'static str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(how).or_default() += 1;
    }

    pub(crate) fn total(&self) -> u64 {
        self.counts().values().sum()
    }

    pub(crate) fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
