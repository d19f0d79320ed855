//! The checks that every visit passes: is it to us, from us, and by somebody who may come?

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::Ui;
use super::role::cookie;
use crate::locality::is_from_elsewhere;

/// The content policy: nothing but our own files runs or is shown, and nobody shows us in a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "same-origin"),
    (CACHE_CONTROL, "no-store"),
];

/// Names the cookie of somebody who has logged in. Cookies know no ports: each emulator of a
/// machine has its own.
pub(super) fn login_cookie(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
    format!("login-{}", host.and_then(|host| host.port_u16()).unwrap_or(80))
}

/// Lets one visit through.
pub(super) async fn pass(State(ui): State<Arc<Ui>>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&ui, &request) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    harden(response.headers_mut());
    response
}

fn refusal(ui: &Ui, request: &Request) -> Option<Response> {
    if !ui.locality.is_called(request.headers()) {
        let text = "These pages answer to localhost and to the address they are served at.";
        return Some((StatusCode::FORBIDDEN, text).into_response());
    }
    if request.method() == Method::POST && is_from_elsewhere(request.headers()) {
        return Some((StatusCode::FORBIDDEN, "This form came from another site.").into_response());
    }
    if needs_login(ui, request) {
        return Some(super::page::go("/login"));
    }
    None
}

fn needs_login(ui: &Ui, request: &Request) -> bool {
    if ui.login.is_none() {
        return false;
    }
    let path = request.uri().path();
    if path == "/login" || path.starts_with("/static/") {
        return false;
    }
    cookie(request.headers(), &login_cookie(request.headers())) != Some(&*ui.session)
}

fn harden(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
