//! The meaning of a status.

use connect_model::Refusal;
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, StatusCode};
use jiff::Timestamp;

use crate::answer::Answer;
use crate::error::Error;
use crate::retry_after::retry_after;
use crate::secret::Secret;

/// The longest piece of a foreign error body that is repeated in a message, in characters.
const EXCERPT: usize = 200;

/// The words of a 5xx, from the platform or from a server on the way.
#[derive(Debug, thiserror::Error)]
#[error("{status}: {refusal}")]
struct ServerTrouble {
    status: StatusCode,
    refusal: Refusal,
}

/// Passes on an answer with 2xx; makes an error of any other.
///
/// A 5xx or a 408 says nothing about what became of the call: a gateway may have answered in the
/// platform's place, or the platform may have failed half-way. A 501 does: it was not understood.
pub(crate) fn judge(answer: Answer, now: Timestamp) -> Result<Answer, Error> {
    let status = answer.status;
    if status.is_success() {
        return Ok(answer);
    }
    let secret = &answer.secret;
    let call = Box::new(answer.call);
    let wait = retry_after(&answer.headers, now);
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Error::Limited { retry_after: wait, call });
    }
    if !status.is_client_error() && !status.is_server_error() {
        return Err(Error::Unexpected {
            status,
            what: secret.hide(&elsewhere(&answer.headers)),
            call,
        });
    }
    let refusal = secret.hide_in(refusal(&answer.headers, &answer.body, secret));
    Err(if is_silence(status) {
        let source = Box::new(ServerTrouble { status, refusal });
        Error::NoAnswer { status: Some(status), retry_after: wait, source, call }
    } else {
        Error::Refused { status, refusal, call }
    })
}

fn is_silence(status: StatusCode) -> bool {
    let understood = status != StatusCode::NOT_IMPLEMENTED;
    (status.is_server_error() && understood) || status == StatusCode::REQUEST_TIMEOUT
}

/// Redirects are not followed: the API has none, and the API key must not go elsewhere.
fn elsewhere(headers: &HeaderMap) -> String {
    match text(headers, LOCATION) {
        Some(location) => format!("a redirect to {location}"),
        None => "no result".to_owned(),
    }
}

/// Reads the platform's reasons, or what the body says instead. Servers on the way answer with
/// anything.
fn refusal(headers: &HeaderMap, body: &[u8], secret: &Secret) -> Refusal {
    match serde_json::from_slice::<Refusal>(body) {
        Ok(refusal) if !refusal.error_code.is_empty() || !refusal.errors.is_empty() => refusal,
        _ => Refusal { errors: foreign(headers, body, secret), ..Refusal::default() },
    }
}

fn foreign(headers: &HeaderMap, body: &[u8], secret: &Secret) -> Vec<String> {
    if body.is_empty() {
        return Vec::new();
    }
    let kind = text(headers, CONTENT_TYPE).unwrap_or("a body of no stated type");
    if kind.starts_with("application/json") || kind.starts_with("text/plain") {
        // Hidden first, so that no half of a key is left at the end of the excerpt.
        let whole = match serde_json::from_slice(body) {
            Ok(value) => secret.hide_in_value(value).to_string(),
            Err(_) => secret.hide(&String::from_utf8_lossy(body)),
        };
        return vec![whole.chars().take(EXCERPT).collect()];
    }
    vec![format!("the answer is {kind}, not Connect's JSON")]
}

/// Returns a header as text.
pub(crate) fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
