//! The changes that open pages hear of.

use std::sync::Arc;

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::watch;

use crate::activity::{Activity, LoggedCall};
use crate::platform::Platform;
use connect_world::{Event, ObjectRef};

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

/// The changes of a platform and its log. While no page is open, nothing follows them.
pub(super) struct Changes {
    platform: Platform,
    activity: Arc<Activity>,
    is_over: watch::Sender<bool>,
}

impl Changes {
    pub(super) fn of(platform: &Platform, activity: &Arc<Activity>) -> Self {
        let (platform, activity) = (platform.clone(), Arc::clone(activity));
        Self { platform, activity, is_over: watch::Sender::new(false) }
    }

    /// Counts them. A page that was made at another count may have missed one.
    pub(super) fn seen(&self) -> u64 {
        self.platform.changes() + self.activity.last()
    }

    pub(super) fn end(&self) {
        self.is_over.send_replace(true);
    }

    pub(super) fn listen(&self) -> Listener {
        Listener {
            events: self.platform.subscribe(),
            calls: self.activity.subscribe(),
            is_over: self.is_over.subscribe(),
        }
    }
}

/// The changes from one moment on.
pub(super) struct Listener {
    events: Receiver<Arc<Event>>,
    calls: Receiver<Arc<LoggedCall>>,
    is_over: watch::Receiver<bool>,
}

impl Listener {
    /// Waits for the next change.
    pub(super) async fn next(&mut self) -> Change {
        tokio::select! {
            biased;
            _ = self.is_over.wait_for(|is_over| *is_over) => Change::End,
            event = self.events.recv() => heard(event, |event| Change::Object(event.object.clone())),
            call = self.calls.recv() => {
                heard(call, |call| Change::Call { is_change: call.is_change() })
            }
        }
    }

    /// Passes over the changes that have come already. Returns whether others can come.
    pub(super) fn skip(&mut self) -> bool {
        let is_open = pass_over(&mut self.events) && pass_over(&mut self.calls);
        is_open && !*self.is_over.borrow()
    }
}

fn heard<T>(one: Result<T, RecvError>, as_change: impl FnOnce(T) -> Change) -> Change {
    match one {
        Ok(one) => as_change(one),
        Err(RecvError::Lagged(_)) => Change::Missed,
        Err(RecvError::Closed) => Change::End,
    }
}

fn pass_over<T: Clone>(from: &mut Receiver<T>) -> bool {
    loop {
        match from.try_recv() {
            Ok(_) | Err(TryRecvError::Lagged(_)) => {}
            Err(TryRecvError::Empty) => return true,
            Err(TryRecvError::Closed) => return false,
        }
    }
}
