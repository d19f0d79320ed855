//! Tells idle workers of this process that a claim may be worth trying again.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

use crate::{Clock, clock::after};

/// Counts how often something became claimable, and remembers the count at which a claim last
/// found less than it asked for: whoever waits is woken by anything newer, so no news is lost
/// between a claim that came back empty and the wait that follows it.
pub(crate) struct Bell {
    rung: watch::Sender<u64>,
    quiet: Mutex<Quiet>,
}

/// The state of affairs when a claim last came back short.
#[derive(Clone, Copy, Default)]
struct Quiet {
    rung: u64,
    next_due: Option<Timestamp>,
}

impl Bell {
    /// Rings once for whatever was there before.
    pub(crate) fn new() -> Self {
        Self { rung: watch::Sender::new(1), quiet: Mutex::default() }
    }

    /// Something may have become claimable.
    pub(crate) fn ring(&self) {
        self.rung.send_modify(|rung| *rung += 1);
    }

    /// To be called before a claim, for [`Bell::came_back_short`] after it.
    pub(crate) fn listen(&self) -> u64 {
        *self.rung.borrow()
    }

    /// The claim that began at `rung` left nothing claimable before `next_due`.
    pub(crate) fn came_back_short(&self, rung: u64, next_due: Option<Timestamp>) {
        let mut quiet = self.quiet();
        if rung >= quiet.rung {
            *quiet = Quiet { rung, next_due };
        }
    }

    /// Returns at `until`, at the next due time, or at the next ring, whichever is first.
    pub(crate) async fn wait(&self, until: Instant, clock: &dyn Clock) {
        let quiet = *self.quiet();
        let until = quiet.next_due.map_or(until, |due| until.min(local_instant(due, clock)));
        let mut rung = self.rung.subscribe();
        // Either way it is time to look again; the sender lives as long as `self`.
        let _ = timeout_at(until, rung.wait_for(|rung| *rung > quiet.rung)).await;
    }

    fn quiet(&self) -> MutexGuard<'_, Quiet> {
        self.quiet.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn local_instant(due: Timestamp, clock: &dyn Clock) -> Instant {
    let wait = due.duration_since(clock.now()).try_into().unwrap_or_default();
    after(Instant::now(), wait)
}
