//! Requests that are to look again now, because what they wait for may have come.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use connect_clock::Monotonic;
use tokio::sync::Notify;

/// The most requests that are to be woken at the same time.
const MOST: usize = 10_000;

/// The requests that somebody asked to be woken.
#[derive(Default)]
pub(crate) struct Wakes {
    asked: Mutex<BTreeMap<String, Option<Monotonic>>>,
    given: Notify,
}

impl Wakes {
    /// Asks for a request to be woken. Says whether there was room.
    pub(crate) fn ask(&self, request: &str) -> bool {
        let mut asked = self.asked();
        if asked.len() >= MOST && !asked.contains_key(request) {
            return false;
        }
        asked.insert(request.to_owned(), None);
        self.given.notify_one();
        true
    }

    /// Waits until a request is to be woken, and takes all that are.
    pub(crate) async fn given(&self) -> BTreeMap<String, Option<Monotonic>> {
        loop {
            let asked = std::mem::take(&mut *self.asked());
            if !asked.is_empty() {
                return asked;
            }
            self.given.notified().await;
        }
    }

    /// Keeps a request that cannot be woken yet, unless it was asked for anew.
    pub(crate) fn keep(&self, request: String, since: Monotonic) {
        self.asked().entry(request).or_insert(Some(since));
    }

    fn asked(&self) -> MutexGuard<'_, BTreeMap<String, Option<Monotonic>>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
