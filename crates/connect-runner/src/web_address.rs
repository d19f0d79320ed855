//! Addresses of the web.

use axum::http::Uri;

/// Whether a text is an address that can be opened by http or https.
pub(crate) fn is_web_address(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
    })
}
