//! A guard that keeps web pages away from what steers the vendor.

use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::answer::Refusal;

/// Lets programs through. A page that a person of this machine happens to look at can send calls
/// here, too, and make a name of its own point here; but its browser says whose page it is, says
/// that name, and sends no JSON to others without asking first.
pub(crate) async fn keep_out(request: Request, next: Next) -> Response {
    match complaint(request.method(), request.headers()) {
        Some(complaint) => complaint.into_response(),
        None => next.run(request).await,
    }
}

fn complaint(method: &Method, headers: &HeaderMap) -> Option<Refusal> {
    let own = text(headers, HOST).map(|host| format!("http://{host}"));
    if headers.contains_key(ORIGIN) && text(headers, ORIGIN) != own.as_deref() {
        return Some(foreign("Web pages of others may not steer this vendor."));
    }
    if !text(headers, HOST).is_some_and(names_an_address) {
        let say = "Steer this vendor under the name localhost or an address.";
        return Some(foreign(say));
    }
    let is_json = || text(headers, CONTENT_TYPE).is_some_and(is_json);
    (method == Method::POST && !is_json()).then(|| {
        let say = "Send JSON, and say so: Content-Type: application/json.";
        Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", say)
    })
}

fn foreign(say: &'static str) -> Refusal {
    Refusal::new(StatusCode::FORBIDDEN, "foreign_host", say)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

fn is_json(media_type: &str) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// Whether a host is an address, or this machine by name. Other names can be made to point anywhere
/// by whoever owns them; addresses cannot.
fn names_an_address(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().trim_matches(['[', ']']);
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_others_steer_nothing() {
        let json = Some("application/json");
        for (method, host, origin, kind, passes) in [
            ("POST", "127.0.0.1:8081", None, json, true),
            ("POST", "localhost:8081", None, Some("application/json; charset=utf-8"), true),
            ("POST", "[::1]:8081", Some("http://[::1]:8081"), json, true),
            ("POST", "127.0.0.1:8081", Some("http://127.0.0.1:8081"), json, true),
            ("POST", "127.0.0.1:8081", Some("http://127.0.0.1:8080"), json, false),
            ("POST", "127.0.0.1:8081", Some("http://127.0.0.1:9"), json, false),
            ("POST", "127.0.0.1:8081", Some("http://127.0.0.1:8081.evil.example"), json, false),
            ("POST", "127.0.0.1:8081", None, None, false),
            ("POST", "127.0.0.1:8081", None, Some("text/plain"), false),
            ("POST", "127.0.0.1:8081", Some("https://evil.example"), json, false),
            ("POST", "127.0.0.1:8081", Some("null"), json, false),
            ("POST", "127.0.0.1:8081", Some("http://127.0.0.1.evil.example"), json, false),
            ("POST", "evil.example:8081", None, json, false),
            ("GET", "127.0.0.1:8081", None, None, true),
            ("GET", "evil.example", None, None, false),
            ("DELETE", "127.0.0.1:8081", Some("http://evil.example"), None, false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [(HOST, Some(host)), (ORIGIN, origin), (CONTENT_TYPE, kind)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            let passed = complaint(&method.parse().unwrap(), &headers).is_none();
            assert_eq!(passed, passes, "{method} {host} {origin:?} {kind:?}");
        }
    }
}
