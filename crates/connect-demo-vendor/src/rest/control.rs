//! The endpoints of tests and operators, beside the vendor's own.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use fault::Fault;
use serde::Deserialize;
use serde_json::json;

use super::read_json;
use crate::answer::{Answer, Refusal, ok};
use crate::operation::TenantOperation;
use crate::tenant::Seed;
use crate::vendor::Vendor;

#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    after: u64,
}

pub(super) async fn effects(
    State(vendor): State<Arc<Vendor>>,
    query: Result<Query<After>, QueryRejection>,
) -> Result<Response, Refusal> {
    Ok(ok(vendor.log_after(query?.after)))
}

pub(super) async fn calls(
    State(vendor): State<Arc<Vendor>>,
    query: Result<Query<After>, QueryRejection>,
) -> Result<Response, Refusal> {
    Ok(ok(vendor.calls_after(query?.after)))
}

pub(super) async fn add_fault(
    State(vendor): State<Arc<Vendor>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Answer, Refusal> {
    let fault: Fault = read_json(&body?)?;
    let checked = fault.check(TenantOperation::NAMES);
    checked.map_err(|wrong| Refusal::bad_request(format!("{wrong}.")))?;
    let answer = Answer::json(StatusCode::CREATED, &fault);
    vendor.fault(fault);
    Ok(answer)
}

pub(super) async fn faults(State(vendor): State<Arc<Vendor>>) -> Response {
    ok(vendor.faults())
}

pub(super) async fn clear_faults(State(vendor): State<Arc<Vendor>>) -> Answer {
    vendor.clear_faults();
    Answer::empty(StatusCode::NO_CONTENT)
}

pub(super) async fn seed(
    State(vendor): State<Arc<Vendor>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Answer, Refusal> {
    let seeds = read_seeds(&body?)?;
    let answer = Answer::json(StatusCode::CREATED, &json!({"tenants": seeds.len()}));
    vendor.seed(seeds)?;
    Ok(answer)
}

/// How long new tenants take to be ready.
#[derive(Deserialize)]
struct Preparation {
    millis: u64,
}

pub(super) async fn prepare(
    State(vendor): State<Arc<Vendor>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Answer, Refusal> {
    let Preparation { millis } = read_json(&body?)?;
    vendor.prepare_for(Duration::from_millis(millis));
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// Whether it takes notice of keys.
#[derive(Deserialize)]
struct KeyRule {
    ignored: bool,
}

pub(super) async fn keys(
    State(vendor): State<Arc<Vendor>>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Answer, Refusal> {
    let KeyRule { ignored } = read_json(&body?)?;
    vendor.ignore_keys(ignored);
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// Reads one seed, or a list of them.
fn read_seeds(body: &[u8]) -> Result<Vec<Seed>, Refusal> {
    if body.trim_ascii_start().starts_with(b"[") {
        read_json(body)
    } else {
        Ok(vec![read_json(body)?])
    }
}

pub(super) async fn health() -> Response {
    ok(json!({"status": "up"}))
}
