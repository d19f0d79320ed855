//! Tells idle workers of this process that a claim may be worth trying again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use connect_clock::{Clock, Monotonic};
use jiff::Timestamp;
use tokio::sync::watch;

/// Counts how often something became claimable, and remembers the count at which a claim last
/// found less than it asked for: whoever waits is woken by anything newer, so no news is lost
/// between a claim that came back empty and the wait that follows it.
pub(crate) struct Notifier {
    changes: watch::Sender<u64>,
    idle: Mutex<IdleState>,
    clock: Arc<dyn Clock>,
}

/// The state of affairs when a claim last came back short.
#[derive(Clone, Copy, Default)]
struct IdleState {
    changes: u64,
    next_due: Option<Monotonic>,
}

impl Notifier {
    /// Counts whatever was there before as one change.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { changes: watch::Sender::new(1), idle: Mutex::default(), clock }
    }

    /// Something may have become claimable.
    pub(crate) fn notify(&self) {
        self.changes.send_modify(|changes| *changes += 1);
    }

    /// The changes so far: to be asked before a claim, for [`Self::came_back_short`] after it.
    pub(crate) fn changes(&self) -> u64 {
        *self.changes.borrow()
    }

    /// The claim that began after so many changes left nothing claimable before `next_due`.
    pub(crate) fn came_back_short(&self, changes: u64, next_due: Option<Timestamp>) {
        let next_due = next_due.map(|due| self.moment(due));
        let mut idle = self.idle();
        if changes >= idle.changes {
            *idle = IdleState { changes, next_due };
        }
    }

    /// Returns at `until`, at the next due time, or at the next change, whichever is first.
    pub(crate) async fn wait(&self, until: Monotonic) {
        let idle = *self.idle();
        let until = idle.next_due.map_or(until, |due| until.min(due));
        let mut changes = self.changes.subscribe();
        let news = changes.wait_for(|changes| *changes > idle.changes);
        // Either way it is time to look again; the sender lives as long as `self`.
        let _ = self.clock.limit_until(until, news).await;
    }

    /// Returns the moment at which it will be `due`, as the wall is now. No change of the wall
    /// moves it.
    fn moment(&self, due: Timestamp) -> Monotonic {
        let wait = due.duration_since(self.clock.now()).try_into().unwrap_or_default();
        self.clock.monotonic() + wait
    }

    fn idle(&self) -> MutexGuard<'_, IdleState> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
