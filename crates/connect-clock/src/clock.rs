//! The clock that can be replaced.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use jiff::Timestamp;

use crate::monotonic::Monotonic;

/// Tells the time, and waits.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use connect_clock::{Clock, SystemClock};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let clock: Arc<dyn Clock> = Arc::new(SystemClock);
/// let answer = clock.limit(Duration::from_secs(5), async { 42 }).await;
/// assert_eq!(answer, Ok(42));
/// # }
/// ```
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Returns the date and time of the wall. It may jump in both directions.
    fn now(&self) -> Timestamp;

    /// Returns a moment that is never earlier than one returned before. It moves evenly, and no
    /// change of the wall moves it.
    fn monotonic(&self) -> Monotonic;

    /// Waits for a moment; returns at once when it is past.
    fn until(&self, moment: Monotonic) -> BoxFuture<'static, ()>;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }

    fn monotonic(&self) -> Monotonic {
        (**self).monotonic()
    }

    fn until(&self, moment: Monotonic) -> BoxFuture<'static, ()> {
        (**self).until(moment)
    }
}
