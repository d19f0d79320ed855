//! The acting role and the look, kept in cookies.

use axum::response::{IntoResponse, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};

use super::fields::Fields;
use super::page::go;

const YEAR: &str = "31536000";

/// Answers `POST /preferences`.
pub(super) async fn save(fields: Fields) -> Response {
    let mut cookies = HeaderMap::new();
    for name in ["role", "look"] {
        let word = fields.text(name);
        let known = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let cookie = format!("{name}={word}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Strict");
        if let Some(value) = known.then(|| HeaderValue::from_str(&cookie).ok()).flatten() {
            cookies.append(SET_COOKIE, value);
        }
    }
    (cookies, go(local(fields.text("back")))).into_response()
}

/// Returns a way back that stays here.
pub(super) fn local(back: &str) -> &str {
    let stays = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\');
    if stays { back } else { "/" }
}
