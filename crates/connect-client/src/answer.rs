//! Answers of servers to calls.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::call_name::CallName;
use crate::secret::Secret;

/// An answer that says yes: a status of 2xx.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// The call it answers.
    pub call: CallName,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as it came.
    pub body: Bytes,
    /// The key that errors about it must not repeat.
    pub(crate) secret: Secret,
}

impl Answer {
    /// Returns the body as it may be shown to people: where it repeats the API key, `[redacted]`
    /// stands instead. Servers, and what stands before them, repeat headers in their complaints.
    #[must_use]
    pub fn body_without_key(&self) -> Bytes {
        self.secret.hide_in_body(&self.body)
    }
}
