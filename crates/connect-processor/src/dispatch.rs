//! The way from a request's type to its handler.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use connect_client::failing_path;
use connect_model::{
    Product, ProductId, Request, RequestStatus, RequestType, TemplateScope, Unsaid,
};
use futures::future::BoxFuture;
use serde::de::Error as _;
use serde_json::value::RawValue;

use crate::attempt::Attempt;
use crate::conclude::{Conclusion, Delivery};
use crate::context::Context;
use crate::failure::Failure;
use crate::family::Family;
use crate::handler::Handler;
use crate::outcome::Outcome;

type Deciding = BoxFuture<'static, Result<Outcome, Failure>>;

/// Tells the platform an outcome in the words of the request's family.
pub(crate) type Deliver =
    for<'a> fn(Delivery<'a>, Outcome) -> BoxFuture<'a, Result<Conclusion, Failure>>;

/// A request that was understood, ready to be handed to its handler.
pub(crate) struct PreparedRequest {
    pub(crate) product: Option<ProductId>,
    pub(crate) scope: TemplateScope,
    /// Calls the handler.
    pub(crate) decide: Box<dyn FnOnce() -> Deciding + Send>,
    pub(crate) deliver: Deliver,
}

type Prepare<S> =
    dyn Fn(&RawValue, &Arc<S>, &Arc<Attempt>) -> Result<PreparedRequest, DecodeError> + Send + Sync;

type Obstacle = dyn Fn(&Product) -> Option<&'static str> + Send + Sync;

/// A handler's entry for one type of requests.
struct Route<S> {
    prepare: Box<Prepare<S>>,
    obstacle: Box<Obstacle>,
}

/// The handlers of one family of requests.
struct Handlers<S> {
    family: Family,
    types: BTreeMap<String, Route<S>>,
    /// What takes requests back, by type.
    revocations: BTreeMap<String, Box<Prepare<S>>>,
}

/// A request that does not have the shape its type has.
#[derive(Debug, thiserror::Error)]
#[error(
    "the request cannot be understood at {}: {source}; it is tried again later, other requests go on",
    if path.is_empty() { "its root" } else { path.as_str() }
)]
pub(crate) struct DecodeError {
    path: String,
    source: serde_json::Error,
}

impl DecodeError {
    /// A reading without what the request is about is no ground to act on.
    fn of(unsaid: &Unsaid) -> Self {
        Self { path: unsaid.field.to_owned(), source: serde_json::Error::custom(unsaid) }
    }
}

/// The handlers, by collection and type.
pub(crate) struct Routes<S>(BTreeMap<&'static str, Handlers<S>>);

impl<S: Send + Sync + 'static> Routes<S> {
    pub(crate) fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub(crate) fn add<T: RequestType>(&mut self, kind: T, handler: impl Handler<T::Request, S>) {
        let word = kind.as_str().to_owned();
        let prepare = boxed(handler, prepare::<T::Request, S, _>);
        let obstacle = move |product: &Product| kind.obstacle(product);
        let route = Route { prepare, obstacle: Box::new(obstacle) };
        self.of::<T::Request>().types.insert(word, route);
    }

    /// Adds what takes requests of a type back.
    pub(crate) fn add_revocation<T: RequestType>(
        &mut self,
        kind: &T,
        handler: impl Handler<T::Request, S>,
    ) {
        let prepare = boxed(handler, prepare_revocation::<T::Request, S, _>);
        self.of::<T::Request>().revocations.insert(kind.as_str().to_owned(), prepare);
    }

    fn of<R: Request>(&mut self) -> &mut Handlers<S> {
        let family = Family::of::<R>();
        let (types, revocations) = (BTreeMap::new(), BTreeMap::new());
        let handlers = self.0.entry(family.collection);
        handlers.or_insert_with(|| Handlers { family, types, revocations })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The families that have handlers.
    pub(crate) fn families(&self) -> impl Iterator<Item = Family> {
        self.0.values().map(|handlers| handlers.family)
    }

    /// The types of a family that have handlers.
    pub(crate) fn types(&self, family: Family) -> Vec<String> {
        let handlers = self.0.get(family.collection);
        let types = handlers.into_iter().flat_map(|all| {
            let others = all.revocations.keys().filter(|kind| !all.types.contains_key(*kind));
            all.types.keys().chain(others)
        });
        types.cloned().collect()
    }

    /// Returns what about a product keeps requests from their handlers, each thing once.
    pub(crate) fn obstacles(&self, product: &Product) -> BTreeSet<&'static str> {
        let routes = self.0.values().flat_map(|handlers| handlers.types.values());
        routes.filter_map(|route| (route.obstacle)(product)).collect()
    }

    /// Returns what decides about requests of a type in a status.
    pub(crate) fn find(
        &self,
        collection: &str,
        kind: &str,
        status: &RequestStatus,
    ) -> Option<&Prepare<S>> {
        let handlers = self.0.get(collection)?;
        match status {
            RequestStatus::Revoking => Some(handlers.revocations.get(kind)?.as_ref()),
            _ => Some(handlers.types.get(kind)?.prepare.as_ref()),
        }
    }
}

/// Returns what prepares a request for one handler.
fn boxed<H: Send + Sync + 'static, S: 'static>(
    handler: H,
    prepare: impl Fn(&RawValue, &Arc<H>, &Arc<S>, &Arc<Attempt>) -> Result<PreparedRequest, DecodeError>
    + Send
    + Sync
    + 'static,
) -> Box<Prepare<S>> {
    let handler = Arc::new(handler);
    Box::new(move |raw, state, attempt| prepare(raw, &handler, state, attempt))
}

fn prepare<R: Request, S: Send + Sync + 'static, H: Handler<R, S>>(
    raw: &RawValue,
    handler: &Arc<H>,
    state: &Arc<S>,
    attempt: &Arc<Attempt>,
) -> Result<PreparedRequest, DecodeError> {
    let request: R = decode(raw)?;
    if let Some(unsaid) = request.unsaid() {
        return Err(DecodeError::of(&unsaid));
    }
    let (product, scope) = (request.product().cloned(), request.template_scope());
    let (handler, state, attempt) = (Arc::clone(handler), Arc::clone(state), Arc::clone(attempt));
    let decide = Box::new(move || -> Deciding {
        Box::pin(handler.handle(Context::new(request, state, attempt)))
    });
    Ok(PreparedRequest { product, scope, decide, deliver: deliver::<R> })
}

/// Prepares a request to be taken back: no approval, so no template is needed.
fn prepare_revocation<R: Request, S: Send + Sync + 'static, H: Handler<R, S>>(
    raw: &RawValue,
    handler: &Arc<H>,
    state: &Arc<S>,
    attempt: &Arc<Attempt>,
) -> Result<PreparedRequest, DecodeError> {
    let prepared = prepare(raw, handler, state, attempt)?;
    Ok(PreparedRequest { product: None, deliver: deliver_revocation::<R>, ..prepared })
}

fn deliver_revocation<R: Request>(
    conclude: Delivery<'_>,
    outcome: Outcome,
) -> BoxFuture<'_, Result<Conclusion, Failure>> {
    Box::pin(conclude.deliver_revocation::<R>(outcome))
}

fn deliver<R: Request>(
    conclude: Delivery<'_>,
    outcome: Outcome,
) -> BoxFuture<'_, Result<Conclusion, Failure>> {
    Box::pin(conclude.deliver::<R>(outcome))
}

fn decode<R: Request>(raw: &RawValue) -> Result<R, DecodeError> {
    serde_json::from_str(raw.get()).map_err(|source| {
        let path = failing_path(raw.get().as_bytes(), &source);
        DecodeError { path, source }
    })
}
