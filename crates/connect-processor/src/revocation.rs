//! Registers what takes requests back that were accepted for a later day.

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
}
