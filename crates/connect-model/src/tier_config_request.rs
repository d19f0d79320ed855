//! Requests for tier configurations: what is told of them, and what can be written.

use serde::{Deserialize, Serialize};

use crate::asset::Unsaid;
use crate::datetime::DateTime;
use crate::id::{ProductId, TemplateId, TierConfigRequestId};
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
use crate::tier_account::TierAccount;
use crate::tier_config::TierConfig;

pub mod action;
mod new_request;
mod update;

pub use new_request::NewTierConfigRequest;
pub use update::TierConfigRequestUpdate;

open_enum! {
    /// The type of a request for a tier configuration (OpenAPI 37.0).
    TierConfigRequestType {
        /// The first values of a reseller: purchases wait for it.
        Setup = "setup",
        /// Other values.
        Update = "update",
        /// The vendor's own correction of values.
        Adjustment = "adjustment",
    }
}

/// One operation on one tier configuration: set-up, update, adjustment.
///
/// Only the id is indispensable: requests recorded over the years lack now this field, now that.
///
/// ```
/// use connect_model::{RequestStatus, TemplateScope, TierConfigRequest, TierConfigRequestType};
/// use connect_model::Request as _;
///
/// let request: TierConfigRequest = serde_json::from_str(
///     r#"{"id": "TCR-410-556-119-001", "type": "setup", "status": "pending",
///         "configuration": {"id": "TC-410-556-119", "tier_level": 2},
///         "params": [{"id": "partner_code", "value": "OR-9001"}]}"#,
/// )?;
/// assert_eq!(request.kind, TierConfigRequestType::Setup);
/// assert_eq!(request.status, RequestStatus::Pending);
/// assert_eq!(request.template_scope(), Some(TemplateScope::Tier2));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TierConfigRequest {
    /// The id.
    pub id: TierConfigRequestId,
    /// The type: what it asks for.
    #[serde(rename = "type", default, skip_serializing_if = "TierConfigRequestType::is_unsaid")]
    pub kind: TierConfigRequestType,
    /// The status.
    #[serde(default, skip_serializing_if = "RequestStatus::is_unsaid")]
    pub status: RequestStatus,
    /// The configuration, with the values approved last.
    #[serde(
        default,
        deserialize_with = "lenient::null_default",
        skip_serializing_if = "TierConfig::is_unsaid"
    )]
    pub configuration: TierConfig,
    /// The configuration of the level above; a request of the first level may have one.
    #[serde(default, deserialize_with = "lenient::object_or_nothing")]
    pub parent_configuration: Option<Box<TierConfig>>,
    /// The request of this configuration approved before it.
    #[serde(default, deserialize_with = "lenient::object_or_nothing")]
    pub previous_approved_request: Option<Reference<TierConfigRequestId>>,
    /// The values that it asks for; `None` when the platform does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params: Option<Vec<Parameter>>,
    /// The resellers; `None` when the platform does not say, as in a list that leaves them out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiers: Option<ResellerTiers>,
    /// The user who works on it.
    #[serde(default, skip_serializing_if = "Assignee::is_nobody")]
    pub assignee: Assignee,
    /// The template of its present turn.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub template: Option<Reference<TemplateId>>,
    /// The reason for which it failed.
    #[serde(default, deserialize_with = "lenient::text")]
    pub reason: Option<String>,
    /// Free text.
    #[serde(default, deserialize_with = "lenient::text")]
    pub notes: Option<String>,
    /// The link to the reseller's form.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub activation: Option<Activation>,
    /// The date since which the approval holds.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
    pub effective_date: Option<DateTime>,
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
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// The resellers of a chain: `tier2` sells through `tier1`. One that is not there is `null`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResellerTiers {
    /// The reseller that sells to the customer.
    #[serde(default, deserialize_with = "lenient::object_or_nothing")]
    pub tier1: Option<Box<TierAccount>>,
    /// That reseller's reseller.
    #[serde(default, deserialize_with = "lenient::object_or_nothing")]
    pub tier2: Option<Box<TierAccount>>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// The form in which a reseller answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Activation {
    /// Its address.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub link: String,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Resource for TierConfigRequest {
    const COLLECTION: &'static str = "tier/config-requests";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Request for TierConfigRequest {
    type Type = TierConfigRequestType;
    const SUBJECT: &'static str = "configuration";
    const LEFT_OUT: &'static [&'static str] = &["configuration.params", "tiers"];
    const FIELDS: ListFields = ListFields {
        product: "configuration.product.id",
        environment: Some("configuration.connection.type"),
        kind: Some("type"),
        created: "created",
    };

    fn template_scopes(product: &Product) -> &'static [TemplateScope] {
        match product.capabilities.tier_config_levels() {
            0 => &[],
            1 => &[TemplateScope::Tier1],
            _ => &[TemplateScope::Tier1, TemplateScope::Tier2],
        }
    }
    fn product(&self) -> Option<&ProductId> {
        self.configuration.product.as_ref().map(|product| &product.id)
    }
    fn template_scope(&self) -> Option<TemplateScope> {
        Some(self.configuration.scope())
    }
    fn kind(&self) -> &Self::Type {
        &self.kind
    }
    fn status(&self) -> &RequestStatus {
        &self.status
    }
    fn reason(&self) -> &str {
        self.reason.as_deref().unwrap_or_default()
    }
    fn params(&self) -> &[Parameter] {
        self.params.as_deref().unwrap_or_default()
    }
    fn unsaid(&self) -> Option<Unsaid> {
        let unsaid = |field| Unsaid { field, of: format!("request {}", self.id) };
        let kind = self.kind.is_unsaid().then_some("type");
        let configuration = self.configuration.is_unsaid().then_some("configuration");
        let level = self.configuration.tier_level.is_none().then_some("configuration.tier_level");
        let params = self.params.is_none().then_some("params");
        kind.or(configuration).or(level).or(params).map(unsaid)
    }

    fn approve(
        template: Option<TemplateId>,
        effective_date: Option<DateTime>,
    ) -> Option<impl Action<Self>> {
        Some(action::Approve {
            template: template.map(action::ApprovalText::Template),
            effective_date,
        })
    }
    fn fail(reason: String) -> impl Action<Self> {
        action::Fail { reason }
    }
    /// The platform picks the template of an inquiry itself (OpenAPI 37.0 has no body).
    fn inquire(template: Option<TemplateId>) -> Option<impl Action<Self>> {
        template.is_none().then_some(action::Inquire {})
    }
    fn update(params: Vec<ParameterUpdate>) -> Option<impl Serialize> {
        Some(TierConfigRequestUpdate::params(params))
    }
}

impl RequestType for TierConfigRequestType {
    type Request = TierConfigRequest;
    fn as_str(&self) -> &str {
        Self::as_str(self)
    }
}
