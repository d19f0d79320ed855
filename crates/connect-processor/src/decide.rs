//! Calls handlers.

use std::time::Duration;

use connect_clock::Clock;

use crate::failure::Failure;
use crate::layer::Deciding;
use crate::limits::within_limits;
use crate::outcome::Outcome;

/// Calls the handler. Giving up is a decision, everything else that fails is passed on.
pub(crate) async fn decide(
    (clock, limit): (&dyn Clock, Duration),
    handler: Box<dyn FnOnce() -> Deciding + Send>,
) -> Result<Outcome, Failure> {
    match within_limits(clock, limit, "the handler", handler).await {
        Err(Failure::GiveUp { reason }) => Ok(Outcome::Fail { reason }),
        decided => decided,
    }
}
