//! The body of every error answer.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::lenient;
use crate::rest::Rest;

/// A refusal by the platform: a code, messages, and sometimes parameters for machines.
///
/// Shape: OpenAPI 37.0, all documented 4xx answers. Both `error_code` and `errors` are always
/// present; CloudBlue's Python client understands the body only then.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// A stable code such as `VAL_001` or `REQ_003`.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub error_code: String,
    /// The faults, one sentence each; those of fields read `dotted.field: message`.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub errors: Vec<String>,
    /// Context for machines, such as `asset_status` of a conflict.
    #[serde(
        default,
        deserialize_with = "lenient::null_default",
        skip_serializing_if = "Rest::is_empty"
    )]
    pub params: Rest,
}

impl Refusal {
    /// Returns a refusal with one message.
    pub fn new(error_code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { error_code: error_code.into(), errors: vec![message.into()], params: Rest::new() }
    }

    /// Returns the same refusal with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.error_code.as_str(), self.errors.is_empty()) {
            ("", true) => f.write_str("no reason given"),
            ("", false) => f.write_str(&self.errors.join(", ")),
            (code, true) => f.write_str(code),
            (code, false) => write!(f, "{code} - {}", self.errors.join(", ")),
        }
    }
}
