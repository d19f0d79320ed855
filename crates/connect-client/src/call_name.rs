//! The name of a call in messages.

use std::fmt;

use http::Method;

/// The name of a call in messages: its method and path, without its query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallName {
    /// The HTTP method.
    pub method: Method,
    /// The path below the endpoint.
    pub path: String,
}

impl CallName {
    /// Returns the advice for a caller who got no answer.
    pub(crate) fn after_silence(&self) -> &'static str {
        if self.method.is_safe() {
            "try again later"
        } else if self.method.is_idempotent() {
            "it may have happened, and may be repeated"
        } else {
            "it may have happened: look before repeating"
        }
    }
}

impl fmt::Display for CallName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
