//! What a vendor's validator said of a parameter in one request.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Constraints that hold for one request, where they differ from the product's own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RowConstraints {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hidden: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) readonly: Option<bool>,
    /// Rows of value and label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) choices: Option<Vec<Value>>,
}

impl RowConstraints {
    /// Returns the flags by name, those alone that were said.
    pub(crate) fn flags(&self) -> impl Iterator<Item = (&'static str, bool)> {
        let flags = [self.required, self.hidden, self.readonly];
        let names = ["required", "hidden", "readonly"];
        names.into_iter().zip(flags).filter_map(|(name, flag)| Some((name, flag?)))
    }

    /// Returns a flag by its name, where it was said.
    pub(crate) fn flag(&self, wanted: &str) -> Option<bool> {
        self.flags().find_map(|(name, flag)| (name == wanted).then_some(flag))
    }
}
