//! What a vendor wraps around all handlers.

use std::future::Future;
use std::sync::Arc;

use connect_model::ProductId;
use futures::FutureExt;
use futures::future::BoxFuture;

use crate::failure::Failure;
use crate::outcome::Outcome;

/// The facts of one attempt at a request, as a [`Layer`] sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestFacts {
    /// The request's id.
    pub request: String,
    /// The collection it is in, such as `requests`.
    pub collection: String,
    /// Its type, such as `purchase`.
    pub kind: String,
    /// The product it is about, when it says so.
    pub product: Option<ProductId>,
    /// The id of what it changes, such as its asset; its own where it changes nothing else.
    pub asset: String,
    /// The number of this attempt, from 1.
    pub attempt: u32,
    /// The failed attempts in a row before this one.
    pub failures: u32,
}

/// The rest of an attempt: the layers below, and in the end the handler.
#[must_use = "the handler is called by `run` alone"]
pub struct Next(Box<dyn FnOnce() -> Deciding + Send>);

pub(crate) type Deciding = BoxFuture<'static, Result<Outcome, Failure>>;

impl Next {
    /// Calls the handler, through the layers below.
    ///
    /// # Errors
    ///
    /// What they fail with.
    pub async fn run(self) -> Result<Outcome, Failure> {
        (self.0)().await
    }
}

/// Wraps every call of a handler: any `async fn(RequestFacts, Next) -> Result<Outcome, Failure>`.
///
/// It is called under the attempt's lease and within its time limit, and what it returns is what the
/// platform is told. One that returns an outcome of its own decides without the handler.
///
/// ```
/// use std::sync::Arc;
/// use connect_processor::{Failure, Next, Outcome, Processor, RequestFacts};
/// use tokio::sync::Semaphore;
/// # struct Acme;
///
/// /// Logs what every attempt comes to.
/// async fn logged(facts: RequestFacts, next: Next) -> Result<Outcome, Failure> {
///     let decided = next.run().await;
///     println!("{} of {:?}: {decided:?}", facts.request, facts.product);
///     decided
/// }
///
/// # fn layered(processor: Processor<Acme>) -> Processor<Acme> {
/// // Acme's ERP is called by one handler at a time, whatever the product.
/// let erp = Arc::new(Semaphore::new(1));
/// let one_at_a_time = move |_: RequestFacts, next: Next| {
///     let erp = Arc::clone(&erp);
///     async move {
///         let _turn = erp.acquire().await?;
///         next.run().await
///     }
/// };
/// processor.layer(logged).layer(one_at_a_time)
/// # }
/// ```
pub trait Layer: Send + Sync + 'static {
    /// Calls what is below, or decides itself.
    fn around(
        &self,
        facts: RequestFacts,
        next: Next,
    ) -> BoxFuture<'static, Result<Outcome, Failure>>;
}

impl<F, Fut> Layer for F
where
    F: Fn(RequestFacts, Next) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Outcome, Failure>> + Send + 'static,
{
    fn around(&self, facts: RequestFacts, next: Next) -> Deciding {
        self(facts, next).boxed()
    }
}

/// Wraps a handler's call in layers, the first of them outermost.
pub(crate) fn wrapped(
    layers: &[Arc<dyn Layer>],
    facts: &RequestFacts,
    decide: Box<dyn FnOnce() -> Deciding + Send>,
) -> Box<dyn FnOnce() -> Deciding + Send> {
    layers.iter().rev().fold(decide, |next, layer| {
        let (layer, facts) = (Arc::clone(layer), facts.clone());
        Box::new(move || layer.around(facts, Next(next)))
    })
}
