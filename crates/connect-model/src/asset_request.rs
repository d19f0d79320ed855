//! Requests to change a subscription: what is told of them, and what can be written.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::asset::{Asset, Unsaid};
use crate::capability::Capability;
use crate::datetime::DateTime;
use crate::id::{AssetId, ContractId, MarketplaceId, ProductId, RequestId, TemplateId};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::parameter::{Parameter, ParameterUpdate};
use crate::product::Product;
use crate::reference::{Events, Reference};
use crate::request::{Action, Assignee, ListFields, Request, RequestType};
use crate::request_status::RequestStatus;
use crate::resource::Resource;
use crate::rest::Rest;
use crate::service_level::ServiceLevel;
use crate::template::TemplateScope;

pub mod action;
mod new_request;
mod update;

pub use new_request::{NewRequest, NewTier};
pub use update::RequestUpdate;

open_enum! {
    /// The type of a request: what it asks for (OpenAPI 37.0).
    AssetRequestType {
        /// A new subscription.
        Purchase = "purchase",
        /// Other quantities, or other ordering parameters.
        Change = "change",
        /// An administrative hold.
        Suspend = "suspend",
        /// The end of an administrative hold.
        Resume = "resume",
        /// The end of the subscription.
        Cancel = "cancel",
        /// The vendor's own correction of parameters.
        Adjustment = "adjustment",
        /// Another term.
        Renew = "renew",
        /// Another owner.
        Transfer = "transfer",
    }
}

/// One operation on one subscription: purchase, change, suspend, resume, cancel, adjustment…
///
/// Only the ids are indispensable: requests recorded over the years lack now this field, now that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssetRequest {
    /// The id.
    pub id: RequestId,
    /// The type: what it asks for.
    #[serde(rename = "type", default, skip_serializing_if = "AssetRequestType::is_unsaid")]
    pub kind: AssetRequestType,
    /// The status.
    #[serde(default, skip_serializing_if = "RequestStatus::is_unsaid")]
    pub status: RequestStatus,
    /// The date of its creation.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
    pub created: Option<DateTime>,
    /// The date of its last change.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
    pub updated: Option<DateTime>,
    /// The dates of its turns.
    #[serde(default, deserialize_with = "crate::reference::events")]
    pub events: Events,
    /// How long it has been in its status, by the agreement of its seller.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub sli: Option<ServiceLevel>,
    /// Free text.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub note: String,
    /// The reason for which it failed or was revoked.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub reason: String,
    /// Whether the customer has answered an inquiry.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub answered: bool,
    /// The user who works on it.
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
    /// The date since which the approval holds.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
    pub effective_date: Option<DateTime>,
    /// The day it is planned for.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
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
    /// Anything its creator attached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_attributes: Option<Value>,
    /// The subscription as the request would leave it.
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
    /// Returns the asset's id.
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
    const SUBJECT: &'static str = "asset";
    const LEFT_OUT: &'static [&'static str] = &["asset.items", "asset.configuration"];
    const WAITS_IN: &'static [RequestStatus] = &[RequestStatus::Pending, RequestStatus::Revoking];
    const MIGRATED: Option<&'static str> = Some("purchase");
    const FIELDS: ListFields = ListFields {
        product: "asset.product.id",
        environment: Some("asset.connection.type"),
        kind: Some("type"),
        created: "created",
    };

    fn template_scopes(_: &Product) -> &'static [TemplateScope] {
        &[TemplateScope::Asset]
    }
    fn product(&self) -> Option<&ProductId> {
        self.asset.product.as_ref().map(|product| &product.id)
    }
    fn template_scope(&self) -> Option<TemplateScope> {
        Some(TemplateScope::Asset)
    }
    fn kind(&self) -> &Self::Type {
        &self.kind
    }
    fn status(&self) -> &RequestStatus {
        &self.status
    }
    fn reason(&self) -> &str {
        &self.reason
    }
    fn params(&self) -> &[Parameter] {
        self.asset.params.as_deref().unwrap_or_default()
    }
    fn unsaid(&self) -> Option<Unsaid> {
        let unsaid = |field| Unsaid { field, of: format!("request {}", self.id) };
        let kind = self.kind.is_unsaid().then_some("type");
        let asset = self.asset.is_unsaid().then_some("asset");
        let params = self.asset.params.is_none().then_some("asset.params");
        kind.or(asset).or(params).map(unsaid)
    }

    fn approve(
        template_id: Option<TemplateId>,
        effective_date: Option<DateTime>,
    ) -> Option<impl Action<Self>> {
        Some(action::Approve { template_id, effective_date, activation_tile: None })
    }
    fn fail(reason: String) -> impl Action<Self> {
        action::Fail { reason }
    }
    fn inquire(template_id: Option<TemplateId>) -> Option<impl Action<Self>> {
        Some(action::Inquire { template_id, activation_tile: None })
    }
    fn schedule(planned_date: DateTime) -> Option<impl Action<Self>> {
        Some(action::Schedule { planned_date: Some(planned_date) })
    }
    fn confirm() -> Option<impl Action<Self>> {
        Some(action::Confirm {})
    }
    fn update(params: Vec<ParameterUpdate>) -> Option<impl Serialize> {
        Some(RequestUpdate::params(params))
    }
}

impl AssetRequestType {
    /// Returns the switch without which requests of this type fail as soon as they are created.
    #[must_use]
    pub fn hold_capability(&self) -> Option<Capability> {
        matches!(self, Self::Suspend | Self::Resume).then_some(Capability::Hold)
    }
}

impl RequestType for AssetRequestType {
    type Request = AssetRequest;
    fn as_str(&self) -> &str {
        Self::as_str(self)
    }
    fn obstacle(&self, product: &Product) -> Option<&'static str> {
        let switch = self.hold_capability();
        switch.is_some_and(|switch| !product.capabilities.is_on(switch)).then_some(
            "Administrative Hold is off: Connect fails suspend and resume requests before they \
             get here; switch it on in the product's settings",
        )
    }
}
