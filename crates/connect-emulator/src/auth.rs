//! Who is calling.

use axum::extract::Query;
use http::Uri;
use http::header::AUTHORIZATION;
use http::request::Parts;
use serde::Deserialize;

use crate::platform::Platform;
use crate::world::Actor;

/// The caller, when its token is known or it follows the link of an inquiring form.
pub(crate) fn identify(platform: &Platform, parts: &Parts) -> Option<Actor> {
    match parts.headers.get(AUTHORIZATION) {
        Some(authorization) => platform.authenticate(authorization.to_str().ok()?),
        None => follows_form_link(&parts.uri).then_some(Actor::Customer),
    }
}

/// Customers answer an inquiry with `POST /requests/{id}/pend?code=…` and no token.
fn follows_form_link(uri: &Uri) -> bool {
    uri.path().trim_end_matches('/').ends_with("/pend") && form_code(uri).is_some()
}

/// The secret of a form link, `?code=`.
pub(crate) fn form_code(uri: &Uri) -> Option<String> {
    #[derive(Deserialize)]
    struct Link {
        code: Option<String>,
    }
    Query::<Link>::try_from_uri(uri).ok()?.0.code
}
