//! The vendor's HTTP face.

mod control;
mod tenants;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::{get, post, put};
use serde::de::DeserializeOwned;

use crate::answer::Refusal;
use crate::stranger;
use crate::vendor::Vendor;

/// The factor by which a list of seeds may be longer than an ordinary body.
const SEED_FACTOR: usize = 256;

/// Returns all routes. Bodies above `body_limit` bytes are refused.
pub(crate) fn router(vendor: Arc<Vendor>, body_limit: usize) -> Router {
    let seed_limit = DefaultBodyLimit::max(body_limit.saturating_mul(SEED_FACTOR));
    let control = Router::new()
        .route("/_log", get(control::effects))
        .route("/_calls", get(control::calls))
        .route(
            "/_faults",
            post(control::add_fault).get(control::faults).delete(control::clear_faults),
        )
        .route("/_prepare", post(control::prepare))
        .route("/_keys", post(control::keys))
        .layer(DefaultBodyLimit::max(body_limit))
        .route("/_tenants", post(control::seed).layer(seed_limit))
        .layer(from_fn(stranger::keep_out));
    Router::new()
        .route("/tenant", post(tenants::create).get(tenants::find))
        .route("/tenant/{id}", get(tenants::read).put(tenants::set_limit).delete(tenants::delete))
        .route("/tenant/{id}/adopt", put(tenants::adopt))
        .route("/tenant/{id}/expiry", put(tenants::extend))
        .route("/tenant/{id}/owner", put(tenants::hand_over))
        .route("/tenant/{id}/contact", put(tenants::set_contact))
        .route("/tenant/{id}/enable", put(tenants::enable))
        .route("/tenant/{id}/disable", put(tenants::disable))
        .layer(DefaultBodyLimit::max(body_limit))
        .merge(control)
        .route("/_health", get(control::health))
        .fallback(no_such_place)
        .method_not_allowed_fallback(no_such_method)
        .with_state(vendor)
}

async fn no_such_place() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.")
}

async fn no_such_method() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This address does not take this method.",
    )
}

/// Reads a JSON body of the given shape.
fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::bad_request(format!("The body is not what is expected: {error}")))
}
