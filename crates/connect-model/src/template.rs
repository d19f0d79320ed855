//! Texts a product shows at each turn of a request.

use serde::{Deserialize, Serialize};

use crate::id::TemplateId;
use crate::lenient;
use crate::open_enum::open_enum;
use crate::rest::Rest;

open_enum! {
    /// Whose requests a template is for.
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
    /// At which turn a template is shown.
    TemplateType {
        /// While the request waits for the vendor.
        Pending = "pending",
        /// While the request waits for the customer.
        Inquire = "inquire",
        /// Once the request is approved.
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
    /// What people see as its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The Markdown.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub body: String,
    /// Whose requests it is for.
    #[serde(default, skip_serializing_if = "TemplateScope::is_unsaid")]
    pub scope: TemplateScope,
    /// At which turn it is shown; tier templates may have none.
    #[serde(rename = "type", default)]
    pub kind: Option<TemplateType>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}
