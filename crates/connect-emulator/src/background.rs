//! Tasks beside the doors.

use std::future::Future;
use std::time::Duration;

use connect_clock::Clock;
use futures::future::pending;
use tokio::task::JoinHandle;

/// A task that goes on by itself; it ends when this is dropped.
pub(crate) struct Background(JoinHandle<()>);

impl Background {
    pub(crate) fn start(task: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(task))
    }

    /// Breaks off what is under way, and waits until nothing is.
    pub(crate) async fn stop(&mut self) {
        self.0.abort();
        let _ = (&mut self.0).await;
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits for a time; for ever, when there is nothing to wait for.
pub(crate) async fn sleep(clock: &dyn Clock, wait: Option<Duration>) {
    match wait {
        Some(wait) => clock.sleep(wait).await,
        None => pending().await,
    }
}
