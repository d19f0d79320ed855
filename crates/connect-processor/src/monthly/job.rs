//! Jobs, which vendors write.

use std::future::Future;

use futures::future::BoxFuture;

use crate::failure::Failure;
use crate::monthly::context::MonthlyContext;

/// Does what is due once a month: any `async fn(MonthlyContext<S>) -> Result<(), Failure>`.
///
/// It may be called again for the same month, after a failure or in another life of the process, until it
/// has come to its end once.
///
/// ```
/// use connect_processor::{Failure, MonthlyContext, MonthlyJob, StepKey};
///
/// # struct Acme;
/// # impl Acme {
/// #     async fn close_books(&self, _: &str, _: StepKey) -> std::io::Result<()> { Ok(()) }
/// # }
/// async fn close_books(cx: MonthlyContext<Acme>) -> Result<(), Failure> {
///     let month = &cx.period().from;
///     cx.step("close_books").run(|key| cx.state().close_books(month, key)).await
/// }
///
/// fn is_a_job(_: impl MonthlyJob<Acme>) {}
/// is_a_job(close_books);
/// ```
pub trait MonthlyJob<S>: Send + Sync + 'static {
    /// Does the job of one month.
    fn work(
        &self,
        cx: MonthlyContext<S>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'static;
}

impl<S, F, Fut> MonthlyJob<S> for F
where
    F: Fn(MonthlyContext<S>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Failure>> + Send + 'static,
{
    fn work(
        &self,
        cx: MonthlyContext<S>,
    ) -> impl Future<Output = Result<(), Failure>> + Send + 'static {
        self(cx)
    }
}

/// A job without its type.
pub(crate) type Work<S> =
    dyn Fn(MonthlyContext<S>) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync;

pub(crate) fn boxed<S>(job: impl MonthlyJob<S>) -> Box<Work<S>> {
    Box::new(move |cx| Box::pin(job.work(cx)))
}
