//! Connect's REST API below `/public/v1`: each route reads the call, hands a command or a question
//! to the platform, and writes the answer. No rule of the platform lives here.
//!
//! Paths and methods: OpenAPI 37.0.

mod assets;
mod auth;
mod conversations;
mod directory;
mod door;
mod items;
mod not_emulated;
mod parameters;
mod products;
mod requests;
mod templates;
mod tier_accounts;

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, any, get, post};
use bytes::Bytes;
use http::Method;

use crate::answer::{self, Answer};
use crate::platform::Platform;
use crate::world::{Collection, Denied};

use not_emulated::not_emulated;

/// Where the API begins.
pub(crate) const PREFIX: &str = "/public/v1";

/// The whole API: what is not here is not emulated, or does not exist.
pub(crate) fn router() -> Router<Platform> {
    Contents::default()
        .at("", get(version))
        .at("/auth/context", get(auth::context).post(not_emulated))
        .at("/requests", get(requests::list).post(requests::create))
        .at("/requests/{id}", get(requests::read).put(requests::update))
        .at("/requests/{id}/render", get(requests::render))
        .all(requests::operations())
        .at("/assets", get(assets::list))
        .at("/assets/{id}", get(assets::read))
        .at("/assets/{id}/requests", get(assets::requests))
        .at("/assets/{id}/render", get(assets::render))
        .at("/products", get(products::list).post(products::create))
        .at(
            "/products/{product}",
            get(products::read).put(products::update).delete(products::delete),
        )
        .at("/products/{product}/items", get(items::list).post(items::create))
        .at(
            "/products/{product}/items/{id}",
            get(items::read).put(items::update).delete(items::delete),
        )
        .at("/products/{product}/parameters", get(parameters::list).post(parameters::create))
        .at(
            "/products/{product}/parameters/{id}",
            get(parameters::read).put(parameters::update).delete(parameters::delete),
        )
        .at("/products/{product}/templates", get(templates::list).post(templates::create))
        .at(
            "/products/{product}/templates/{id}",
            get(templates::read).put(templates::update).delete(templates::delete),
        )
        .at("/products/{product}/templates/{id}/render", get(templates::render))
        .at("/products/{product}/connections", get(products::connections).post(not_emulated))
        .at("/products/{product}/connections/{id}", get(products::connection).put(not_emulated))
        .at("/templates/{id}/render", get(templates::render_for_request))
        .at("/tier/accounts", get(tier_accounts::list).post(tier_accounts::create))
        .at(
            "/tier/accounts/{id}",
            get(tier_accounts::read).put(tier_accounts::update).delete(not_emulated),
        )
        .at("/tier/accounts/{id}/versions", get(tier_accounts::versions))
        .at("/tier/accounts/{id}/versions/{version}", get(tier_accounts::version))
        .at("/conversations", get(conversations::list).post(not_emulated))
        .at("/conversations/{id}", get(conversations::read).delete(not_emulated))
        .at("/conversations/{id}/close", post(conversations::close))
        .at(
            "/conversations/{id}/messages",
            get(conversations::messages).post(conversations::create_message),
        )
        .at("/hubs", directory::list(Collection::Hubs).post(not_emulated))
        .at("/hubs/{id}", directory::read(Collection::Hubs).put(not_emulated).delete(not_emulated))
        .at("/marketplaces", directory::list(Collection::Marketplaces).post(not_emulated))
        .at(
            "/marketplaces/{id}",
            directory::read(Collection::Marketplaces).put(not_emulated).delete(not_emulated),
        )
        .at("/accounts", directory::list(Collection::Accounts).post(not_emulated))
        .at(
            "/accounts/{id}",
            directory::read(Collection::Accounts).put(not_emulated).delete(not_emulated),
        )
        .at("/contracts", directory::list(Collection::Contracts))
        .at(
            "/contracts/{id}",
            directory::read(Collection::Contracts).put(not_emulated).delete(not_emulated),
        )
        .at("/listings", directory::list(Collection::Listings))
        .at("/listings/{id}", directory::read(Collection::Listings).put(not_emulated))
        .0
        .route("/public/{*rest}", any(not_emulated::or_not_found))
        .method_not_allowed_fallback(no_such_method)
}

/// Routes as they are written above: without the prefix, and each also with a slash at its end,
/// because old clients send one.
#[derive(Default)]
struct Contents(Router<Platform>);

impl Contents {
    fn at(self, path: &str, methods: MethodRouter<Platform>) -> Self {
        let slashed = format!("{PREFIX}{path}/");
        let path = format!("{PREFIX}{path}");
        Self(self.0.route(&path, methods.clone()).route(&slashed, methods))
    }

    fn all(self, routes: impl Iterator<Item = (String, MethodRouter<Platform>)>) -> Self {
        routes.fold(self, |contents, (path, methods)| contents.at(&path, methods))
    }
}

/// `GET /public/v1`: some tools read the platform's version from the headers of this answer.
async fn version() -> impl IntoResponse {
    Answer::ok(Bytes::from_static(b"{}"))
}

async fn no_such_method(method: Method) -> Denied {
    answer::no_such_method(&method)
}
