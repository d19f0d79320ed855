//! The calls that a fault is for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A call, as the server that got it describes it.
#[derive(Clone, Copy, Debug, Default)]
pub struct IncomingCall<'a> {
    /// The server's word for what is asked, such as `approve`.
    pub operation: &'a str,
    /// The HTTP method.
    pub method: &'a str,
    /// The path, without a slash at its end.
    pub path: &'a str,
    /// The id of the object it is about, where the path does not name it.
    pub subject: Option<&'a str>,
}

impl IncomingCall<'_> {
    pub(crate) fn is_about(&self, id: &str) -> bool {
        !id.is_empty()
            && (self.subject == Some(id) || self.path.split('/').any(|segment| segment == id))
    }
}

/// The calls that a fault is for: written as one word for an operation, `approve`, or as a path
/// with or without a method, `POST /requests/*/approve`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum On {
    /// An operation, by the server's own word for it.
    Operation(String),
    /// Calls with this method and path.
    Call {
        /// The method; any when `None`.
        method: Option<String>,
        /// The path, without a slash at its end; `*` stands for any text, slashes included.
        path: String,
    },
}

/// A reason why a fault would strike no call, or others than were meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WrongPlace {
    /// An operation that the server does not have.
    #[error(
        "`{word}` is not an operation here; there are {}; or write METHOD /path",
        operations.join(", ")
    )]
    UnknownOperation {
        /// The word that was given.
        word: String,
        /// The operations there are.
        operations: &'static [&'static str],
    },
    /// An empty id of an object.
    #[error("`of` is empty; name an object by its id, or leave `of` out for calls about any")]
    NoObject,
}

impl On {
    /// Returns whether these are calls like this one.
    #[must_use]
    pub fn matches(&self, call: &IncomingCall<'_>) -> bool {
        match self {
            Self::Operation(word) => word == call.operation,
            Self::Call { method, path } => {
                let method = method.as_deref();
                method.is_none_or(|method| method.eq_ignore_ascii_case(call.method))
                    && glob(path, call.path)
            }
        }
    }
}

impl FromStr for On {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (method, path) = match text.split_once(' ') {
            Some((method, path)) => (Some(method.to_owned()), path.trim()),
            None => (None, text),
        };
        if path.starts_with(['/', '*']) {
            return Ok(Self::Call { method, path: path.to_owned() });
        }
        if method.is_none() && !path.is_empty() {
            return Ok(Self::Operation(path.to_owned()));
        }
        Err(format!(
            "`{text}` is neither an operation nor a call such as `POST /requests/*/approve`"
        ))
    }
}

impl fmt::Display for On {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Operation(word) => f.write_str(word),
            Self::Call { method: None, path } => f.write_str(path),
            Self::Call { method: Some(method), path } => write!(f, "{method} {path}"),
        }
    }
}

impl Serialize for On {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for On {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Returns whether the text has the pattern's form; `*` stands for any text, also none.
#[must_use]
pub fn glob(pattern: &str, text: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn an_operation_and_a_call_are_written_as_one_text() {
        for text in ["approve", "POST /requests/*/approve", "/requests", "*", "DELETE *"] {
            let on: On = text.parse().unwrap();
            assert_eq!(on.to_string(), text);
            assert_eq!(matches!(on, On::Operation(_)), text == "approve");
        }
        for text in ["", "POST approve", "POST "] {
            assert!(text.parse::<On>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_object_is_named_by_the_path_or_by_the_server() {
        let call = IncomingCall {
            path: "/requests/PR-1/approve",
            subject: Some("AS-1"),
            ..IncomingCall::default()
        };
        for (id, expected) in [("PR-1", true), ("AS-1", true), ("PR", false), ("", false)] {
            assert_eq!(call.is_about(id), expected, "{id}");
        }
    }
}
