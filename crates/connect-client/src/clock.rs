//! Time, as something that can be replaced.

use std::fmt;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;

/// What time it is, and waiting. Give the client another one to play a story faster than life.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The present instant, to understand a `Retry-After` that names one.
    fn now(&self) -> Timestamp;

    /// Waits between two attempts of a call.
    fn sleep(&self, wait: Duration) -> BoxFuture<'_, ()>;
}

/// The clock of the machine; it waits on tokio's timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, wait: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(wait))
    }
}
