//! Hints that a list of pending requests has changed.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

/// The collections that somebody gave a hint about since they were last looked at.
#[derive(Default)]
pub(crate) struct Hints {
    collections: Mutex<BTreeSet<&'static str>>,
    given: Notify,
}

impl Hints {
    pub(crate) fn give(&self, collection: &'static str) {
        self.collections.lock().unwrap_or_else(PoisonError::into_inner).insert(collection);
        self.given.notify_one();
    }

    /// Takes all hints, and so answers them.
    pub(crate) fn take(&self) -> BTreeSet<&'static str> {
        std::mem::take(&mut *self.collections.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits for a hint, and takes all there are.
    pub(crate) async fn given(&self) -> BTreeSet<&'static str> {
        loop {
            let hints = self.take();
            if !hints.is_empty() {
                return hints;
            }
            self.given.notified().await;
        }
    }
}
