//! Faults: how the platform misbehaves when told to, and what its calls are called.

use std::time::Duration;

use connect_clock::Clock;

pub use ::fault::{Canned, Fault, FaultEffect, Faults, Refuse};
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, StatusCode};
use serde_json::json;

use crate::answer::JSON;

/// The operations a fault can be for.
pub(crate) const OPERATIONS: &[&str] = &[
    "list", "read", "create", "update", "delete", "approve", "fail", "inquire", "pend", "assign",
    "unassign", "schedule", "revoke", "confirm", "purchase", "submit", "validate", "render",
];

/// Returns what happens to this call; `path` is below `/public/v1`.
pub(crate) fn strike(faults: &Faults, method: &Method, path: &str) -> Option<FaultEffect> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let (method, operation) = (method.as_str(), operation(method, path));
    faults.strike(&::fault::IncomingCall { operation, method, path, subject: None })
}

/// Names a call: by the verb at the end of its path, or else by what its method does.
fn operation<'a>(method: &Method, path: &'a str) -> &'a str {
    let path = path.strip_prefix("/tier").unwrap_or(path);
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let names_an_object = segments.len().is_multiple_of(2);
    let verb = segments.get(2).filter(|_| segments.len() == 3).copied();
    match (method, verb) {
        (&Method::GET | &Method::POST, Some(verb)) if OPERATIONS.contains(&verb) => verb,
        (&Method::GET, _) if names_an_object => "read",
        (&Method::GET, _) => "list",
        (&Method::POST, _) => "create",
        (&Method::PUT, _) => "update",
        (&Method::DELETE, _) => "delete",
        _ => "",
    }
}

fn response(canned: &Canned) -> Response {
    let (media_type, body) = match canned.content() {
        None => (JSON, error_body(canned.status)),
        Some((media_type, body)) => (HeaderValue::from_static(media_type), body),
    };
    let mut response = (canned.status, [(CONTENT_TYPE, media_type)], body).into_response();
    response.headers_mut().extend(canned.headers());
    response
}

fn error_body(status: StatusCode) -> String {
    let (code, message) = match status {
        StatusCode::TOO_MANY_REQUESTS => ("RATE_LIMIT", "Too many requests.".to_owned()),
        status => ("FAULT", format!("A fault answers {status}.")),
    };
    json!({"error_code": code, "errors": [message]}).to_string()
}

/// Returns a refusal in the platform's error shape.
fn refusal(refuse: &Refuse) -> Response {
    let body = json!({"error_code": refuse.code, "errors": [refuse.reason]}).to_string();
    (refuse.status_code(), [(CONTENT_TYPE, JSON)], body).into_response()
}

/// The outcome of a call.
#[derive(Default)]
pub(crate) struct CallOutcome {
    /// The answer its caller is told; `None`: hang up.
    pub(crate) told: Option<Response>,
    /// The platform's own answer, when the caller is not told.
    pub(crate) lost: Option<StatusCode>,
}

impl CallOutcome {
    /// Returns the outcome of a call whose caller is told this.
    pub(crate) fn told(response: Response) -> Self {
        Self { told: Some(response), lost: None }
    }
}

/// Lets an effect befall a call; `carry_out` is what the platform does when it gets to it.
pub(crate) async fn befall(
    effect: Option<&FaultEffect>,
    clock: &dyn Clock,
    carry_out: impl Future<Output = Response>,
) -> CallOutcome {
    match effect {
        None => CallOutcome::told(carry_out.await),
        Some(FaultEffect::Delay { millis }) => {
            clock.sleep(Duration::from_millis(*millis)).await;
            CallOutcome::told(carry_out.await)
        }
        Some(FaultEffect::Refuse(refuse)) => CallOutcome::told(refusal(refuse)),
        Some(FaultEffect::Answer(canned)) => CallOutcome::told(response(canned)),
        Some(FaultEffect::AnswerAfter(canned)) => CallOutcome {
            lost: Some(carry_out.await.status()),
            ..CallOutcome::told(response(canned))
        },
        Some(FaultEffect::LoseCall) => CallOutcome::default(),
        Some(FaultEffect::LoseAnswer) => {
            CallOutcome { told: None, lost: Some(carry_out.await.status()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_called_by_their_verb_or_by_what_their_method_does() {
        for (method, path, expected) in [
            (Method::GET, "/requests", "list"),
            (Method::GET, "/requests/PR-1", "read"),
            (Method::POST, "/requests", "create"),
            (Method::PUT, "/requests/PR-1", "update"),
            (Method::POST, "/requests/PR-1/approve", "approve"),
            (Method::GET, "/requests/PR-1/render", "render"),
            (Method::GET, "/tier/accounts", "list"),
            (Method::GET, "/tier/accounts/TA-1", "read"),
            (Method::POST, "/conversations/CO-1/messages", "create"),
            (Method::GET, "/products/PRD-1/items", "list"),
            (Method::DELETE, "/products/PRD-1", "delete"),
        ] {
            assert_eq!(operation(&method, path), expected, "{method} {path}");
        }
    }
}
