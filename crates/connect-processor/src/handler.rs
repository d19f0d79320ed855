//! Handlers, which vendors write.

use std::future::Future;

use connect_model::Request;

use crate::{Context, Failure, Outcome};

/// Decides about requests of one type: any `async fn(Context<R, S>) -> Result<Outcome, Failure>`.
///
/// A handler may be called again for the same request, after a failure or in another life of the
/// process. Steps that have a result are not repeated then; everything outside a step is.
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
