//! Answers of vendors.

use std::time::Duration;

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

/// The longest piece of a body that is repeated in a message, in characters.
const EXCERPT: usize = 200;

/// An answer with any status, its body read to the end and within the limit.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as it came.
    pub body: Bytes,
    /// The wait that the vendor asks for, when it does (RFC 9110, `Retry-After`).
    pub retry_after: Option<Duration>,
}

impl Answer {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Bytes, now: Timestamp) -> Self {
        let retry_after = connect_client::retry_after(&headers, now);
        Self { status, headers, body, retry_after }
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    /// When it is not JSON, or JSON of another shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// Returns the answer in one line for people: its status and the beginning of its body, or the
    /// place a redirect leads to.
    #[must_use]
    pub fn summary(&self) -> String {
        let status = self.status;
        if status.is_redirection() {
            let place = self.headers.get(LOCATION).and_then(|place| place.to_str().ok());
            let place = place.map_or_else(|| "nowhere".to_owned(), excerpt);
            return format!("{status}, a redirect to {place}; redirects are not followed");
        }
        match excerpt(&String::from_utf8_lossy(&self.body)) {
            text if text.is_empty() => status.to_string(),
            text => format!("{status}: {text}"),
        }
    }
}

/// Returns the beginning of a text as one line.
fn excerpt(text: &str) -> String {
    let words = text.split_whitespace().flat_map(|word| [" ", word]).skip(1);
    words.flat_map(str::chars).filter(|character| !character.is_control()).take(EXCERPT).collect()
}
