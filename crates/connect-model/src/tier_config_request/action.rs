//! Actions on a request for a tier configuration, as the bodies that are sent. Most are answered
//! without a body (OpenAPI 37.0), so only reading shows what became of them.

use serde::Serialize;
use serde_json::Value;

use crate::datetime::DateTime;
use crate::id::{TemplateId, UserId};
use crate::lifecycle::Operation;
use crate::request::Action;
use crate::tier_config_request::TierConfigRequest;

macro_rules! actions {
    ($($(#[$meta:meta])* $name:ident -> $output:ty, $shown:literal {
        $($(#[$fmeta:meta])* $field:ident: $ty:ty,)*
    })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct $name {
            $($(#[$fmeta])* pub $field: $ty,)*
        }

        impl Action<TierConfigRequest> for $name {
            const OPERATION: Operation = Operation::$name;
            const IS_SHOWN: bool = $shown;
            type Output = $output;
        }
    )+};
}

/// The text that an approval shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum ApprovalText {
    /// A template of the product, in the scope of the request's level.
    #[serde(rename = "id")]
    Template(TemplateId),
    /// Markdown in place of a template.
    #[serde(rename = "representation")]
    Markdown(String),
}

actions! {
    /// Grants the request. The answer is the template, not the request.
    Approve -> Value, false {
        /// The text; the product's default template, when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        template: Option<ApprovalText>,
        /// The date since which it holds; now, when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        effective_date: Option<DateTime>,
    }
    /// Refuses the request for good.
    Fail -> (), false {
        /// The reason; must not be empty.
        reason: String,
    }
    /// Sends the request back to the reseller. At least one parameter must carry an error.
    Inquire -> (), false {}
    /// Brings an inquiring request back to the vendor.
    Pend -> (), false {}
    /// Orders a draft.
    Submit -> TierConfigRequest, true {}
    /// Has the vendor check a draft.
    Validate -> TierConfigRequest, true {}
    /// Gives the request to a user.
    Assign -> (), false {
        /// The user.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<UserId>,
        /// Or the user's address.
        #[serde(skip_serializing_if = "Option::is_none")]
        email: Option<String>,
    }
    /// Takes the request from its user.
    Unassign -> (), false {}
}
