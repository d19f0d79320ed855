//! Keeps the processor of an account at work, whatever becomes of it and of the others.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use connect_clock::{Clock, SystemClock};
use connect_processor::{CancellationToken, Report, State, chain};
use futures::FutureExt;
use tracing::{info, warn};

use crate::account::Account;
use crate::error::Error;

/// The time after which a processor is started again that has ended with an error; twice as long each
/// time, up to the longest.
const AGAIN: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// Has processors work for an account until it is told to stop, or somebody has told them to drain.
/// One that ends with an error is followed by another.
pub(crate) async fn keep<V, S: Send + Sync + 'static>(
    account: &Account<'_, V, S>,
    stop: &CancellationToken,
) -> Report {
    let clock: &dyn Clock = &SystemClock;
    let mut wait = AGAIN;
    loop {
        let began = clock.monotonic();
        let error = match one(account, Some(stop)).await {
            Ok(report) => return report,
            Err(error) => error,
        };
        account.window.cannot_start(state(&error), error.code());
        if clock.since(began) > LONGEST {
            wait = AGAIN;
        }
        let (code, error) = (error.code(), chain(&error));
        let again_in_s = wait.as_secs();
        warn!(code, error, again_in_s, "nothing is done for this account");
        if stop.run_until_cancelled(clock.sleep(wait)).await.is_none() {
            return Report::default();
        }
        info!("another start is tried");
        wait = LONGEST.min(wait * 2);
    }
}

/// Has one processor work for an account. That it panics is an error like others.
pub(crate) async fn one<V, S: Send + Sync + 'static>(
    account: &Account<'_, V, S>,
    stop: Option<&CancellationToken>,
) -> Result<Report, Error> {
    let life = AssertUnwindSafe(account.live(stop)).catch_unwind();
    life.await.unwrap_or(Err(Error::Processor(connect_processor::Error::Broken)))
}

/// Returns the state of an account that nobody works for.
fn state(error: &Error) -> State {
    match error {
        Error::Processor(connect_processor::Error::Platform(_)) => State::PlatformGone,
        _ => State::Stuck,
    }
}
