//! Calls and their answers.

use std::collections::BTreeMap;
use std::time::Duration;

use connect_processor::Exchange;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::outcome::WrittenOutcome;
use super::seconds;

/// The first call to a worker.
#[derive(Serialize)]
pub(crate) struct Initialize<'a> {
    pub(crate) protocol: u32,
    pub(crate) runtime: &'a str,
    pub(crate) worker: u64,
}

/// What a worker says of itself.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Hello {
    pub(crate) protocol: u32,
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default = "one")]
    pub(crate) at_once: usize,
    pub(crate) handlers: Vec<DeclaredHandler>,
    #[serde(default)]
    pub(crate) steps: Option<Vec<String>>,
}

fn one() -> usize {
    1
}

/// A handler that a worker has.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct DeclaredHandler {
    pub(crate) collection: String,
    #[serde(rename = "type")]
    pub(crate) request_type: String,
    #[serde(default)]
    pub(crate) kind: HandlerKind,
    /// The day of the month and the hour at which a report is due.
    #[serde(default)]
    pub(crate) day: Option<u8>,
    #[serde(default)]
    pub(crate) hour: Option<u8>,
}

/// What a handler is for.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HandlerKind {
    #[default]
    Request,
    Migration,
    Revocation,
    Validation,
    Report,
}

/// Has a worker handle a request.
#[derive(Serialize)]
pub(crate) struct Handle<'a, R> {
    pub(crate) run: &'a str,
    pub(crate) collection: &'a str,
    #[serde(rename = "type")]
    pub(crate) request_type: &'a str,
    pub(crate) kind: HandlerKind,
    pub(crate) failures: u32,
    pub(crate) visit: u32,
    pub(crate) request: &'a R,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) migration: Option<MigrationData<'a>>,
}

/// Asks a worker what is wrong with a request before it is one.
#[derive(Serialize)]
pub(crate) struct Validate<'a, R> {
    pub(crate) run: &'a str,
    pub(crate) collection: &'a str,
    #[serde(rename = "type")]
    pub(crate) request_type: &'a str,
    pub(crate) request: &'a R,
}

/// What the other system wrote into the order of a migration.
#[derive(Serialize)]
pub(crate) struct MigrationData<'a> {
    pub(crate) parameter: &'a str,
    pub(crate) text: &'a str,
}

/// Has a worker undo a step.
#[derive(Serialize)]
pub(crate) struct Undo<'a> {
    pub(crate) run: &'a str,
    pub(crate) step: &'a str,
    pub(crate) key: &'a str,
    pub(crate) value: &'a Value,
}

/// What every call about an attempt says, and notifications of the runtime say no more.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct OfRun {
    pub(crate) run: String,
}

/// A worker is about to take a step.
#[derive(Debug, Deserialize)]
pub(crate) struct Begin {
    pub(crate) step: String,
    pub(crate) class: Class,
    #[serde(default, deserialize_with = "seconds::bounded")]
    pub(crate) time_limit: Option<Duration>,
    #[serde(default)]
    pub(crate) undo: bool,
    #[serde(default)]
    pub(crate) call: Option<NextCall>,
}

/// The call that a step is about to make.
#[derive(Debug, Deserialize)]
pub(crate) struct NextCall {
    pub(crate) method: String,
    pub(crate) address: String,
}

/// How a step may be repeated.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Class {
    Keyed,
    Probed,
    Once,
}

/// What a worker says of a step that it has begun.
#[derive(Debug)]
pub(crate) enum StepCall {
    Found(Found),
    Complete(Completed),
    Refused(Refused),
    Failed(Failed),
}

#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    pub(crate) found: bool,
    #[serde(default)]
    pub(crate) value: Value,
}

/// What a worker says besides in any call about a step.
#[derive(Debug, Deserialize)]
pub(crate) struct OfStep {
    pub(crate) step: String,
    #[serde(default)]
    pub(crate) calls: Vec<Exchange>,
}

/// What a worker asks of an earlier attempt.
#[derive(Debug, Deserialize)]
pub(crate) struct Recorded {
    pub(crate) step: String,
    /// Whether it sees to a step in doubt itself, by taking it.
    #[serde(default)]
    pub(crate) doubt: bool,
}

/// What a worker wants said in a request's conversation.
#[derive(Debug, Deserialize)]
pub(crate) struct Say {
    pub(crate) name: String,
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) private: bool,
}

/// What a worker wants to read.
#[derive(Debug, Deserialize)]
pub(crate) struct ConnectGet {
    pub(crate) path: String,
    /// Whether it wants the answer as it is.
    #[serde(default)]
    pub(crate) raw: bool,
}

/// The call that a worker wants made of Connect.
#[derive(Debug, Deserialize)]
pub(crate) struct ConnectCall {
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// In base64.
    #[serde(default)]
    pub(crate) body: String,
}

/// The parameters that a worker wants written.
#[derive(Debug, Deserialize)]
pub(crate) struct ConnectUpdate {
    pub(crate) parameters: BTreeMap<String, String>,
}

/// What a worker wants Connect to be told at once.
#[derive(Deserialize)]
pub(crate) struct Decide {
    pub(crate) outcome: WrittenOutcome,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Completed {
    #[serde(default)]
    pub(crate) value: Value,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Refused {
    pub(crate) reason: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Failed {
    pub(crate) message: String,
    #[serde(default, deserialize_with = "seconds::seconds")]
    pub(crate) after: Option<Duration>,
    #[serde(default)]
    pub(crate) outage: bool,
}
