//! Requests that were with a worker when it ended. Nobody knows which of them has ended it, so each is handled
//! alone the next time: the one that ends workers shows itself, and ends no attempt at another.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The requests that are handled alone.
#[derive(Default)]
pub(crate) struct Suspects(Mutex<HashSet<String>>);

impl Suspects {
    /// Adds requests whose worker has ended.
    pub(crate) fn add(&self, requests: Vec<String>) {
        self.lock().extend(requests);
    }

    /// Returns whether a request is handled alone.
    pub(crate) fn has(&self, request: &str) -> bool {
        self.lock().contains(request)
    }

    /// Removes a request that a worker has survived.
    pub(crate) fn remove(&self, request: &str) {
        self.lock().remove(request);
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
