//! Requests to change a subscription, and the bodies of their actions.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::open_enum::open_enum;
use crate::{
    Action, Asset, AssetId, ContractId, DateTime, Events, MarketplaceId, ProductId, Reference,
    Request, RequestId, RequestType, Resource, Rest, TemplateId, TemplateScope, Unsaid, UserId,
    lenient,
};

open_enum! {
    /// What a request asks for.
    AssetRequestType {
        /// A new subscription.
        Purchase = "purchase",
        /// Other quantities, or other ordering parameters.
        Change = "change",
        /// Put on administrative hold.
        Suspend = "suspend",
        /// Taken off administrative hold.
        Resume = "resume",
        /// Ended.
        Cancel = "cancel",
        /// The vendor's own correction of parameters.
        Adjustment = "adjustment",
        /// Another term.
        Renew = "renew",
        /// Another owner.
        Transfer = "transfer",
    }
}

open_enum! {
    /// Where a request stands.
    RequestStatus {
        /// Not ordered yet; there to be validated.
        Draft = "draft",
        /// Waiting for the configuration of a reseller.
        TiersSetup = "tiers_setup",
        /// Waiting for the vendor.
        Pending = "pending",
        /// Waiting for the customer.
        Inquiring = "inquiring",
        /// Done. Final.
        Approved = "approved",
        /// Refused. Final.
        Failed = "failed",
        /// Accepted for a later day.
        Scheduled = "scheduled",
        /// To be taken back, waiting for the vendor to confirm.
        Revoking = "revoking",
        /// Taken back. Final.
        Revoked = "revoked",
    }
}

impl RequestStatus {
    /// Whether the request is over and will never change again.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Approved | Self::Failed | Self::Revoked)
    }

    /// Whether the request keeps other requests of its asset out. Drafts do not.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.is_final() && *self != Self::Draft
    }
}

/// Who a request is assigned to. The platform writes `""` for nobody; old payloads carry a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Assignee {
    /// Nobody.
    #[default]
    Nobody,
    /// A name, as old payloads have it.
    Name(String),
    /// A user.
    User(Reference<UserId>),
}

impl Serialize for Assignee {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nobody => serializer.serialize_str(""),
            Self::Name(name) => serializer.serialize_str(name),
            Self::User(user) => user.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Assignee {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Null => Ok(Self::Nobody),
            Value::String(name) if name.is_empty() => Ok(Self::Nobody),
            Value::String(name) => Ok(Self::Name(name)),
            user => Reference::deserialize(user).map(Self::User).map_err(serde::de::Error::custom),
        }
    }
}

/// One operation on one subscription: purchase, change, suspend, resume, cancel, adjustment…
///
/// Only the ids are indispensable: requests recorded over the years lack now this field, now that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssetRequest {
    /// The id.
    pub id: RequestId,
    /// What is asked.
    #[serde(rename = "type", default, skip_serializing_if = "AssetRequestType::is_unsaid")]
    pub kind: AssetRequestType,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "RequestStatus::is_unsaid")]
    pub status: RequestStatus,
    /// When it was created.
    #[serde(default, deserialize_with = "lenient::instant")]
    pub created: Option<DateTime>,
    /// When it was last written.
    #[serde(default, deserialize_with = "lenient::instant")]
    pub updated: Option<DateTime>,
    /// When it took each of its turns.
    #[serde(default, deserialize_with = "lenient::events")]
    pub events: Events,
    /// Free text.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub note: String,
    /// Why it failed or was revoked.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub reason: String,
    /// Whether the customer has answered an inquiry.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub answered: bool,
    /// Who works on it.
    #[serde(default)]
    pub assignee: Assignee,
    /// The rendered text shown once it is approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activation_key: Option<String>,
    /// The template of its present turn.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub template: Option<Reference<TemplateId>>,
    /// The customer's form; not empty while inquiring.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub params_form_url: String,
    /// Since when the approval holds.
    #[serde(default, deserialize_with = "lenient::instant")]
    pub effective_date: Option<DateTime>,
    /// The day it is planned for.
    #[serde(default, deserialize_with = "lenient::instant")]
    pub planned_date: Option<DateTime>,
    /// The request of this asset approved before it.
    #[serde(default, deserialize_with = "lenient::object_or_nothing")]
    pub previous_approved_request: Option<Reference<RequestId>>,
    /// The marketplace of its asset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marketplace: Option<Reference<MarketplaceId>>,
    /// The contract of its asset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Reference<ContractId>>,
    /// Whatever its creator attached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_attributes: Option<Value>,
    /// The subscription as it would be.
    #[serde(
        default,
        deserialize_with = "lenient::null_default",
        skip_serializing_if = "Asset::is_unsaid"
    )]
    pub asset: Asset,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl AssetRequest {
    /// The asset's id.
    #[must_use]
    pub fn asset_id(&self) -> &AssetId {
        &self.asset.id
    }
}

impl Resource for AssetRequest {
    const COLLECTION: &'static str = "requests";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Request for AssetRequest {
    type Type = AssetRequestType;
    fn product(&self) -> Option<&ProductId> {
        self.asset.product.as_ref().map(|product| &product.id)
    }
    fn template_scope(&self) -> TemplateScope {
        TemplateScope::Asset
    }
    fn unsaid(&self) -> Option<Unsaid> {
        let unsaid = |field| Unsaid { field, of: format!("request {}", self.id) };
        let kind = self.kind.is_unsaid().then_some("type");
        let asset = self.asset.is_unsaid().then_some("asset");
        kind.or(asset).map(unsaid)
    }
}

impl RequestType for AssetRequestType {
    type Request = AssetRequest;
    fn as_str(&self) -> &str {
        Self::as_str(self)
    }
}

macro_rules! actions {
    ($($(#[$meta:meta])* $name:ident, $verb:literal {
        $($(#[$fmeta:meta])* $field:ident: $ty:ty,)*
    })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize)]
        pub struct $name {
            $($(#[$fmeta])* pub $field: $ty,)*
        }

        impl Action<AssetRequest> for $name {
            const VERB: &'static str = $verb;
            type Output = AssetRequest;
        }
    )+};
}

actions! {
    /// Grants the request; its asset moves on.
    Approve, "approve" {
        /// A fulfillment template of the product.
        #[serde(skip_serializing_if = "Option::is_none")]
        template_id: Option<TemplateId>,
        /// Markdown in place of a template; the platform is giving this up.
        #[serde(skip_serializing_if = "Option::is_none")]
        activation_tile: Option<String>,
        /// Since when it holds; now, when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        effective_date: Option<DateTime>,
    }
    /// Refuses the request for good.
    Fail, "fail" {
        /// Why; must not be empty.
        reason: String,
    }
    /// Sends the request back to the customer. At least one parameter must carry an error.
    Inquire, "inquire" {
        /// An inquiring template of the product.
        #[serde(skip_serializing_if = "Option::is_none")]
        template_id: Option<TemplateId>,
        /// Markdown in place of a template.
        #[serde(skip_serializing_if = "Option::is_none")]
        activation_tile: Option<String>,
    }
    /// Brings an inquiring or scheduled request back to the vendor.
    Pend, "pend" {}
    /// Accepts the request for a later day.
    Schedule, "schedule" {
        /// The day.
        planned_date: Option<DateTime>,
    }
    /// Asks to take a scheduled request back.
    Revoke, "revoke" {
        /// Why.
        reason: String,
    }
    /// Confirms that a revoked request was taken back.
    Confirm, "confirm" {}
    /// Orders a draft purchase.
    Purchase, "purchase" {}
    /// Orders a draft of any other type.
    Submit, "submit" {}
    /// Has the vendor check a draft.
    Validate, "validate" {}
    /// Gives the request to a user.
    Assign, "assign" {
        /// The user.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<UserId>,
        /// Or the user's address.
        #[serde(skip_serializing_if = "Option::is_none")]
        email: Option<String>,
    }
    /// Takes the request from its user.
    Unassign, "unassign" {}
}
