//! Declares what handlers use, so that a start can find what is missing.

use std::sync::Arc;

use connect_model::{Request, RequestType, Resource};

use crate::processor::Processor;
use crate::step_names::StepNames;

impl<S: Send + Sync + 'static> Processor<S> {
    /// Says which parameters the handlers of a type's family read or write as text, so that
    /// [`check`](Self::check) can look whether products have them.
    #[must_use]
    pub fn parameters<T: RequestType, K: Into<String>>(
        mut self,
        _: T,
        keys: impl IntoIterator<Item = K>,
    ) -> Self {
        let declared = keys.into_iter().map(|key| (T::Request::COLLECTION, key.into()));
        self.settings.parameters.extend(declared);
        self
    }

    /// Declares the steps that the handlers of a family take: all of them, also what takes requests
    /// back. Nothing is checked unless it is called; called again, it adds.
    ///
    /// A processor then refuses to start while a run is open that has taken a step of another name:
    /// its handler would not find what was done, and might do it again. And a handler that takes a
    /// step which is not declared is parked before it does anything.
    ///
    /// ```no_run
    /// # use connect_model::{AssetRequest, AssetRequestType};
    /// # use connect_processor::{Context, Failure, Outcome, Processor};
    /// # async fn purchase(_: Context<AssetRequest, ()>) -> Result<Outcome, Failure> {
    /// #     Ok(Outcome::approve())
    /// # }
    /// # fn declared(processor: Processor<()>) -> Processor<()> {
    /// processor
    ///     .on(AssetRequestType::Purchase, purchase)
    ///     .steps::<AssetRequest>(["create_tenant", "set_limit"])
    /// # }
    /// ```
    #[must_use]
    pub fn steps<R: Request>(mut self, names: impl Into<StepNames>) -> Self {
        let declared = self.settings.steps.entry(R::COLLECTION).or_default();
        Arc::make_mut(declared).extend(names.into());
        self
    }
}
