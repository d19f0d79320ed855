//! The calls under way, and their end.

use tokio::sync::watch;

/// All calls under way.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    over: watch::Sender<bool>,
}

/// A call's place among them, held until the call is answered.
pub(crate) struct CallGuard(watch::Receiver<bool>);

impl Calls {
    /// Counts one more call.
    pub(crate) fn enter(&self) -> CallGuard {
        CallGuard(self.over.subscribe())
    }

    /// Returns as soon as no call is under way.
    pub(crate) async fn all_answered(&self) {
        self.over.closed().await;
    }

    /// Breaks off the calls under way, and those to come.
    pub(crate) fn break_off(&self) {
        self.over.send_replace(true);
    }
}

impl CallGuard {
    /// Runs a call to its end, unless it is broken off first.
    pub(crate) async fn run<T>(mut self, call: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            // An answer that is there is given; only calls that wait look up.
            biased;
            answer = call => Some(answer),
            _ = self.0.wait_for(|over| *over) => None,
        }
    }
}
