//! The leases of this process, and keeping them.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use connect_journal::{Claim, Journal, JournalError, RunId};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::Failure;
use crate::failure::chain;

/// A run this process holds: its claim, and until when.
pub(crate) struct Held {
    claim: Claim,
    journal: Arc<dyn Journal>,
    deadline: watch::Sender<Instant>,
    lost: CancellationToken,
}

impl Held {
    pub(crate) fn new(claim: Claim, journal: Arc<dyn Journal>) -> Arc<Self> {
        let deadline = watch::Sender::new(claim.deadline);
        Arc::new(Self { claim, journal, deadline, lost: CancellationToken::new() })
    }

    pub(crate) fn claim(&self) -> &Claim {
        &self.claim
    }

    pub(crate) fn journal(&self) -> &dyn Journal {
        self.journal.as_ref()
    }

    /// Runs `work` for as long as the lease holds, and drops it when the lease is lost: whatever
    /// is on the wire then can not be recalled, but nothing more is begun.
    pub(crate) async fn guard<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        if self.lost.is_cancelled() || Instant::now() >= *self.deadline.borrow() {
            return Err(Failure::Journal(JournalError::Fenced));
        }
        tokio::select! {
            done = work => Ok(done),
            () = self.expired() => Err(Failure::Journal(JournalError::Fenced)),
        }
    }

    /// Returns when the lease was lost or ran out without being renewed.
    async fn expired(&self) {
        let mut changes = self.deadline.subscribe();
        loop {
            let until = *changes.borrow_and_update();
            tokio::select! {
                () = self.lost.cancelled() => return,
                changed = changes.changed() => if changed.is_err() { return },
                () = tokio::time::sleep_until(until) => return,
            }
        }
    }
}

/// All leases this process holds.
#[derive(Clone, Default)]
pub(crate) struct Leases {
    held: Arc<Mutex<HashMap<RunId, Arc<Held>>>>,
}

impl Leases {
    pub(crate) fn add(&self, held: &Arc<Held>) {
        self.lock().insert(held.claim.run.clone(), Arc::clone(held));
    }

    pub(crate) fn remove(&self, held: &Held) {
        self.lock().remove(&held.claim.run);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RunId, Arc<Held>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Renews every lease at a third of its length, for ever.
    pub(crate) async fn keep(&self, journal: &dyn Journal, lease: Duration) {
        let mut beat = tokio::time::interval(lease / 3);
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            self.renew(journal, lease).await;
        }
    }

    async fn renew(&self, journal: &dyn Journal, lease: Duration) {
        let held: Vec<Arc<Held>> = self.lock().values().cloned().collect();
        if held.is_empty() {
            return;
        }
        let claims: Vec<&Claim> = held.iter().map(|held| &held.claim).collect();
        match journal.renew(&claims, lease).await {
            Ok(deadlines) => {
                for (held, deadline) in held.iter().zip(deadlines) {
                    match deadline {
                        Some(deadline) => drop(held.deadline.send_replace(deadline)),
                        None => held.lost.cancel(),
                    }
                }
            }
            Err(error) => {
                warn!(code = error.code(), error = chain(&error), "leases could not be renewed");
            }
        }
    }
}
