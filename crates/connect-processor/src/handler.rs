//! Handlers, which vendors write.

use std::future::Future;

use connect_model::Request;

use crate::context::Context;
use crate::failure::Failure;
use crate::outcome::Outcome;

/// Decides about requests of one type: any `async fn(Context<R, S>) -> Result<Outcome, Failure>`.
///
/// A handler may be called again for the same request, after a failure or in another life of the
/// process. Steps that have a result are not repeated then; everything outside a step is.
///
/// ```
/// use connect_model::AssetRequest;
/// use connect_processor::{Context, Failure, Handler, Outcome};
///
/// # struct Acme;
/// # impl Acme {
/// #     async fn disable(&self, _: &str, _: connect_processor::StepKey) -> std::io::Result<()> { Ok(()) }
/// # }
/// async fn suspend(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
///     let acme = cx.state();
///     let tenant = cx.parameter("subscription_id")?;
///     cx.step("disable_tenant").run(|key| acme.disable(tenant, key)).await?;
///     Ok(Outcome::approve())
/// }
///
/// fn is_a_handler(_: impl Handler<AssetRequest, Acme>) {}
/// is_a_handler(suspend);
/// ```
pub trait Handler<R: Request, S>: Send + Sync + 'static {
    /// Decides about one request.
    fn handle(
        &self,
        cx: Context<R, S>,
    ) -> impl Future<Output = Result<Outcome, Failure>> + Send + 'static;
}

impl<R, S, F, Fut> Handler<R, S> for F
where
    R: Request,
    F: Fn(Context<R, S>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Outcome, Failure>> + Send + 'static,
{
    fn handle(
        &self,
        cx: Context<R, S>,
    ) -> impl Future<Output = Result<Outcome, Failure>> + Send + 'static {
        self(cx)
    }
}
