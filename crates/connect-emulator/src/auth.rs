//! The identity of callers.

use axum::extract::Query;
use http::Uri;
use http::header::AUTHORIZATION;
use http::request::Parts;

use crate::platform::Platform;
use connect_world::Actor;

/// Returns the caller, when its token is known or it follows the link of an inquiring form.
pub(crate) fn identify(platform: &Platform, parts: &Parts) -> Option<Actor> {
    match parts.headers.get(AUTHORIZATION) {
        Some(authorization) => platform.authenticate(authorization.to_str().ok()?),
        None => follows_form_link(&parts.uri).then_some(Actor::Customer),
    }
}

/// Whether a call follows the link of a form: customers answer an inquiry with `POST
/// /requests/{id}/pend?code=…` and no token.
fn follows_form_link(uri: &Uri) -> bool {
    uri.path().trim_end_matches('/').ends_with("/pend") && form_code(uri).is_some()
}

/// Returns the secret of a form link, `?code=`.
pub(crate) fn form_code(uri: &Uri) -> Option<String> {
    uri.query()?;
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs.into_iter().find_map(|(name, value)| (name == "code").then_some(value))
}

/// Returns the path and the query as they may be written down: without the secret of a form link.
pub(crate) fn without_secret(uri: &Uri) -> String {
    match form_code(uri) {
        Some(_) => format!("{}?code=***", uri.path()),
        None => uri.to_string(),
    }
}
