//! The effects that a fault has on a call.

use std::fmt;

use http::header::{LOCATION, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Location;

/// An effect of a fault on a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultEffect {
    /// A refusal for a reason of business, in the server's own way of saying no; nothing is carried
    /// out.
    Refuse(Refuse),
    /// This answer instead of the server's; nothing is carried out.
    Answer(Canned),
    /// This answer instead of the server's; the call is carried out.
    AnswerAfter(Canned),
    /// A closed connection instead of an answer; nothing is carried out.
    LoseCall,
    /// A closed connection instead of an answer; the call is carried out.
    LoseAnswer,
    /// A delay before the call is carried out, whether its caller waits or not.
    Delay {
        /// The delay, in milliseconds.
        millis: u64,
    },
}

/// A refusal in the server's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refuse {
    /// The status, 400 to 599; 409 unless said otherwise.
    #[serde(default = "conflict", deserialize_with = "status::refusing")]
    pub status: u16,
    /// The machine-readable reason, such as `payment_overdue`; `refused` unless said otherwise.
    #[serde(default = "refused")]
    pub code: String,
    /// The reason for people.
    pub reason: String,
}

fn conflict() -> u16 {
    StatusCode::CONFLICT.as_u16()
}

fn refused() -> String {
    "refused".to_owned()
}

impl Refuse {
    /// Returns a refusal with 409 `refused`, for this reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { status: conflict(), code: refused(), reason: reason.into() }
    }

    /// Returns the status; one that HTTP does not have becomes 500.
    #[must_use]
    pub fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// An answer that does not come from the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canned {
    /// The status, 200 to 599.
    #[serde(with = "status")]
    pub status: StatusCode,
    /// The `Retry-After` header, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The `Location` header, of a redirect for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The body: a string goes out as it is, as `text/html`; anything else as JSON. Without one
    /// the answer has the server's error shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

impl Canned {
    /// Returns an answer with this status, and the server's error shape as its body.
    #[must_use]
    pub fn status(status: StatusCode) -> Self {
        Self { status, retry_after: None, location: None, body: None }
    }

    /// Returns its `Retry-After` and `Location` headers.
    #[must_use]
    pub fn headers(&self) -> HeaderMap {
        let retry_after = self.retry_after.map(|seconds| (RETRY_AFTER, seconds.into()));
        let location = self.location.as_ref().map(|location| (LOCATION, location.header()));
        retry_after.into_iter().chain(location).collect()
    }

    /// Returns the body and its media type; `None`: the server's error shape.
    #[must_use]
    pub fn content(&self) -> Option<(&'static str, String)> {
        match self.body.as_ref()? {
            Value::String(text) => Some(("text/html", text.clone())),
            body => Some(("application/json", body.to_string())),
        }
    }
}

impl FaultEffect {
    /// Answers this status and the server's error shape instead of the server's answer; a status
    /// that HTTP does not have becomes 500.
    #[must_use]
    pub fn answer(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::Answer(Canned::status(status))
    }

    /// Answers 429 instead of the server's answer; the caller may come back after this many
    /// seconds.
    #[must_use]
    pub fn limit(retry_after: u64) -> Self {
        let limited = Canned::status(StatusCode::TOO_MANY_REQUESTS);
        Self::Answer(Canned { retry_after: Some(retry_after), ..limited })
    }

    /// Carries the call out and answers 200 with a page that is no JSON.
    #[must_use]
    pub fn rubbish() -> Self {
        let body = Some("<html>Bad gateway, but 200".into());
        Self::AnswerAfter(Canned { body, ..Canned::status(StatusCode::OK) })
    }
}

/// Writes `refuses: …` or `answers 503`, for people.
impl fmt::Display for FaultEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refuse(refuse) => write!(f, "refuse: {}", refuse.reason),
            Self::Answer(canned) => write!(f, "answer {}", canned.status.as_u16()),
            Self::AnswerAfter(canned) => write!(f, "answer-after {}", canned.status.as_u16()),
            Self::LoseCall => f.write_str("lose-call"),
            Self::LoseAnswer => f.write_str("lose-answer"),
            Self::Delay { millis } => write!(f, "delay {millis} ms"),
        }
    }
}

mod status {
    use http::StatusCode;
    use serde::de::{Error, Unexpected};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(status: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u16(status.as_u16())
    }

    /// Reads a final status: after an interim one the caller would wait for another answer.
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<StatusCode, D::Error> {
        let number = u16::deserialize(from)?;
        let status = StatusCode::from_u16(number).ok().filter(|_| (200..600).contains(&number));
        status.ok_or_else(|| wrong(number, &"a status, 200 to 599"))
    }

    /// Reads a status that says no.
    pub(super) fn refusing<'de, D: Deserializer<'de>>(from: D) -> Result<u16, D::Error> {
        let number = u16::deserialize(from)?;
        let says_no = (400..600).contains(&number);
        says_no.then_some(number).ok_or_else(|| wrong(number, &"a status, 400 to 599"))
    }

    fn wrong<E: Error>(number: u16, expected: &&'static str) -> E {
        E::invalid_value(Unexpected::Unsigned(number.into()), expected)
    }
}
