//! Actions of a product: links of the vendor's that users of the platform follow.

use serde::{Deserialize, Serialize};

use crate::id::ActionId;
use crate::lenient;
use crate::rest::Rest;
use crate::template::TemplateScope;

/// A link of the vendor's beside subscriptions or resellers (OpenAPI 37.0).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProductAction {
    /// The id.
    pub id: ActionId,
    /// The key that the vendor knows it by, such as `sso`.
    pub action: String,
    /// The name.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub name: String,
    /// The text that people see on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The kind of control that it is: a `button`.
    #[serde(rename = "type", default, deserialize_with = "lenient::null_default")]
    pub kind: String,
    /// What it is beside: subscriptions, or resellers of a level.
    #[serde(default, skip_serializing_if = "TemplateScope::is_unsaid")]
    pub scope: TemplateScope,
    /// What it does, for people.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub description: String,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl ProductAction {
    /// Returns the text that people see on it.
    #[must_use]
    pub fn label(&self) -> &str {
        self.title.as_deref().filter(|title| !title.is_empty()).unwrap_or(&self.name)
    }
}
