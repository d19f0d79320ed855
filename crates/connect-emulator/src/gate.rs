//! What every call goes through: it is identified, struck by faults, and recorded.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::FutureExt;
use http::header::{CONTENT_RANGE, CONTENT_TYPE};
use http::request::Parts;
use http::{Method, StatusCode, Uri};
use jiff::Timestamp;

use crate::activity::{Activity, Call, Kept};
use crate::clock::Clock;
use crate::fault::{Effect, Fate, Faults, befall};
use crate::platform::Platform;
use crate::rest::PREFIX;
use crate::world::{Actor, Denied};
use crate::{answer, auth};
use hangup::HangUp;

/// The largest request body that is read, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;

/// What the calls meet on their way to the platform.
pub(crate) struct Gate {
    pub(crate) platform: Platform,
    pub(crate) activity: Arc<Activity>,
    pub(crate) faults: Faults,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Lets one call through.
pub(crate) async fn pass(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let changes_nothing = matches!(*request.method(), Method::GET | Method::HEAD);
    let call = attend(gate, request, next);
    if changes_nothing {
        return call.await;
    }
    // On a task of its own: a caller that hangs up does not undo what it asked for, and the log
    // shows it.
    tokio::spawn(call).await.unwrap_or_else(|_| answer::broken().into_response())
}

async fn attend(gate: Arc<Gate>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let hook = parts.extensions.get::<ConnectInfo<HangUp>>().map(|info| info.0.clone());
    let mut call = Arriving::new(&gate, &parts);
    let fate = match read(body).await {
        Ok(body) => call.carry_out(&gate, parts, body, next).await,
        Err(denied) => Fate::told(denied.into_response()),
    };
    let (response, body) = split(fate.told).await;
    call.record(&gate.activity, response.as_ref(), &body, fate.lost);
    response.unwrap_or_else(|| hang_up(hook))
}

/// A call that has no answer yet.
struct Arriving {
    at: Timestamp,
    began: Instant,
    actor: Option<Actor>,
    method: Method,
    uri: Uri,
    request: Kept,
    fault: Option<Effect>,
}

impl Arriving {
    fn new(gate: &Gate, parts: &Parts) -> Self {
        Self {
            at: gate.clock.now(),
            began: Instant::now(),
            actor: auth::identify(&gate.platform, parts),
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            request: Kept::default(),
            fault: None,
        }
    }

    async fn carry_out(&mut self, gate: &Gate, mut parts: Parts, body: Bytes, next: Next) -> Fate {
        self.request = Kept::of(&body);
        self.fault = gate.faults.strike(&self.method, below_prefix(self.uri.path()));
        if let Some(actor) = self.actor.clone() {
            parts.extensions.insert(actor);
        }
        let request = Request::from_parts(parts, Body::from(body));
        befall(self.fault.as_ref(), unbroken(next.run(request))).await
    }

    fn record(
        self,
        activity: &Activity,
        told: Option<&Response>,
        body: &Bytes,
        lost: Option<StatusCode>,
    ) {
        activity.add(|seq| Call {
            seq,
            at: self.at,
            duration: self.began.elapsed(),
            actor: self.actor,
            method: self.method,
            uri: self.uri,
            status: told.map(Response::status),
            lost,
            fault: self.fault,
            request: self.request,
            response: Kept::of(body),
            content_type: told.and_then(|told| told.headers().get(CONTENT_TYPE).cloned()),
            content_range: told.and_then(|told| told.headers().get(CONTENT_RANGE).cloned()),
        });
    }
}

fn below_prefix(path: &str) -> &str {
    path.strip_prefix(PREFIX).unwrap_or(path)
}

async fn read(body: Body) -> Result<Bytes, Denied> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let mut carrier = Request::new(body);
    DefaultBodyLimit::max(BODY_LIMIT).apply(&mut carrier);
    Bytes::from_request(carrier, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => answer::too_large(BODY_LIMIT),
        _ => answer::unreadable(rejection.body_text()),
    })
}

/// A panic costs the call that met it, nothing else.
async fn unbroken(call: impl Future<Output = Response>) -> Response {
    AssertUnwindSafe(call).catch_unwind().await.unwrap_or_else(|_| answer::broken().into_response())
}

/// The answer and, beside it, its body. A body without a known end is left alone.
async fn split(response: Option<Response>) -> (Option<Response>, Bytes) {
    let Some(response) = response else { return (None, Bytes::new()) };
    if response.body().size_hint().exact().is_none() {
        return (Some(response), Bytes::new());
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    (Some(Response::from_parts(parts, Body::from(body.clone()))), body)
}

/// The response is never seen: nothing is written to the connection any more.
fn hang_up(hook: Option<HangUp>) -> Response {
    if let Some(hook) = hook {
        hook.hang_up();
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
