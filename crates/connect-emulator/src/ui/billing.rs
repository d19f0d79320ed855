//! Billing: the requests in which both sides record what they billed for subscriptions.

mod attributes;
pub(super) mod create;
mod directory;
mod request;
mod rows;
pub(super) mod tab;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use connect_model::BillingRequestId;

use super::Ui;
use super::kit::tabbed;
use super::subscriptions::BILLING;

/// Returns the routes of these pages.
pub(super) fn routes() -> Router<Arc<Ui>> {
    Router::new()
        .route(BILLING, get(directory::page))
        .route("/subscriptions/{id}/bill", get(create::page).post(create::send))
        .merge(tabbed::<request::Tab, _>("/billing-requests/{id}", request::page))
        .route("/billing-requests/{id}/attributes", get(attributes::page).post(attributes::send))
}

fn address(id: &BillingRequestId) -> String {
    format!("/billing-requests/{id}")
}
