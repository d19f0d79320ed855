//! Texts a product shows at each turn of a request.

use serde::{Deserialize, Serialize};

use crate::id::TemplateId;
use crate::lenient;
use crate::open_enum::open_enum;
use crate::rest::Rest;

open_enum! {
    /// The scope of a template: the requests it is for (OpenAPI 37.0).
    TemplateScope {
        /// Requests of subscriptions.
        Asset = "asset",
        /// Requests of first-level resellers.
        Tier1 = "tier1",
        /// Requests of second-level resellers.
        Tier2 = "tier2",
    }
}

open_enum! {
    /// The turn of a request at which a template is shown (OpenAPI 37.0).
    TemplateType {
        /// The request waits for the vendor.
        Pending = "pending",
        /// The request waits for the customer.
        Inquire = "inquire",
        /// The request is approved.
        Fulfillment = "fulfillment",
    }
}

/// A Markdown text with `{{ parameter }}` placeholders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Template {
    /// The id.
    pub id: TemplateId,
    /// The name; unique by convention, not by rule.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub name: String,
    /// The name that people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The Markdown.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub body: String,
    /// The scope: the requests it is for.
    #[serde(default, skip_serializing_if = "TemplateScope::is_unsaid")]
    pub scope: TemplateScope,
    /// The turn at which it is shown. Those of resellers may say none: see
    /// [`turn`](Self::turn).
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<TemplateType>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Template {
    /// Returns the turn at which it is shown: the approval, when its type says none.
    #[must_use]
    pub fn turn(&self) -> &TemplateType {
        self.kind.as_ref().unwrap_or(&TemplateType::Fulfillment)
    }
}
