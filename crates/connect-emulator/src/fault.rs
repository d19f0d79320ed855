//! Faults: how the platform misbehaves when told to, to rehearse bad days.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::JSON;

/// A way to misbehave, and the calls it is for. Of several that match, a call meets the oldest,
/// and only that.
///
/// ```
/// use connect_emulator::{Effect, Fault};
///
/// let fault: Fault = serde_json::from_str(
///     r#"{"method": "POST", "path": "/requests/*/approve", "times": 1, "effect": "drop_after"}"#,
/// )?;
/// let same = Fault::new(Effect::DropAfter).on("POST", "/requests/*/approve").times(1);
/// assert_eq!(fault, same);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Only calls with this method; all when `None`.
    #[serde(default)]
    pub method: Option<String>,
    /// Only calls with this path below `/public/v1`, written without a slash at its end; `*`
    /// stands for any text, slashes included.
    #[serde(default = "any_path")]
    pub path: String,
    /// How many matching calls it lets pass before it strikes.
    #[serde(default)]
    pub skip: u32,
    /// How many calls it strikes; all when `None`.
    #[serde(default)]
    pub times: Option<u32>,
    /// What happens to them.
    pub effect: Effect,
}

fn any_path() -> String {
    "*".to_owned()
}

/// What a fault does to a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// This answer instead of the platform's; the call is not carried out.
    Answer(Canned),
    /// The call is carried out, and this is answered instead.
    AnswerAfter(Canned),
    /// The connection is closed without an answer; the call is not carried out.
    Drop,
    /// The call is carried out, and the connection closed without an answer.
    DropAfter,
    /// The call is carried out this much later, whether its caller waits or not.
    Delay {
        /// How much later, in milliseconds.
        millis: u64,
    },
}

/// An answer that does not come from the platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canned {
    /// The status, 200 to 599.
    #[serde(with = "status")]
    pub status: StatusCode,
    /// The `Retry-After` header, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// The body: a string goes out as it is, as `text/html`; anything else as JSON. Without one
    /// the answer has the platform's error shape.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
}

impl Canned {
    /// An answer with this status, and the platform's error shape as its body.
    #[must_use]
    pub fn status(status: StatusCode) -> Self {
        Self { status, retry_after: None, body: None }
    }

    fn response(&self) -> Response {
        let mut response = match &self.body {
            None => json(self.error_body()),
            Some(Value::String(text)) => html(text.clone()),
            Some(body) => json(body.to_string()),
        };
        *response.status_mut() = self.status;
        let retry_after = self.retry_after.map(HeaderValue::from);
        response.headers_mut().extend(retry_after.map(|seconds| (RETRY_AFTER, seconds)));
        response
    }

    fn error_body(&self) -> String {
        let (code, message) = match self.status {
            StatusCode::TOO_MANY_REQUESTS => ("RATE_LIMIT", "Too many requests.".to_owned()),
            status => ("FAULT", format!("A fault answers {status}.")),
        };
        json!({"error_code": code, "errors": [message]}).to_string()
    }
}

fn json(body: String) -> Response {
    ([(CONTENT_TYPE, JSON)], body).into_response()
}

fn html(body: String) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static("text/html"))], body).into_response()
}

impl Fault {
    /// Strikes every call.
    #[must_use]
    pub fn new(effect: Effect) -> Self {
        Self { method: None, path: any_path(), skip: 0, times: None, effect }
    }

    /// Strikes only calls with this method and path; see [`Fault::path`].
    #[must_use]
    pub fn on(self, method: &str, path: impl Into<String>) -> Self {
        Self { method: Some(method.to_owned()), path: path.into(), ..self }
    }

    /// Strikes this many calls and is gone.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Lets this many matching calls pass first.
    #[must_use]
    pub fn skip(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    fn matches(&self, method: &Method, path: &str) -> bool {
        let method_matches = self
            .method
            .as_deref()
            .is_none_or(|wanted| method.as_str().eq_ignore_ascii_case(wanted));
        method_matches && glob(&self.path, path)
    }

    /// What happens to this call; it is counted when it matches.
    fn meet(&mut self, method: &Method, path: &str) -> Option<Effect> {
        if !self.matches(method, path) {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        self.times = self.times.map(|times| times.saturating_sub(1));
        Some(self.effect.clone())
    }

    fn is_spent(&self) -> bool {
        self.times == Some(0)
    }
}

/// The faults that have strikes left, oldest first.
#[derive(Debug, Default)]
pub struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds a fault behind those that are set.
    pub fn add(&self, fault: Fault) {
        if !fault.is_spent() {
            self.lock().push(fault);
        }
    }

    /// Takes all faults away.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The faults as they stand: `skip` and `times` say what is left.
    #[must_use]
    pub fn list(&self) -> Vec<Fault> {
        self.lock().clone()
    }

    /// What happens to this call; `path` is below `/public/v1`.
    pub(crate) fn strike(&self, method: &Method, path: &str) -> Option<Effect> {
        let mut faults = self.lock();
        let path = path.strip_suffix('/').unwrap_or(path);
        let effect = faults.iter_mut().find_map(|fault| fault.meet(method, path))?;
        faults.retain(|fault| !fault.is_spent());
        Some(effect)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What became of a call.
#[derive(Default)]
pub(crate) struct Fate {
    /// What its caller is told; `None`: hang up.
    pub(crate) told: Option<Response>,
    /// The platform's own answer, when the caller is not told.
    pub(crate) lost: Option<StatusCode>,
}

impl Fate {
    /// The caller is told this.
    pub(crate) fn told(response: Response) -> Self {
        Self { told: Some(response), lost: None }
    }
}

/// Lets an effect befall a call; `carry_out` is what the platform does when it gets to it.
pub(crate) async fn befall(
    effect: Option<&Effect>,
    carry_out: impl Future<Output = Response>,
) -> Fate {
    match effect {
        None => Fate::told(carry_out.await),
        Some(Effect::Delay { millis }) => {
            tokio::time::sleep(Duration::from_millis(*millis)).await;
            Fate::told(carry_out.await)
        }
        Some(Effect::Answer(canned)) => Fate::told(canned.response()),
        Some(Effect::AnswerAfter(canned)) => {
            Fate { lost: Some(carry_out.await.status()), ..Fate::told(canned.response()) }
        }
        Some(Effect::Drop) => Fate::default(),
        Some(Effect::DropAfter) => Fate { told: None, lost: Some(carry_out.await.status()) },
    }
}

/// Whether the text has the pattern's form; `*` stands for any text, also none.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else { return pattern == text };
    let (middle, end) = tail.rsplit_once('*').unwrap_or(("", tail));
    let inner = text.strip_prefix(head).and_then(|rest| rest.strip_suffix(end));
    inner.is_some_and(|inner| contains_in_order(inner, middle.split('*')))
}

fn contains_in_order<'a>(text: &str, mut pieces: impl Iterator<Item = &'a str>) -> bool {
    let mut rest = Some(text);
    pieces.all(|piece| {
        rest = rest.and_then(|rest| rest.split_once(piece)).map(|(_, after)| after);
        rest.is_some()
    })
}

mod status {
    use http::StatusCode;
    use serde::de::{Error, Unexpected};
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(status: &StatusCode, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u16(status.as_u16())
    }

    /// Final statuses only: after an interim one the caller would wait for another answer.
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<StatusCode, D::Error> {
        let number = u16::deserialize(from)?;
        let status = StatusCode::from_u16(number).ok().filter(|_| (200..600).contains(&number));
        status.ok_or_else(|| {
            D::Error::invalid_value(Unexpected::Unsigned(number.into()), &"a status, 200 to 599")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn a_star_stands_for_any_text() {
        let cases = [
            ("*", "", true),
            ("*", "/requests/PR-1", true),
            ("/requests", "/requests", true),
            ("/requests", "/requests/PR-1", false),
            ("/requests/*/approve", "/requests/PR-1/approve", true),
            ("/requests/*/approve", "/requests/PR-1/fail", false),
            ("/products/*/items/*", "/products/P/items/I", true),
            ("/products/*/items/*", "/products/P/parameters/I", false),
            ("*a*b*a", "xaybza", true),
            ("*ab*ba", "aba", false),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(glob(pattern, text), expected, "{pattern} on {text}");
        }
    }
}
