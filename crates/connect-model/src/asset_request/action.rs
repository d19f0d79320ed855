//! Actions on a request for an asset, as the bodies that are sent.

use serde::Serialize;

use crate::asset_request::AssetRequest;
use crate::datetime::DateTime;
use crate::id::{TemplateId, UserId};
use crate::lifecycle::Operation;
use crate::request::Action;

macro_rules! actions {
    ($($(#[$meta:meta])* $name:ident {
        $($(#[$fmeta:meta])* $field:ident: $ty:ty,)*
    })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct $name {
            $($(#[$fmeta])* pub $field: $ty,)*
        }

        impl Action<AssetRequest> for $name {
            const OPERATION: Operation = Operation::$name;
            type Output = AssetRequest;
        }
    )+};
}

actions! {
    /// Grants the request; its asset moves on.
    Approve {
        /// A fulfillment template of the product.
        #[serde(skip_serializing_if = "Option::is_none")]
        template_id: Option<TemplateId>,
        /// Markdown in place of a template; the platform is giving this up.
        #[serde(skip_serializing_if = "Option::is_none")]
        activation_tile: Option<String>,
        /// The date since which it holds; now, when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        effective_date: Option<DateTime>,
    }
    /// Refuses the request for good.
    Fail {
        /// The reason; must not be empty.
        reason: String,
    }
    /// Sends the request back to the customer. At least one parameter must carry an error.
    Inquire {
        /// An inquiring template of the product.
        #[serde(skip_serializing_if = "Option::is_none")]
        template_id: Option<TemplateId>,
        /// Markdown in place of a template.
        #[serde(skip_serializing_if = "Option::is_none")]
        activation_tile: Option<String>,
    }
    /// Brings an inquiring or scheduled request back to the vendor.
    Pend {}
    /// Accepts the request for a later day.
    Schedule {
        /// The day.
        planned_date: Option<DateTime>,
    }
    /// Asks to take a scheduled request back.
    Revoke {
        /// The reason.
        reason: String,
    }
    /// Confirms that a revoked request was taken back.
    Confirm {}
    /// Orders a draft purchase.
    Purchase {}
    /// Orders a draft of any other type.
    Submit {}
    /// Has the vendor check a draft.
    Validate {}
    /// Gives the request to a user.
    Assign {
        /// The user.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<UserId>,
        /// Or the user's address.
        #[serde(skip_serializing_if = "Option::is_none")]
        email: Option<String>,
    }
    /// Takes the request from its user.
    Unassign {}
}
