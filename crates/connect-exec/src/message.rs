//! Messages of JSON-RPC 2.0, one on a line.

use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::lines::LONGEST_MESSAGE;

/// A message of a worker.
#[derive(Debug)]
pub(crate) enum Message {
    /// It wants an answer.
    Call { id: Id, method: String, params: Box<RawValue> },
    /// It wants none.
    Notice { method: String, params: Box<RawValue> },
    /// An answer to a call of ours.
    Answer { id: u64, answer: Answer },
}

/// What was answered to a call: a result, or an error.
pub(crate) type Answer = Result<Box<RawValue>, CallError>;

/// The caller's own name for a call.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum Id {
    Number(i64),
    Text(String),
}

/// An error as JSON-RPC has it.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct CallError {
    pub(crate) code: i64,
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<Value>,
}

impl CallError {
    pub(crate) fn new(code: i64, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }
}

/// A line that is no message, and why.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoMessage {
    #[error("it is no JSON-RPC 2.0: {0}")]
    Json(#[from] serde_json::Error),
    #[error("it is neither a call, nor a notification, nor an answer")]
    Neither,
}

/// Any message, before it is known which.
#[derive(Deserialize)]
struct Anything {
    id: Option<Id>,
    method: Option<String>,
    params: Option<Box<RawValue>>,
    #[serde(default, deserialize_with = "even_null")]
    result: Option<Box<RawValue>>,
    error: Option<CallError>,
    #[serde(rename = "jsonrpc")]
    _version: Version,
}

#[derive(Deserialize, Serialize)]
enum Version {
    #[serde(rename = "2.0")]
    Two,
}

/// Reads a result that may be `null`, which is one all the same.
fn even_null<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Deserialize::deserialize(reader).map(Some)
}

/// Whether a line is meant as a message, and not just printed.
pub(crate) fn is_meant(line: &[u8]) -> bool {
    line.trim_ascii_start().starts_with(b"{")
}

impl Message {
    pub(crate) fn read(line: &[u8]) -> Result<Self, NoMessage> {
        let Anything { id, method, params, result, error, .. } = serde_json::from_slice(line)?;
        let params = params.unwrap_or_else(|| RawValue::NULL.to_owned());
        match (method, id, result, error) {
            (Some(method), Some(id), None, None) => Ok(Self::Call { id, method, params }),
            (Some(method), None, None, None) => Ok(Self::Notice { method, params }),
            (None, Some(Id::Number(id)), Some(result), None) => answer(id, Ok(result)),
            (None, Some(Id::Number(id)), None, Some(error)) => answer(id, Err(error)),
            _ => Err(NoMessage::Neither),
        }
    }
}

fn answer(id: i64, answer: Answer) -> Result<Message, NoMessage> {
    let id = u64::try_from(id).map_err(|_| NoMessage::Neither)?;
    Ok(Message::Answer { id, answer })
}

/// A message of ours.
#[derive(Serialize)]
struct Ours<'a, T> {
    jsonrpc: Version,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<&'a T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'a T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a CallError>,
}

impl<'a, T: Serialize> Ours<'a, T> {
    const EMPTY: Self = Self {
        jsonrpc: Version::Two,
        id: None,
        method: None,
        params: None,
        result: None,
        error: None,
    };

    fn line(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut line = serde_json::to_vec(self)?;
        if line.len() > LONGEST_MESSAGE {
            // A worker may take it for a runtime that it cannot understand, and end with all that it has.
            let length = line.len();
            return Err(serde_json::Error::custom(format!(
                "{length} bytes are more than the {LONGEST_MESSAGE} that a message to a worker may have"
            )));
        }
        line.push(b'\n');
        Ok(line)
    }
}

/// Writes a call, or without an id a notification.
pub(crate) fn call(
    id: Option<&Id>,
    method: &str,
    params: &impl Serialize,
) -> Result<Vec<u8>, serde_json::Error> {
    Ours { id, method: Some(method), params: Some(params), ..Ours::EMPTY }.line()
}

/// Writes an answer to a worker's call.
pub(crate) fn answered<T: Serialize>(
    id: &Id,
    answer: Result<&T, &CallError>,
) -> Result<Vec<u8>, serde_json::Error> {
    let (result, error) = (answer.ok(), answer.err());
    Ours { id: Some(id), result, error, ..Ours::EMPTY }.line()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        match Message::read(line.as_bytes()) {
            Ok(message) => format!("{message:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_null_is_a_result() {
        assert!(read(r#"{"jsonrpc":"2.0","id":1,"result":null}"#).starts_with("Answer"));
    }

    #[test]
    fn what_is_too_long_for_a_message_is_not_said() {
        let long = "x".repeat(LONGEST_MESSAGE);
        let said = call(None, "log", &long).unwrap_err().to_string();
        assert!(said.contains("16777216 that a message to a worker may have"), "{said}");
        assert!(answered(&Id::Number(1), Ok(&long)).is_err());
        let shorter = &long[64..];
        assert!(answered(&Id::Number(1), Ok(&shorter)).is_ok());
    }

    #[test]
    fn what_is_no_message_is_said_to_be_none() {
        for line in [
            r#"{"jsonrpc":"1.0","id":1,"result":null}"#,
            r#"{"id":1,"result":null}"#,
            r#"{"jsonrpc":"2.0","id":1}"#,
            r#"{"jsonrpc":"2.0","id":1,"result":1,"error":{"code":1}}"#,
            r#"{"jsonrpc":"2.0","id":-1,"result":1}"#,
            r#"{"jsonrpc":"2.0","id":"a","result":1}"#,
            r#"[{"jsonrpc":"2.0","method":"log"}]"#,
            r#"{"jsonrpc":"2.0","method":"#,
        ] {
            let said = read(line);
            assert!(said.starts_with("it is n"), "{line}: {said}");
        }
    }
}
