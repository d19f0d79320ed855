//! `/emulator`: the emulator's own endpoints, for people and tests. Connect has nothing like them.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{ConnectInfo, Path, Query, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, delete, get};
use axum::{Json, Router};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serve::Caller;

use crate::activity::LoggedCall;
use crate::answer::status_of;
use crate::auth;
use crate::fault::{Fault, FaultEffect, OPERATIONS};
use crate::gate::Gate;
use crate::locality::{Locality, is_from_elsewhere};
use connect_world::{Actor, Denial, Side};

/// The number of calls that `GET /emulator/activity` gives unless told otherwise.
const ACTIVITY_PAGE: usize = 100;

/// The state that the control endpoints need.
#[derive(Clone)]
pub(crate) struct Control {
    pub(crate) gate: Arc<Gate>,
    pub(crate) listen: IpAddr,
    pub(crate) endpoint: Arc<str>,
}

/// Returns the routes below `/emulator`.
pub(crate) fn router(control: Control) -> Router {
    Router::new()
        .route("/emulator/health", get(health))
        .route("/emulator/activity", get(activity))
        .route("/emulator/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/emulator/drafts/{id}", delete(remove_draft))
        .route("/emulator/{*rest}", any(no_such_place))
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(control.clone(), guard))
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

/// Lets in who calls from this machine, and from elsewhere who has a key of the vendor.
async fn guard(
    State(control): State<Control>,
    ConnectInfo(caller): ConnectInfo<Caller>,
    request: Request,
    next: Next,
) -> Response {
    if control.lets_in(caller.peer().ip(), request.headers()) {
        return next.run(request).await;
    }
    let detail = "Control endpoints answer to callers on the emulator's own machine, under the name \
                  localhost or the address it listens on, and to no web page but the emulator's; \
                  to others with a key of the vendor.";
    Problem::new(StatusCode::FORBIDDEN, "foreign_host", detail).into_response()
}

impl Control {
    fn lets_in(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        self.is_at_home(peer, headers) || self.has_key(headers)
    }

    /// Whether a call comes from this machine, uses its name, and is of no other site's page.
    fn is_at_home(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        let locality = Locality::at(self.listen);
        locality.is_ours(peer) && locality.is_called(headers) && !is_from_elsewhere(headers)
    }

    fn has_key(&self, headers: &HeaderMap) -> bool {
        let key = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let actor = key.and_then(|key| self.gate.platform.authenticate(key));
        actor.is_some_and(|actor| actor.vendor().is_ok())
    }
}

async fn no_such_place() -> Problem {
    let detail = "There are /emulator/health, /emulator/activity, /emulator/faults and \
                  /emulator/drafts/{id}.";
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
        "world": control.gate.platform.world_id(),
    });
    let Err(denied) = control.gate.platform.health() else { return Json(body).into_response() };
    body["status"] = json!("broken");
    body["cause"] = json!(denied.refusal.to_string());
    (status_of(&denied), Json(body)).into_response()
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
    let detail = "after and limit are whole numbers of 0 or more.";
    let Query(page) = page.map_err(|_| Problem::bad_request("bad_query", detail))?;
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
    user_agent: &'a str,
    method: &'a str,
    path: String,
    object: Option<&'a str>,
    status: Option<u16>,
    lost: Option<u16>,
    fault: Option<&'a FaultEffect>,
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
    fn of(call: &'a LoggedCall) -> Self {
        Self {
            seq: call.seq,
            at: call.at,
            duration_us: call.duration.as_micros(),
            actor: call.actor.as_ref().map(Who::of),
            user_agent: &call.user_agent,
            method: call.method.as_str(),
            path: auth::without_secret(&call.uri),
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
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    must_be_json(&headers)?;
    let cut = "The body broke off before its end, or is too large.";
    let body = body.map_err(|_| Problem::bad_request("bad_body", cut))?;
    let fault: Fault = serde_json::from_slice(&body)
        .map_err(|error| Problem::bad_request("bad_fault", not_a_fault(&error)))?;
    fault
        .check(OPERATIONS)
        .map_err(|wrong| Problem::bad_request("bad_fault", format!("{wrong}.")))?;
    let answer = (StatusCode::CREATED, Json(&fault)).into_response();
    control.gate.faults.add(fault);
    Ok(answer)
}

/// Refuses a body that is not JSON. Pages of other sites can send texts and forms without asking;
/// of JSON a browser asks first.
fn must_be_json(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let detail = "Send the body as JSON: Content-Type: application/json.";
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail))
}

fn not_a_fault(error: &serde_json::Error) -> String {
    const FORM: &str = "A fault has an effect, and may have on, of, skip and times. Effects: \
        {\"refuse\": {\"reason\": \"…\"}}, {\"answer\": {\"status\": 503}}, {\"answer_after\": {\"status\": \
        503}}, \"lose_call\", \"lose_answer\", {\"delay\": {\"millis\": 500}}; an answer has a status of \
        200 to 599, and may have retry_after, location and body.";
    format!("Not a fault, from character {} of line {} on. {FORM}", error.column(), error.line())
}

async fn remove_draft(
    State(control): State<Control>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let removed = control.gate.platform.remove_draft(&id).await;
    let refused = |denied: Denial| {
        Problem::new(status_of(&denied), "not_removed", denied.refusal.to_string())
    };
    removed.map(|()| StatusCode::NO_CONTENT).map_err(refused)
}

async fn clear_faults(State(control): State<Control>) -> StatusCode {
    control.gate.faults.clear();
    StatusCode::NO_CONTENT
}

#[cfg(test)]
mod tests {
    use http::header::HOST;

    use super::*;
    use crate::activity::Activity;
    use crate::calls::Calls;
    use crate::fault::Faults;
    use crate::platform::Platform;
    use crate::webhooks::receivers::HttpReceivers;
    use connect_clock::{Clock, SystemClock};
    use connect_world::Setting;
    use connect_world::scenario::Scenario;

    fn listening_on(address: &str) -> Control {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let setting = Setting::new(1);
        let receivers = Arc::new(HttpReceivers::default());
        let platform =
            Platform::open(Scenario::demo(), setting, clock.clone(), None, receivers).unwrap();
        let gate = Gate {
            platform,
            activity: Arc::new(Activity::new(1)),
            faults: Faults::default(),
            clock,
            calls: Calls::default(),
        };
        Control { gate: Arc::new(gate), listen: address.parse().unwrap(), endpoint: "".into() }
    }

    #[test]
    fn other_machines_need_the_vendors_key_wherever_the_emulator_listens() {
        let cases = [
            ("0.0.0.0", "127.0.0.1", "127.0.0.1:4000", true),
            ("::", "::ffff:127.0.0.1", "localhost:4000", true),
            ("0.0.0.0", "10.0.0.9", "10.0.0.5:4000", false),
            ("0.0.0.0", "10.0.0.9", "localhost:4000", false),
            ("0.0.0.0", "127.0.0.1", "evil.example:4000", false),
            ("10.0.0.5", "10.0.0.5", "10.0.0.5:4000", true),
            ("10.0.0.5", "10.0.0.9", "10.0.0.5:4000", false),
        ];
        for (listen, peer, host, expected) in cases {
            let control = listening_on(listen);
            let keys = control.gate.platform.keys();
            let lets_in = |key: &str| {
                let headers = [(HOST, host), (AUTHORIZATION, key)];
                let value = |value: &str| HeaderValue::from_str(value).unwrap();
                let headers = headers.into_iter().map(|(name, it)| (name, value(it)));
                control.lets_in(peer.parse().unwrap(), &headers.collect())
            };
            let case = format!("{peer} calls {host}, listening on {listen}");
            assert_eq!(lets_in("ApiKey SU-1:guessed"), expected, "{case}");
            assert_eq!(lets_in(&keys.distributor), expected, "{case}");
            assert!(lets_in(&keys.vendor), "{case}");
        }
    }
}
