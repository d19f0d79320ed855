//! From a request's type to its handler.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use connect_client::failing_path;
use connect_model::{ProductId, Request, RequestType, TemplateScope, Unsaid};
use serde::de::Error as _;
use serde_json::value::RawValue;

use crate::lease::Held;
use crate::{Context, Failure, Handler, Outcome};

type Deciding = Pin<Box<dyn Future<Output = Result<Outcome, Failure>> + Send>>;

/// A request that was understood, ready to be handed to its handler.
pub(crate) struct Prepared {
    pub(crate) product: Option<ProductId>,
    pub(crate) scope: TemplateScope,
    /// Calls the handler.
    pub(crate) decide: Box<dyn FnOnce() -> Deciding + Send>,
}

type Prepare<S> =
    dyn Fn(&RawValue, &Arc<S>, &Arc<Held>) -> Result<Prepared, Undecodable> + Send + Sync;

/// A request that does not have the shape its type has.
#[derive(Debug, thiserror::Error)]
#[error(
    "the request cannot be understood at {}: {source}; it is tried again later, other requests go on",
    if path.is_empty() { "its root" } else { path.as_str() }
)]
pub(crate) struct Undecodable {
    path: String,
    source: serde_json::Error,
}

impl Undecodable {
    /// A reading without what the request is about is no ground to act on.
    fn of(unsaid: &Unsaid) -> Self {
        Self { path: unsaid.field.to_owned(), source: serde_json::Error::custom(unsaid) }
    }
}

/// The handlers, by collection and type.
pub(crate) struct Routes<S> {
    handlers: BTreeMap<&'static str, BTreeMap<String, Arc<Prepare<S>>>>,
}

impl<S: Send + Sync + 'static> Routes<S> {
    pub(crate) fn new() -> Self {
        Self { handlers: BTreeMap::new() }
    }

    pub(crate) fn add<T: RequestType>(&mut self, kind: &T, handler: impl Handler<T::Request, S>) {
        let handler = Arc::new(handler);
        let prepare = move |raw: &RawValue, state: &Arc<S>, held: &Arc<Held>| {
            prepare::<T::Request, S, _>(raw, &handler, state, held)
        };
        let types = self.handlers.entry(<T::Request as connect_model::Resource>::COLLECTION);
        types.or_default().insert(kind.as_str().to_owned(), Arc::new(prepare));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.handlers.is_empty()
    }

    /// The collections that have handlers.
    pub(crate) fn collections(&self) -> impl Iterator<Item = &'static str> {
        self.handlers.keys().copied()
    }

    /// The types of a collection that have handlers.
    pub(crate) fn types(&self, collection: &str) -> Vec<String> {
        self.handlers.get(collection).map(|all| all.keys().cloned().collect()).unwrap_or_default()
    }

    pub(crate) fn find(&self, collection: &str, kind: &str) -> Option<&Prepare<S>> {
        self.handlers.get(collection)?.get(kind).map(AsRef::as_ref)
    }
}

fn prepare<R: Request, S: Send + Sync + 'static, H: Handler<R, S>>(
    raw: &RawValue,
    handler: &Arc<H>,
    state: &Arc<S>,
    held: &Arc<Held>,
) -> Result<Prepared, Undecodable> {
    let request: R = decode(raw)?;
    if let Some(unsaid) = request.unsaid() {
        return Err(Undecodable::of(&unsaid));
    }
    let (product, scope) = (request.product().cloned(), request.template_scope());
    let (handler, state, held) = (Arc::clone(handler), Arc::clone(state), Arc::clone(held));
    let decide = Box::new(move || -> Deciding {
        Box::pin(handler.handle(Context::new(request, state, held)))
    });
    Ok(Prepared { product, scope, decide })
}

fn decode<R: Request>(raw: &RawValue) -> Result<R, Undecodable> {
    serde_json::from_str(raw.get()).map_err(|source| {
        let path = failing_path(raw.get().as_bytes(), &source);
        Undecodable { path, source }
    })
}
