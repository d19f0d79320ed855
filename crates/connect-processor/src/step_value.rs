//! The values of steps as the journal keeps them, in versions.
//!
//! Version 1 is the value alone. Later ones stand in an object that says which they are:
//! `{"@version":2,"value":…}`.

use bytes::Bytes;
use connect_journal::StepName;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::failure::{Failure, chain};

/// Converts a value of another version.
type Upgrade<'a> = dyn Fn(u32, Value) -> Result<Value, Failure> + Send + Sync + 'a;

/// The version of the value that a step records, and how others are read.
pub(crate) struct ValueVersion<'a> {
    pub(crate) number: u32,
    pub(crate) upgrade: Option<Box<Upgrade<'a>>>,
}

impl Default for ValueVersion<'_> {
    fn default() -> Self {
        Self { number: 1, upgrade: None }
    }
}

/// A value of a later version than the first.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Versioned<T> {
    #[serde(rename = "@version")]
    version: u32,
    value: T,
}

impl ValueVersion<'_> {
    /// Returns a value as it is recorded. One that cannot be written parks the run: the effect has
    /// happened, and trying again would only repeat it.
    pub(crate) fn write<T: Serialize>(&self, step: &StepName, value: &T) -> Result<Bytes, Failure> {
        let written = match self.number {
            1 => serde_json::to_vec(value),
            version => serde_json::to_vec(&Versioned { version, value }),
        };
        written.map(Bytes::from).map_err(|error| {
            Failure::park(format!(
                "step `{step}` happened, but its value cannot be written: {error}"
            ))
        })
    }

    /// Reads a recorded value, converted if it is of another version.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        step: &StepName,
        recorded: &[u8],
    ) -> Result<T, Failure> {
        let (version, value) = split(recorded);
        if version == self.number {
            return parse(step, value);
        }
        let wanted = self.number;
        let Some(upgrade) = &self.upgrade else {
            return Err(Failure::park(format!(
                "the recorded value of step `{step}` is of version {version}, and this program \
                 expects version {wanted} without saying how to convert it; add an `upgrade` to the \
                 step, or finish the run with the program that recorded it"
            )));
        };
        let converted = upgrade(version, parse(step, value)?).map_err(|failure| {
            let why = match failure {
                Failure::Retry { source, .. } => chain(source.as_ref()),
                Failure::GiveUp { reason } => reason,
                Failure::Park { why, .. } => why,
                Failure::Journal(error) => chain(&error),
            };
            Failure::park(format!(
                "the recorded value of step `{step}` cannot be converted from version {version} to \
                 {wanted}: {why}"
            ))
        })?;
        serde_json::from_value(converted).map_err(|error| misshapen(step, &error))
    }
}

/// Reads a recorded value, whichever version it is of.
pub(crate) fn read_any<T: DeserializeOwned>(
    step: &StepName,
    recorded: &[u8],
) -> Result<T, Failure> {
    parse(step, split(recorded).1)
}

/// The version of a recorded value, and the value.
fn split(recorded: &[u8]) -> (u32, &[u8]) {
    match serde_json::from_slice::<Versioned<&RawValue>>(recorded) {
        Ok(Versioned { version, value }) => (version, value.get().as_bytes()),
        Err(_) => (1, recorded),
    }
}

/// A value that no longer has the shape the handler expects parks the run: the effect happened, so it
/// must not be repeated to get another value.
fn parse<T: DeserializeOwned>(step: &StepName, value: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(value).map_err(|error| misshapen(step, &error))
}

fn misshapen(step: &StepName, error: &serde_json::Error) -> Failure {
    Failure::park(format!(
        "the recorded value of step `{step}` does not have the shape this version expects: {error}"
    ))
}
