//! The gate that every call goes through: it is identified, struck by faults, and recorded.

use std::mem;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::FutureExt;
use http::header::{CONTENT_RANGE, CONTENT_TYPE, HeaderName, USER_AGENT};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use serve::Caller;

use crate::activity::{Activity, LoggedBody, LoggedCall};
use crate::answer::Rejection;
use crate::calls::Calls;
use crate::fault::{CallOutcome, Faults, befall};
use crate::platform::Platform;
use crate::rest::{self, PREFIX};
use crate::{answer, auth, fault};
use connect_clock::{Clock, Monotonic};
use connect_world::{Actor, Denial};

/// The largest request body that is read, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// The version of the API that is emulated: what official tools take the part before the first
/// full stop of.
const VERSION: &str = "37";
/// The header, on every answer, with the version of the platform that answers.
const CONNECT_VERSION: HeaderName = HeaderName::from_static("connect-version");
/// The header, on every answer, with the world that answers: a processor tells from it whether its
/// journal is about this one. Connect has nothing like it.
const CONNECT_WORLD: HeaderName = HeaderName::from_static("connect-world");

/// The state that calls meet on their way to the platform.
pub(crate) struct Gate {
    pub(crate) platform: Platform,
    pub(crate) activity: Arc<Activity>,
    pub(crate) faults: Faults,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) calls: Calls,
}

/// Lets one call through.
pub(crate) async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let changes_nothing = matches!(*request.method(), Method::GET | Method::HEAD);
    let caller = request.extensions().get::<ConnectInfo<Caller>>().map(|info| info.0.clone());
    let world = HeaderValue::from_str(gate.platform.world_id().as_str());
    let call = gate.calls.enter().run(attend(gate, request, next)).map(Option::flatten);
    let told = if changes_nothing {
        call.await
    } else {
        // On a task of its own: a caller that hangs up does not undo what it asked for.
        let done = tokio::spawn(call).await;
        done.unwrap_or_else(|_| Some(Rejection::from(Denial::broken()).into_response()))
    };
    let Some(mut told) = told else { return hang_up(caller) };
    let headers = told.headers_mut();
    headers.insert(CONNECT_VERSION, HeaderValue::from_static(VERSION));
    headers.extend(world.map(|world| (CONNECT_WORLD, world)));
    told
}

/// Returns what the caller is told; `None`: hang up.
async fn attend(gate: Arc<Gate>, request: Request, next: Next) -> Option<Response> {
    let (parts, body) = request.into_parts();
    let actor = auth::identify(&gate.platform, &parts);
    let clock = Arc::clone(&gate.clock);
    let mut entry = Entry::open(gate, &parts, actor.clone());
    let limit = body_limit(&parts, actor.as_ref());
    let outcome = match read(body, limit).await {
        Ok(body) => {
            entry.meet(&parts, &body);
            let call = unbroken(carry_out(parts, body, actor, next));
            befall(entry.call.fault.as_ref(), clock.as_ref(), call).await
        }
        Err(denied) => CallOutcome::told(denied.into_response()),
    };
    entry.close(outcome).await
}

/// Returns what the platform says. Who has no key is told only that, whatever the address.
async fn carry_out(mut parts: Parts, body: Bytes, actor: Option<Actor>, next: Next) -> Response {
    match actor {
        Some(actor) => drop(parts.extensions.insert(actor)),
        None if parts.uri.path().starts_with(PREFIX) => {
            return answer::unauthorized().into_response();
        }
        None => {}
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// A call on its way to the log. It gets there when this is dropped: also a call that was given up
/// half-way, because its caller hung up or the emulator stops, is on record.
struct Entry {
    gate: Arc<Gate>,
    began: Monotonic,
    call: LoggedCall,
}

impl Entry {
    fn open(gate: Arc<Gate>, parts: &Parts, actor: Option<Actor>) -> Self {
        let (method, uri) = (parts.method.clone(), parts.uri.clone());
        let user_agent = user_agent(parts);
        let at = gate.clock.now();
        let call = LoggedCall { at, actor, user_agent, method, uri, ..LoggedCall::default() };
        Self { began: gate.clock.monotonic(), gate, call }
    }

    /// Notes the body and the fault that strikes the call.
    fn meet(&mut self, parts: &Parts, body: &Bytes) {
        self.call.request = LoggedBody::of(body);
        let path = below_prefix(parts.uri.path());
        self.call.fault = fault::strike(&self.gate.faults, &parts.method, path);
    }

    /// Notes how the call ended, and gives back what its caller is told.
    async fn close(mut self, outcome: CallOutcome) -> Option<Response> {
        let (told, body) = split(outcome.told).await;
        let header = |name| told.as_ref().and_then(|told| told.headers().get(name).cloned());
        self.call.status = told.as_ref().map(Response::status);
        self.call.lost = outcome.lost;
        self.call.response = LoggedBody::of(&body);
        self.call.content_type = header(CONTENT_TYPE);
        self.call.content_range = header(CONTENT_RANGE);
        told
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let (call, duration) = (mem::take(&mut self.call), self.gate.clock.since(self.began));
        self.gate.activity.add(|seq| LoggedCall { seq, duration, ..call });
    }
}

/// Returns how a caller names itself, as far as it is kept.
fn user_agent(parts: &Parts) -> String {
    const KEPT: usize = 200;
    let named = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
    named.unwrap_or_default().chars().take(KEPT).collect()
}

fn below_prefix(path: &str) -> &str {
    path.strip_prefix(PREFIX).unwrap_or(path)
}

/// Returns the largest body of a call: strangers bring no workbooks.
fn body_limit(parts: &Parts, actor: Option<&Actor>) -> usize {
    match rest::takes_workbook(&parts.method, parts.uri.path()) && actor.is_some() {
        true => usage_sheet::LARGEST + BODY_LIMIT,
        false => BODY_LIMIT,
    }
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Rejection> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let mut carrier = Request::new(body);
    DefaultBodyLimit::max(limit).apply(&mut carrier);
    Bytes::from_request(carrier, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => answer::too_large(limit),
        _ => answer::unreadable(),
    })
}

/// Keeps a panic to the call that met it, which is answered as a defect.
async fn unbroken(call: impl Future<Output = Response>) -> Response {
    AssertUnwindSafe(call)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Rejection::from(Denial::broken()).into_response())
}

/// Returns the answer and, beside it, its body. A body without a known end is left alone.
async fn split(response: Option<Response>) -> (Option<Response>, Bytes) {
    let Some(response) = response else { return (None, Bytes::new()) };
    if response.body().size_hint().exact().is_none() {
        return (Some(response), Bytes::new());
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    (Some(Response::from_parts(parts, Body::from(body.clone()))), body)
}

/// Hangs up. The response is never seen: nothing is written to the connection any more.
fn hang_up(caller: Option<Caller>) -> Response {
    if let Some(caller) = caller {
        caller.hang_up();
    }
    Response::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_an_answer() {
        let response = unbroken(async { panic!("a defect") }).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
