//! Answers and refusals as values, and how they become HTTP.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use connect_model::Refusal;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Method, StatusCode};
use serde::Serialize;

use connect_world::{CommandResult, ContentRange, Denial, DenialKind, EventKind, ListPage};

/// The media type, exactly this, without a charset: CloudBlue's JavaScript client compares the
/// whole header.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

const MARKDOWN: HeaderValue = HeaderValue::from_static("text/markdown");
const PLAIN: HeaderValue = HeaderValue::from_static("text/plain");
const CONTENT_RANGE: HeaderName = HeaderName::from_static("content-range");

/// The reply of a door to one call: the platform's answer, or why there is none.
pub(crate) type Reply = Result<Answer, Rejection>;

/// The platform's answer to one call that it carried out.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    content_type: HeaderValue,
    range: Option<ContentRange>,
    body: Bytes,
}

impl Answer {
    /// Answers 200 with a body that is JSON already.
    pub(crate) fn ok(body: Bytes) -> Self {
        Self { status: StatusCode::OK, content_type: JSON, range: None, body }
    }

    /// Answers 200 with a value to be written as JSON.
    pub(crate) fn json(value: &impl Serialize) -> Reply {
        serde_json::to_vec(value)
            .map(|body| Self::ok(body.into()))
            .map_err(|_| Denial::broken().into())
    }

    /// Answers 200 without a body.
    pub(crate) fn nothing() -> Self {
        Self { content_type: PLAIN, ..Self::ok(Bytes::new()) }
    }

    /// Returns the same with another status.
    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Answers 200 with a rendered template.
    pub(crate) fn markdown(text: String) -> Self {
        Self { content_type: MARKDOWN, ..Self::ok(text.into()) }
    }
}

impl From<CommandResult> for Answer {
    fn from(result: CommandResult) -> Self {
        let status = match result.kind {
            EventKind::Created => StatusCode::CREATED,
            EventKind::Changed if !result.body.is_empty() => StatusCode::OK,
            EventKind::Changed | EventKind::Deleted => StatusCode::NO_CONTENT,
        };
        Self { status, ..Self::ok(result.body) }
    }
}

impl From<ListPage> for Answer {
    fn from(listed: ListPage) -> Self {
        Self { range: Some(listed.range), ..Self::ok(listed.body) }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(self.body.into());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if self.status != StatusCode::NO_CONTENT {
            headers.insert(CONTENT_TYPE, self.content_type);
        }
        let range = self.range.and_then(|range| HeaderValue::try_from(range.to_string()).ok());
        headers.extend(range.map(|range| (CONTENT_RANGE, range)));
        response
    }
}

/// Returns the status of a refusal.
pub(crate) fn status_of(denied: &Denial) -> StatusCode {
    match denied.kind {
        DenialKind::Invalid => StatusCode::BAD_REQUEST,
        DenialKind::Forbidden => StatusCode::FORBIDDEN,
        DenialKind::NotFound => StatusCode::NOT_FOUND,
        DenialKind::Conflict => StatusCode::CONFLICT,
        DenialKind::NotEmulated => StatusCode::NOT_IMPLEMENTED,
        DenialKind::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        DenialKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// A reason why there is no answer: the world refused, or the call never came to it.
#[derive(Debug)]
pub(crate) struct Rejection {
    status: StatusCode,
    refusal: Refusal,
}

impl Rejection {
    fn new(status: StatusCode, code: &str, message: impl Into<String>) -> Self {
        Self { status, refusal: Refusal::new(code, message) }
    }
}

impl From<Denial> for Rejection {
    fn from(denied: Denial) -> Self {
        Self { status: status_of(&denied), refusal: denied.refusal }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.refusal).unwrap_or_default();
        (self.status, [(CONTENT_TYPE, JSON)], body).into_response()
    }
}

/// Refuses with 401: no token, or one the platform never gave out.
pub(crate) fn unauthorized() -> Rejection {
    Rejection::new(StatusCode::UNAUTHORIZED, "AUTH_001", "API request is unauthorized.")
}

/// Refuses with 404: no such address.
pub(crate) fn no_such_path(path: &str) -> Rejection {
    let message = format!("There is nothing at {path}; the API lives below /public/v1.");
    Rejection::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
}

/// Refuses with 405: the address does not take this method.
pub(crate) fn no_such_method(method: &Method) -> Rejection {
    let message = format!("Method {method} is not allowed here.");
    Rejection::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message)
}

/// Refuses with 400: the body broke off on its way.
pub(crate) fn unreadable() -> Rejection {
    Denial::invalid("body: It broke off before its end.").into()
}

/// Refuses with 413: more than the emulator reads.
pub(crate) fn too_large(limit: usize) -> Rejection {
    let message = format!("The body is larger than {limit} bytes.");
    Rejection::new(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", message)
}

/// Refuses with 400: the body is nested deeper than the emulator takes.
pub(crate) fn too_deep(limit: usize) -> Rejection {
    Denial::invalid(format!("The body is nested deeper than {limit} levels.")).into()
}
