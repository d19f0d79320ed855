//! The way from a request's type to its handler.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use connect_client::failing_path;
use connect_model::{
    Product, ProductId, Request, RequestStatus, RequestType, TemplateScope, Unsaid,
};
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::de::Error as _;
use serde_json::value::RawValue;

use crate::attempt::Attempt;
use crate::conclusion::Conclusion;
use crate::context::Context;
use crate::delivery::{Deliver, Delivery};
use crate::failure::Failure;
use crate::family::Family;
use crate::handler::Handler;
use crate::layer::Deciding;
use crate::migration::{Migration, MigrationHandler};
use crate::outcome::Outcome;

/// What a request is to its processor.
pub(crate) enum Routing {
    /// One for a handler.
    Handler(PreparedRequest),
    /// One of a type without a handler.
    NoHandler,
    /// A migration, and no handler takes any.
    Migration,
}

/// A request that was understood, ready to be handed to its handler.
pub(crate) struct PreparedRequest {
    pub(crate) collection: &'static str,
    pub(crate) product: Option<ProductId>,
    /// The scope of the template that an approval takes, where it takes one.
    pub(crate) scope: Option<TemplateScope>,
    pub(crate) is_migration: bool,
    /// Whether the request can be rejected, and what was done for it be undone before that.
    pub(crate) may_reject: bool,
    /// Calls the handler.
    pub(crate) decide: Box<dyn FnOnce() -> Deciding + Send>,
    pub(crate) deliver: Deliver,
}

/// Prepares a request for one handler; nothing where it is not for this one, because it is a
/// migration or is none. The text is the key of the parameter that says so.
type Prepare<S> = dyn Fn(&RawValue, &str, &Arc<S>, &Arc<Attempt>) -> Result<Option<PreparedRequest>, DecodeError>
    + Send
    + Sync;

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
    /// What takes back what was done for requests that somebody else rejected, by type.
    elsewhere: BTreeMap<String, Box<Prepare<S>>>,
    migration: Option<MigrationRoute<S>>,
}

/// The handler of a family's migrations.
struct MigrationRoute<S> {
    /// The type that migrations have; none where there are none.
    kind: Option<&'static str>,
    prepare: Box<Prepare<S>>,
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
        let handler = Arc::new(handler);
        let prepare = move |raw: &RawValue, key: &str, state: &Arc<S>, attempt: &Arc<Attempt>| {
            let request: T::Request = read(raw)?;
            if request.migration(key).is_some() {
                return Ok(None);
            }
            Ok(Some(prepared(request, &handler, state, attempt)))
        };
        let obstacle = move |product: &Product| kind.obstacle(product);
        let route = Route { prepare: Box::new(prepare), obstacle: Box::new(obstacle) };
        self.family::<T::Request>().types.insert(word, route);
    }

    /// Adds what takes requests of a type back: no approval, so no template is needed.
    pub(crate) fn add_revocation<T: RequestType>(
        &mut self,
        kind: &T,
        handler: impl Handler<T::Request, S>,
    ) {
        let handler = Arc::new(handler);
        let prepare = move |raw: &RawValue, _: &str, state: &Arc<S>, attempt: &Arc<Attempt>| {
            let prepared = prepared(read(raw)?, &handler, state, attempt);
            let deliver = deliver_revocation::<T::Request>;
            Ok(Some(PreparedRequest { product: None, may_reject: false, deliver, ..prepared }))
        };
        let word = kind.as_str().to_owned();
        self.family::<T::Request>().revocations.insert(word, Box::new(prepare));
    }

    /// Adds what takes back what was done for requests of a type that somebody else rejected. The
    /// platform is told nothing.
    pub(crate) fn add_rejected_elsewhere<T: RequestType>(
        &mut self,
        kind: &T,
        handler: impl Handler<T::Request, S>,
    ) {
        let handler = Arc::new(handler);
        let prepare = move |raw: &RawValue, _: &str, state: &Arc<S>, attempt: &Arc<Attempt>| {
            let prepared = prepared(read(raw)?, &handler, state, attempt);
            let deliver = deliver_elsewhere;
            Ok(Some(PreparedRequest { product: None, may_reject: false, deliver, ..prepared }))
        };
        let word = kind.as_str().to_owned();
        self.family::<T::Request>().elsewhere.insert(word, Box::new(prepare));
    }

    pub(crate) fn add_migration<R: Request>(&mut self, handler: impl MigrationHandler<R, S>) {
        let handler = Arc::new(handler);
        let prepare = move |raw: &RawValue, key: &str, state: &Arc<S>, attempt: &Arc<Attempt>| {
            let request: R = read(raw)?;
            let Some(migration) = request.migration(key).map(Migration::of) else {
                return Ok(None);
            };
            let (handler, state, attempt) =
                (Arc::clone(&handler), Arc::clone(state), Arc::clone(attempt));
            let decide = move |request| {
                handler.migrate(Context::new(request, state, attempt), migration).boxed()
            };
            Ok(Some(PreparedRequest::new(request, true, decide)))
        };
        let route = MigrationRoute { kind: R::MIGRATED, prepare: Box::new(prepare) };
        self.family::<R>().migration = Some(route);
    }

    fn family<R: Request>(&mut self) -> &mut Handlers<S> {
        let family = Family::of::<R>();
        let (types, revocations) = (BTreeMap::new(), BTreeMap::new());
        let elsewhere = BTreeMap::new();
        let none = || Handlers { family, types, revocations, elsewhere, migration: None };
        self.0.entry(family.collection).or_insert_with(none)
    }

    /// Returns a collection whose migrations have a handler, while the requests that may be some have
    /// none, and so are not listed.
    pub(crate) fn unlisted_migrations(&self) -> Option<&'static str> {
        let is_unlisted = |handlers: &&Handlers<S>| {
            let kind = handlers.migration.as_ref().map(|route| route.kind);
            kind.is_some_and(|kind| kind.is_none_or(|kind| !handlers.types.contains_key(kind)))
        };
        self.0.values().find(is_unlisted).map(|handlers| handlers.family.collection)
    }

    /// Returns whether migrations of a family have a handler.
    pub(crate) fn takes_migrations(&self, family: Family) -> bool {
        self.0.get(family.collection).is_some_and(|handlers| handlers.migration.is_some())
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

    /// Prepares a request for its handler, if it has one. `key` is that of the parameter that says
    /// of a request that it is a migration.
    pub(crate) fn prepare(
        &self,
        (collection, kind, status): (&str, &str, &RequestStatus),
        (raw, key): (&RawValue, &str),
        state: &Arc<S>,
        attempt: &Arc<Attempt>,
    ) -> Result<Routing, DecodeError> {
        let Some(handlers) = self.0.get(collection) else { return Ok(Routing::NoHandler) };
        if *status == RequestStatus::Revoking {
            let Some(prepare) = handlers.revocations.get(kind) else {
                return Ok(Routing::NoHandler);
            };
            return Ok(
                prepare(raw, key, state, attempt)?.map_or(Routing::NoHandler, Routing::Handler)
            );
        }
        let Some(route) = handlers.types.get(kind) else { return Ok(Routing::NoHandler) };
        if let Some(prepared) = (route.prepare)(raw, key, state, attempt)? {
            return Ok(Routing::Handler(prepared));
        }
        let Some(route) = &handlers.migration else { return Ok(Routing::Migration) };
        let prepared = (route.prepare)(raw, key, state, attempt)?;
        Ok(prepared.map_or(Routing::Migration, Routing::Handler))
    }
}

impl<S> Routes<S> {
    /// Prepares a request that somebody else rejected for what takes back what was done for it, if
    /// anything is registered.
    pub(crate) fn prepare_elsewhere(
        &self,
        (collection, kind): (&str, &str),
        raw: &RawValue,
        state: &Arc<S>,
        attempt: &Arc<Attempt>,
    ) -> Result<Option<PreparedRequest>, DecodeError> {
        let handlers = self.0.get(collection);
        match handlers.and_then(|handlers| handlers.elsewhere.get(kind)) {
            Some(prepare) => prepare(raw, "", state, attempt),
            None => Ok(None),
        }
    }
}

impl PreparedRequest {
    fn new<R: Request>(
        request: R,
        is_migration: bool,
        decide: impl FnOnce(R) -> Deciding + Send + 'static,
    ) -> Self {
        let (product, scope) = (request.product().cloned(), request.template_scope());
        let decide = Box::new(move || decide(request));
        let collection = R::COLLECTION;
        let (may_reject, deliver) = (true, deliver::<R>);
        Self { collection, product, scope, is_migration, may_reject, decide, deliver }
    }
}

/// Prepares a request that is no migration.
fn prepared<R: Request, S: Send + Sync + 'static, H: Handler<R, S>>(
    request: R,
    handler: &Arc<H>,
    state: &Arc<S>,
    attempt: &Arc<Attempt>,
) -> PreparedRequest {
    let (handler, state, attempt) = (Arc::clone(handler), Arc::clone(state), Arc::clone(attempt));
    let decide = move |request| handler.handle(Context::new(request, state, attempt)).boxed();
    PreparedRequest::new(request, false, decide)
}

/// Reads a request that says what it is about.
fn read<R: Request>(raw: &RawValue) -> Result<R, DecodeError> {
    let request: R = decode(raw)?;
    match request.unsaid() {
        Some(unsaid) => Err(DecodeError::of(&unsaid)),
        None => Ok(request),
    }
}

fn deliver_revocation<R: Request>(
    conclude: Delivery<'_>,
    outcome: Outcome,
) -> BoxFuture<'_, Result<Conclusion, Failure>> {
    Box::pin(conclude.deliver_revocation::<R>(outcome))
}

fn deliver_elsewhere(
    conclude: Delivery<'_>,
    outcome: Outcome,
) -> BoxFuture<'_, Result<Conclusion, Failure>> {
    Box::pin(conclude.deliver_elsewhere(outcome))
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
