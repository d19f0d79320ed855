//! Failures of calls, told by what the caller can do about them.

use std::error::Error as StdError;
use std::time::Duration;

use connect_model::Refusal;
use connect_model::rql::Inexpressible;
use http::StatusCode;

use serde::de::Error as _;

use crate::call_name::CallName;
use crate::secret::Secret;

/// Any error.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The reason for which a call brought no value. The text names the call, the innermost cause and
/// the remedy, so it stands alone in a log line.
///
/// The question that matters after a failed action is [`Error::may_have_happened`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The platform said no; nothing was changed.
    #[error("{call} was refused: {status}: {refusal}{}", remedy(*status))]
    Refused {
        /// The HTTP status: a 4xx, or a 501.
        status: StatusCode,
        /// Its reasons.
        refusal: Refusal,
        /// The call.
        call: Box<CallName>,
    },

    /// The call was sent and no usable answer came back: the connection broke, time ran out, or a
    /// server on the way answered 5xx. **It may or may not have happened.** After an action, read
    /// the object before repeating.
    #[error("{call} {}: {}; {}", answered(*status), innermost(source.as_ref()), call.after_silence())]
    NoAnswer {
        /// The status, when the answer was a 5xx or a 408.
        status: Option<StatusCode>,
        /// The wait that the server asked for, when it did.
        retry_after: Option<Duration>,
        /// The fate of the connection, or the words of the server.
        #[source]
        source: BoxError,
        /// The call.
        call: Box<CallName>,
    },

    /// No connection was made, so nothing happened and every call may be repeated.
    #[error(
        "{call}: {origin} could not be reached: {}; check the endpoint and the network",
        innermost(source.as_ref())
    )]
    Unreachable {
        /// Scheme, host and port of the endpoint.
        origin: String,
        /// The cause.
        #[source]
        source: BoxError,
        /// The call.
        call: Box<CallName>,
    },

    /// Too many calls (429); nothing was changed.
    #[error("{call}: the platform is limiting calls; {}", when(*retry_after))]
    Limited {
        /// The wait that the platform asks for, when it does.
        retry_after: Option<Duration>,
        /// The call.
        call: Box<CallName>,
    },

    /// The answer is JSON of another shape than expected. The call has happened.
    #[error("{subject}: {}{source} (answer to {call})", place(path))]
    Decode {
        /// The object that could not be read, such as `requests PR-8027-7606-7082-003`.
        subject: String,
        /// The place in it, such as `asset.items[3].quantity`; empty when it is the whole.
        path: String,
        /// The error at that place.
        #[source]
        source: serde_json::Error,
        /// The call.
        call: Box<CallName>,
    },

    /// The answer is not one Connect gives, such as a page of HTML or a redirect.
    #[error("{call} was answered ({status}) with {what}; check that the endpoint is Connect's API")]
    Unexpected {
        /// The HTTP status.
        status: StatusCode,
        /// The thing that came instead.
        what: String,
        /// The call.
        call: Box<CallName>,
    },

    /// The answer is longer than the client was told to accept. The call has happened.
    #[error("the answer to {call} is longer than {limit} bytes: ask for less, or raise `max_body`")]
    TooLarge {
        /// The longest body accepted, in bytes.
        limit: usize,
        /// The call.
        call: Box<CallName>,
    },

    /// The query cannot be written in RQL; nothing was sent.
    #[error("{call} was not sent: {source}")]
    Query {
        /// The part that cannot be written, and the remedy.
        #[source]
        source: Inexpressible,
        /// The call.
        call: Box<CallName>,
    },

    /// A setting or an argument is wrong; nothing was sent.
    #[error("{setting}: {problem}; {remedy}")]
    Config {
        /// The name of the setting or argument: `endpoint`, `API key`, …
        setting: &'static str,
        /// The fault, in words.
        problem: String,
        /// The remedy.
        remedy: &'static str,
    },
}

impl Error {
    /// Returns the same error without the key.
    pub(crate) fn without(self, key: &Secret) -> Self {
        let Self::Decode { subject, path, source, call } = self else { return self };
        let told = source.to_string();
        let hidden = key.hide(&told);
        let source = if hidden == told { source } else { serde_json::Error::custom(hidden) };
        Self::Decode { subject: key.hide(&subject), path: key.hide(&path), source, call }
    }

    pub(crate) fn config(
        setting: &'static str,
        problem: impl Into<String>,
        remedy: &'static str,
    ) -> Self {
        Self::Config { setting, problem: problem.into(), remedy }
    }

    /// Returns a stable word for machines, such as `CLT_NO_ANSWER`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused { .. } => "CLT_REFUSED",
            Self::NoAnswer { .. } => "CLT_NO_ANSWER",
            Self::Unreachable { .. } => "CLT_UNREACHABLE",
            Self::Limited { .. } => "CLT_LIMITED",
            Self::Decode { .. } => "CLT_DECODE",
            Self::Unexpected { .. } => "CLT_UNEXPECTED",
            Self::TooLarge { .. } => "CLT_TOO_LARGE",
            Self::Query { .. } => "CLT_QUERY",
            Self::Config { .. } => "CLT_CONFIG",
        }
    }

    /// Returns the HTTP status, when an answer with one is the reason.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. } | Self::Unexpected { status, .. } => Some(*status),
            Self::NoAnswer { status, .. } => *status,
            Self::Limited { .. } => Some(StatusCode::TOO_MANY_REQUESTS),
            _ => None,
        }
    }

    /// Returns the call, when there was one.
    #[must_use]
    pub fn call(&self) -> Option<&CallName> {
        match self {
            Self::Refused { call, .. }
            | Self::NoAnswer { call, .. }
            | Self::Unreachable { call, .. }
            | Self::Limited { call, .. }
            | Self::Decode { call, .. }
            | Self::Unexpected { call, .. }
            | Self::TooLarge { call, .. }
            | Self::Query { call, .. } => Some(call),
            Self::Config { .. } => None,
        }
    }

    /// Returns the platform's reasons, when it refused.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused { refusal, .. } => Some(refusal),
            _ => None,
        }
    }

    /// Whether the platform does not have the object, or hides it from this account.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.refused_with(StatusCode::NOT_FOUND)
    }

    /// Whether the platform does not accept the API key.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        self.refused_with(StatusCode::UNAUTHORIZED)
    }

    /// Whether the platform may have carried out a change although the call failed. When `true`,
    /// look before repeating; when `false`, nothing was changed.
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::NoAnswer { call, .. }
            | Self::Decode { call, .. }
            | Self::Unexpected { call, .. }
            | Self::TooLarge { call, .. } => !call.method.is_safe(),
            Self::Refused { .. }
            | Self::Unreachable { .. }
            | Self::Limited { .. }
            | Self::Query { .. }
            | Self::Config { .. } => false,
        }
    }

    /// Whether one row of a list could not be read; the others could.
    #[must_use]
    pub fn is_about_one_row(&self) -> bool {
        matches!(self, Self::Decode { subject, call, .. } if *subject != call.path)
    }

    fn refused_with(&self, expected: StatusCode) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == expected)
    }
}

/// Says whether anybody answered: a 5xx is an answer, although it says nothing of what became of the
/// call.
fn answered(status: Option<StatusCode>) -> &'static str {
    if status.is_some() { "was answered" } else { "got no answer" }
}

fn remedy(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => {
            " (check that the API key is the whole `ApiKey SU-…:…` value of an enabled token)"
        }
        StatusCode::FORBIDDEN => " (give the token the permission, or use the other side's token)",
        StatusCode::NOT_FOUND => " (check the id, and that the API key's account can see it)",
        _ => "",
    }
}

fn when(retry_after: Option<Duration>) -> String {
    match retry_after {
        Some(wait) => format!("try again in {} s", wait.as_secs()),
        None => "try again later".to_owned(),
    }
}

fn place(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}: ") }
}

/// Returns the end of a chain of causes, which a person can act on: `Connection refused`, not
/// `error sending request`.
fn innermost<'a>(
    error: &'a (dyn StdError + Send + Sync + 'static),
) -> &'a (dyn StdError + 'static) {
    let mut cause: &'a (dyn StdError + 'static) = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause
}
