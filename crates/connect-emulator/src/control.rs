//! `/emulator`: the emulator's own endpoints, for people and tests. Connect has nothing like them.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Query, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::activity::Call;
use crate::fault::{Effect, Fault};
use crate::gate::Gate;
use crate::world::{Actor, Side};

/// How many calls `GET /emulator/activity` gives unless told otherwise.
const ACTIVITY_PAGE: usize = 100;

/// What the control endpoints need.
#[derive(Clone)]
pub(crate) struct Control {
    pub(crate) gate: Arc<Gate>,
    pub(crate) listen: IpAddr,
    pub(crate) endpoint: Arc<str>,
}

/// The routes below `/emulator`.
pub(crate) fn router(control: Control) -> Router {
    Router::new()
        .route("/emulator/health", get(health))
        .route("/emulator/activity", get(activity))
        .route("/emulator/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/emulator/{*rest}", any(no_such_place))
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(control.listen, guard))
        .with_state(control)
}

/// An error as RFC 9457 writes it, with a stable `code`.
struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into() }
    }

    fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason(),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        let content_type = HeaderValue::from_static("application/problem+json");
        (self.status, [(CONTENT_TYPE, content_type)], body.to_string()).into_response()
    }
}

/// Refuses what a web page on another site could send. Such a page can make a name of its own
/// point to this machine, but the browser then still says that name.
async fn guard(State(listen): State<IpAddr>, request: Request, next: Next) -> Response {
    if is_ours(request.headers(), listen) {
        return next.run(request).await;
    }
    let detail =
        "Control endpoints answer to localhost and to the address the emulator listens on.";
    Problem::new(StatusCode::FORBIDDEN, "foreign_host", detail).into_response()
}

fn is_ours(headers: &HeaderMap, listen: IpAddr) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let origin = text(ORIGIN).map(|origin| origin.trim_start_matches("http://"));
    text(HOST).is_some_and(|host| names_us(host, listen))
        && (!headers.contains_key(ORIGIN) || origin.is_some_and(|host| names_us(host, listen)))
}

fn names_us(host: &str, listen: IpAddr) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    match name.parse::<IpAddr>() {
        Ok(ip) => ip.is_loopback() || ip == listen || listen.is_unspecified(),
        Err(_) => name.eq_ignore_ascii_case("localhost"),
    }
}

async fn no_such_place() -> Problem {
    let detail = "There are /emulator/health, /emulator/activity and /emulator/faults.";
    Problem::new(StatusCode::NOT_FOUND, "not_found", detail)
}

async fn no_such_method() -> Problem {
    let detail = "This address does not take this method.";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}

async fn health(State(control): State<Control>) -> Response {
    let mut body = json!({
        "status": "ready",
        "platform": "CloudBlue Connect 37.0, emulated",
        "endpoint": control.endpoint,
        "product": control.gate.platform.product(),
    });
    let Err(denied) = control.gate.platform.health() else { return Json(body).into_response() };
    body["status"] = json!("broken");
    body["cause"] = json!(denied.refusal.to_string());
    (denied.status, Json(body)).into_response()
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    after: u64,
    limit: Option<usize>,
}

async fn activity(
    State(control): State<Control>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(page) =
        page.map_err(|rejection| Problem::bad_request("bad_query", rejection.body_text()))?;
    let calls = control.gate.activity.page(page.after, page.limit.unwrap_or(ACTIVITY_PAGE));
    let lines: Vec<Line<'_>> = calls.iter().map(|call| Line::of(call)).collect();
    Ok(Json(lines).into_response())
}

/// A call as `GET /emulator/activity` writes it.
#[derive(Serialize)]
struct Line<'a> {
    seq: u64,
    at: Timestamp,
    duration_us: u128,
    actor: Option<Who<'a>>,
    method: &'a str,
    path: String,
    object: Option<&'a str>,
    status: Option<u16>,
    lost: Option<u16>,
    fault: Option<&'a Effect>,
    content_type: Option<&'a str>,
    request: Cow<'a, str>,
    request_truncated: bool,
    response: Cow<'a, str>,
    response_truncated: bool,
}

#[derive(Serialize)]
struct Who<'a> {
    id: Option<&'a str>,
    side: &'static str,
}

impl<'a> Who<'a> {
    fn of(actor: &'a Actor) -> Self {
        match actor {
            Actor::Customer => Self { id: None, side: "customer" },
            Actor::Token(token) => Self { id: Some(token.id.as_str()), side: side(token.side) },
        }
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Vendor => "vendor",
        Side::Distributor => "distributor",
    }
}

impl<'a> Line<'a> {
    fn of(call: &'a Call) -> Self {
        Self {
            seq: call.seq,
            at: call.at,
            duration_us: call.duration.as_micros(),
            actor: call.actor.as_ref().map(Who::of),
            method: call.method.as_str(),
            path: call.uri.to_string(),
            object: call.object(),
            status: call.status.map(|status| status.as_u16()),
            lost: call.lost.map(|status| status.as_u16()),
            fault: call.fault.as_ref(),
            content_type: call.content_type.as_ref().and_then(|value| value.to_str().ok()),
            request: call.request.text(),
            request_truncated: call.request.truncated,
            response: call.response.text(),
            response_truncated: call.response.truncated,
        }
    }
}

async fn faults(State(control): State<Control>) -> Response {
    Json(control.gate.faults.list()).into_response()
}

async fn add_fault(
    State(control): State<Control>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = body.map_err(|rejection| Problem::bad_request("bad_body", rejection.body_text()))?;
    let fault: Fault = serde_json::from_slice(&body).map_err(|error| {
        Problem::bad_request("bad_fault", format!("The body is not a fault: {error}."))
    })?;
    let answer = (StatusCode::CREATED, Json(&fault)).into_response();
    control.gate.faults.add(fault);
    Ok(answer)
}

async fn clear_faults(State(control): State<Control>) -> StatusCode {
    control.gate.faults.clear();
    StatusCode::NO_CONTENT
}
