//! The icons that objects name, such as `/media/VA-731-204/icon.png`. They are one picture: nobody
//! uploads any.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{StatusCode, Uri};

use crate::platform::Platform;

const ICON: &[u8] = include_bytes!("../assets/icon.png");

/// Routes to the pictures, which anybody may fetch.
pub(crate) fn router(platform: Platform) -> Router {
    Router::new().route("/media/{*path}", get(icon)).with_state(platform)
}

async fn icon(State(platform): State<Platform>, uri: Uri) -> Response {
    if !platform.with_world(|world| world.has_icon(uri.path())) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let headers = [
        (CONTENT_TYPE, "image/png"),
        (CACHE_CONTROL, "max-age=3600"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, ICON).into_response()
}
