//! Makes the link of a run, the same in every attempt.

use std::sync::Arc;

use connect_clock::{Clock, saturating_add};
use jiff::Timestamp;
use tokio::sync::OnceCell;

use crate::callback::{Callback, Callbacks};
use crate::failure::Failure;
use crate::lease::Lease;
use crate::step::Step;

/// The step that keeps until when the link of a run is good, so that every attempt makes the same
/// link. No handler can take a step of this name.
pub(crate) const STEP: &str = "@callback";

/// The callback of one attempt, made once it is asked for.
pub(crate) struct CallbackMaker {
    callbacks: Option<Callbacks>,
    clock: Arc<dyn Clock>,
    made: OnceCell<Callback>,
}

impl CallbackMaker {
    pub(crate) fn new(callbacks: Option<Callbacks>, clock: Arc<dyn Clock>) -> Self {
        Self { callbacks, clock, made: OnceCell::new() }
    }

    /// Returns the run's callback; none where nobody takes calls.
    pub(crate) async fn callback(&self, lease: &Lease) -> Result<Option<Callback>, Failure> {
        let Some(callbacks) = &self.callbacks else { return Ok(None) };
        let made = self.made.get_or_try_init(|| self.make(callbacks, lease)).await?;
        Ok(Some(made.clone()))
    }

    async fn make(&self, callbacks: &Callbacks, lease: &Lease) -> Result<Callback, Failure> {
        let step = Step::new(lease, STEP);
        let until = match step.recorded::<i64>()? {
            Some(until) => until,
            None => {
                let until = saturating_add(self.clock.now(), callbacks.good_for).as_second();
                step.record_value(&until).await?;
                until
            }
        };
        let until = Timestamp::from_second(until).map_err(Failure::retry)?;
        (callbacks.sign)(lease.claim.run.as_str(), until).map_err(Failure::retry)
    }
}
