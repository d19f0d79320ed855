//! Waits, and work that may take only so long.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures::future::{BoxFuture, Either, select};

use crate::clock::Clock;
use crate::monotonic::Monotonic;

/// Work took longer than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it took too long")]
pub struct TimedOut;

impl dyn Clock {
    /// Waits this long.
    pub fn sleep(&self, by: Duration) -> BoxFuture<'static, ()> {
        self.until(self.monotonic() + by)
    }

    /// Returns the time since a moment.
    #[must_use]
    pub fn since(&self, moment: Monotonic) -> Duration {
        self.monotonic() - moment
    }

    /// Does work that may take this long. Work that is over when the time is counts as done.
    ///
    /// # Errors
    ///
    /// [`TimedOut`], when the work was dropped unfinished.
    pub fn limit<W: Future>(
        &self,
        by: Duration,
        work: W,
    ) -> impl Future<Output = Result<W::Output, TimedOut>> + use<W> {
        limit_until(self.until(self.monotonic() + by), work)
    }

    /// Does work that may take until a moment, as `limit` does.
    ///
    /// # Errors
    ///
    /// [`TimedOut`], when the work was dropped unfinished.
    pub fn limit_until<W: Future>(
        &self,
        moment: Monotonic,
        work: W,
    ) -> impl Future<Output = Result<W::Output, TimedOut>> + use<W> {
        limit_until(self.until(moment), work)
    }
}

async fn limit_until<W: Future>(
    over: BoxFuture<'static, ()>,
    work: W,
) -> Result<W::Output, TimedOut> {
    // Work is asked first, so that what is done in time is not lost to a late look.
    match select(pin!(work), over).await {
        Either::Left((done, _)) => Ok(done),
        Either::Right(((), _)) => Err(TimedOut),
    }
}
