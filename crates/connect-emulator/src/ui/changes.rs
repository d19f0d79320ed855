//! The changes that open pages hear of, counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::activity::Activity;
use crate::platform::Platform;
use connect_world::ObjectRef;

/// The changes that a slow page may lag behind; it then looks again in any case.
const BACKLOG: usize = 1024;

/// A change of something a page may show.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Object(ObjectRef),
    /// A call to the API, and whether it could change something.
    Call {
        is_change: bool,
    },
    /// More changes than could be kept up with.
    Missed,
    /// The end of the changes.
    End,
}

/// The changes since the pages were opened.
pub(super) struct Changes {
    seen: Arc<AtomicU64>,
    told: broadcast::Sender<Change>,
}

impl Changes {
    /// Follows the changes of a platform, for as long as it lives.
    pub(super) fn of(platform: &Platform, activity: &Activity) -> Self {
        let changes = Self { seen: Arc::default(), told: broadcast::Sender::new(BACKLOG) };
        let events = platform.subscribe();
        changes.pass_on(events, |event| Change::Object(event.object.clone()));
        changes.pass_on(activity.subscribe(), |call| Change::Call { is_change: call.is_change() });
        changes
    }

    fn pass_on<T: Clone + Send + 'static>(
        &self,
        mut from: broadcast::Receiver<T>,
        as_change: impl Fn(T) -> Change + Send + 'static,
    ) {
        let (seen, told) = (Arc::clone(&self.seen), self.told.clone());
        tokio::spawn(async move {
            loop {
                let change = match from.recv().await {
                    Ok(one) => as_change(one),
                    Err(RecvError::Lagged(_)) => Change::Missed,
                    Err(RecvError::Closed) => return,
                };
                seen.fetch_add(1, Ordering::SeqCst);
                // No page may be open.
                let _ = told.send(change);
            }
        });
    }

    /// Returns how many there were so far.
    pub(super) fn seen(&self) -> u64 {
        self.seen.load(Ordering::SeqCst)
    }

    pub(super) fn end(&self) {
        // No page may be open.
        let _ = self.told.send(Change::End);
    }

    pub(super) fn listen(&self) -> broadcast::Receiver<Change> {
        self.told.subscribe()
    }
}
