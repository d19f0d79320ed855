//! The month as a job sees it.

use std::sync::Arc;

use connect_client::Client;
use connect_model::{DateTime, UsagePeriod};
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::lease::Lease;
use crate::monthly::task::MonthlyTask;
use crate::step::Step;

/// One month, and the power to take steps for it.
pub struct MonthlyContext<S> {
    task: MonthlyTask,
    period: UsagePeriod,
    client: Client,
    state: Arc<S>,
    lease: Arc<Lease>,
}

impl<S> MonthlyContext<S> {
    pub(crate) fn new(task: MonthlyTask, client: Client, state: Arc<S>, lease: Arc<Lease>) -> Self {
        let period = task.month.period();
        Self { task, period, client, state, lease }
    }

    /// Returns the id of the run, such as `report-2024-05`.
    #[must_use]
    pub fn id(&self) -> &str {
        self.lease.claim.run.as_str()
    }

    /// Returns the first and the last day of the month, `YYYY-MM-DD`.
    #[must_use]
    pub fn period(&self) -> &UsagePeriod {
        &self.period
    }

    /// Returns the moment at which the job was due, which is the same in each attempt.
    #[must_use]
    pub fn due(&self) -> DateTime {
        self.task.due
    }

    /// Returns what the processor was made with: the vendor's client, settings.
    #[must_use]
    pub fn state(&self) -> &S {
        &self.state
    }

    /// Returns Connect. What changes something there belongs in a [step](Self::step).
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Returns how often the job was tried in a row without success before this time.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.lease.claim.failures
    }

    /// Begins a step: one named side effect, as [`Context::step`](crate::Context::step) does.
    pub fn step(&self, name: impl AsRef<str>) -> Step<'_> {
        Step::new(&self.lease, name.as_ref())
    }

    /// Returns the value that an earlier attempt recorded for a step, as
    /// [`Context::recorded`](crate::Context::recorded) does.
    ///
    /// # Errors
    ///
    /// When the step may have happened and nobody knows, or the value has another shape.
    pub async fn recorded<T: DeserializeOwned>(
        &self,
        name: impl AsRef<str> + Send,
    ) -> Result<Option<T>, Failure> {
        self.step(name).earlier_value().await
    }
}
