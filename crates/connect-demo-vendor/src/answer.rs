//! Answers and refusals as values, and how they become HTTP.

use std::borrow::Cow;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

/// Set to `true` on an answer that was given before.
const IDEMPOTENT_REPLAY: HeaderName = HeaderName::from_static("idempotent-replay");

/// An answer of the vendor to one call.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    body: Bytes,
    media_type: &'static str,
    headers: HeaderMap,
}

impl Answer {
    /// Returns an answer with any body.
    pub(crate) fn raw(status: StatusCode, media_type: &'static str, body: String) -> Self {
        Self { status, body: body.into(), media_type, headers: HeaderMap::new() }
    }

    /// Returns an answer with a JSON body.
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self { body: body.into(), ..Self::empty(status) },
            Err(_) => Self::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// Returns an answer without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            body: Bytes::new(),
            media_type: "application/json",
            headers: HeaderMap::new(),
        }
    }

    /// Returns the same answer, marked as given before.
    pub(crate) fn replayed(self) -> Self {
        let replay = (IDEMPOTENT_REPLAY, HeaderValue::from_static("true"));
        self.with(HeaderMap::from_iter([replay]))
    }

    /// Returns the same answer with these headers, too.
    pub(crate) fn with(mut self, headers: HeaderMap) -> Self {
        self.headers.extend(headers);
        self
    }

    /// Returns a 429: nothing was done, come back after this many seconds.
    pub(crate) fn limited(retry_after: u64) -> Self {
        let refusal = Refusal::new(
            StatusCode::TOO_MANY_REQUESTS,
            "rate_limited",
            format!("Too many calls. Try again in {retry_after} s."),
        );
        Self::from(refusal).with(HeaderMap::from_iter([(RETRY_AFTER, retry_after.into())]))
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::NO_CONTENT {
            headers.remove(CONTENT_TYPE);
        } else {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        }
        headers.extend(self.headers);
        response
    }
}

/// A call that was not carried out, and why.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: Cow<'static, str>,
    message: String,
}

impl Refusal {
    pub(crate) fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        let body = json!({"error": {"code": refusal.code, "message": refusal.message}});
        Self::json(refusal.status, &body)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        Answer::from(self).into_response()
    }
}

impl From<BytesRejection> for Refusal {
    fn from(rejection: BytesRejection) -> Self {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                "The body is larger than this vendor reads.",
            ),
            status => Self::new(status, "bad_request", rejection.body_text()),
        }
    }
}

impl From<QueryRejection> for Refusal {
    fn from(rejection: QueryRejection) -> Self {
        Self::bad_request(rejection.body_text())
    }
}

/// Returns a 200 with a JSON body; for the control endpoints.
pub(crate) fn ok<T: Serialize>(body: T) -> Response {
    Json(body).into_response()
}
