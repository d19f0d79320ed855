//! Registers what takes back what was done for requests that others have ended.

use connect_model::RequestType;

use crate::handler::Handler;
use crate::processor::Processor;

impl<S: Send + Sync + 'static> Processor<S> {
    /// Registers what takes requests of a type back: those that were [scheduled](crate::Outcome::Schedule)
    /// and that their distributor then revoked.
    ///
    /// It works in the run of the request, so the steps that its [handler](Self::on) took are
    /// [recorded](crate::Context::recorded). Its outcome is [`Outcome::Confirm`](crate::Outcome::Confirm), once nothing of them
    /// stands; it may also [reschedule](crate::Outcome::reschedule) or skip. Without it such a request is left
    /// to a person.
    ///
    /// ```
    /// use connect_model::AssetRequest;
    /// use connect_processor::{Context, Failure, Outcome, StepKey};
    ///
    /// # struct Acme;
    /// # impl Acme {
    /// #     async fn delete(&self, _: &str, _: StepKey) -> std::io::Result<()> { Ok(()) }
    /// # }
    /// async fn take_back(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    ///     if let Some(tenant) = cx.recorded::<String>("create_tenant").await? {
    ///         cx.step("delete_tenant").run(|key| cx.state().delete(&tenant, key)).await?;
    ///     }
    ///     Ok(Outcome::Confirm)
    /// }
    /// ```
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "as `on` takes it")]
    pub fn on_revocation<T: RequestType>(
        mut self,
        kind: T,
        handler: impl Handler<T::Request, S>,
    ) -> Self {
        self.routes.add_revocation(&kind, handler);
        self
    }

    /// Registers what takes back what was done for requests of a type that somebody else rejected
    /// while their [handler](Self::on) had begun.
    ///
    /// It works in the run of the request, so the steps that its handler took are
    /// [recorded](crate::Context::recorded), without those that were [undone](crate::Context::undo). Its
    /// outcome is [`Outcome::Confirm`](crate::Outcome::Confirm), once nothing of them stands; the platform
    /// is told nothing. It may [reschedule](crate::Outcome::reschedule). Without it, and where it gives up
    /// or skips, the run is parked and names what stands.
    ///
    /// ```no_run
    /// use connect_model::{AssetRequest, AssetRequestType};
    /// use connect_processor::{Context, Failure, Outcome, Processor, StepKey};
    ///
    /// # struct Acme;
    /// # impl Acme {
    /// #     async fn delete(&self, _: &str, _: StepKey) -> std::io::Result<()> { Ok(()) }
    /// # }
    /// async fn take_back(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    ///     if let Some(tenant) = cx.recorded::<String>("create_tenant").await? {
    ///         cx.step("delete_tenant").run(|key| cx.state().delete(&tenant, key)).await?;
    ///     }
    ///     Ok(Outcome::Confirm)
    /// }
    ///
    /// # fn registered(processor: Processor<Acme>) -> Processor<Acme> {
    /// processor.on_rejected_elsewhere(AssetRequestType::Purchase, take_back)
    /// # }
    /// ```
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "as `on` takes it")]
    pub fn on_rejected_elsewhere<T: RequestType>(
        mut self,
        kind: T,
        handler: impl Handler<T::Request, S>,
    ) -> Self {
        self.routes.add_rejected_elsewhere(&kind, handler);
        self
    }
}
