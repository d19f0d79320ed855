//! Collectors, which vendors write.

use std::future::Future;

use connect_model::UsageSheet;
use futures::future::BoxFuture;

use crate::failure::Failure;
use crate::usage::context::UsageContext;

/// Collects what was used in a month: any `async fn(UsageContext<S>) -> Result<UsageSheet, Failure>`.
///
/// It may be called again for the same month, after a failure or in another life of the process. A
/// sheet without records is not reported.
///
/// ```
/// use connect_model::{UsageRow, UsageSheet};
/// use connect_processor::{Failure, UsageCollector, UsageContext};
///
/// # struct Acme;
/// # impl Acme {
/// #     async fn boxes(&self, _: &str, _: &str) -> std::io::Result<u64> { Ok(0) }
/// # }
/// async fn boxes(cx: UsageContext<Acme>) -> Result<UsageSheet, Failure> {
///     let mut rows = Vec::new();
///     for asset in cx.assets().await? {
///         let Some(tenant) = asset.value("subscription_id") else { continue };
///         let boxes = cx.state().boxes(tenant, &cx.period().from).await?;
///         let row = UsageRow::new(asset.id.as_str()).item("BOX").asset(asset.id.as_str());
///         rows.push(cx.in_period(row.quantity(boxes.to_string())));
///     }
///     Ok(rows.into())
/// }
///
/// fn is_a_collector(_: impl UsageCollector<Acme>) {}
/// is_a_collector(boxes);
/// ```
pub trait UsageCollector<S>: Send + Sync + 'static {
    /// Collects the usage of one month.
    fn collect(
        &self,
        cx: UsageContext<S>,
    ) -> impl Future<Output = Result<UsageSheet, Failure>> + Send + 'static;
}

impl<S, F, Fut> UsageCollector<S> for F
where
    F: Fn(UsageContext<S>) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<UsageSheet, Failure>> + Send + 'static,
{
    fn collect(
        &self,
        cx: UsageContext<S>,
    ) -> impl Future<Output = Result<UsageSheet, Failure>> + Send + 'static {
        self(cx)
    }
}

/// A collector without its type.
pub(crate) type Collect<S> =
    dyn Fn(UsageContext<S>) -> BoxFuture<'static, Result<UsageSheet, Failure>> + Send + Sync;

pub(crate) fn boxed<S>(collector: impl UsageCollector<S>) -> Box<Collect<S>> {
    Box::new(move |cx| Box::pin(collector.collect(cx)))
}
