//! Requests about changed tier accounts: what is told of them, and what can be answered.

use serde::{Deserialize, Serialize};

use crate::asset::Unsaid;
use crate::datetime::DateTime;
use crate::id::{AccountId, ProductId, TemplateId, TierAccountRequestId};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::parameter::{Parameter, ParameterUpdate};
use crate::product::Product;
use crate::reference::{Events, Reference};
use crate::request::{Action, ListFields, NoAction, Request, RequestType};
use crate::request_status::RequestStatus;
use crate::resource::Resource;
use crate::rest::Rest;
use crate::template::TemplateScope;
use crate::tier_account::TierAccount;

pub mod action;
mod new_request;

pub use new_request::NewTierAccountRequest;

open_enum! {
    /// The type of a request about a tier account (OpenAPI 37.0).
    TierAccountRequestType {
        /// The account's data has changed.
        Update = "update",
    }
}

/// The news for one product that the data of a customer or reseller has changed. The change itself
/// is made when the request is; the vendor only says what it does about it.
///
/// ```
/// use connect_model::{RequestStatus, TierAccountRequest};
///
/// let request: TierAccountRequest = serde_json::from_str(
///     r#"{"id": "TAR-6120-9917-4402-002-001", "type": "update", "status": "pending",
///         "account": {"id": "TA-6120-9917-4402", "version": 2, "name": "Cedar Bakery SL"},
///         "product": {"id": "PRD-418-220-915"}, "reason": ""}"#,
/// )?;
/// assert_eq!(request.status, RequestStatus::Pending);
/// assert_eq!(request.account.version, Some(2));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TierAccountRequest {
    /// The id.
    pub id: TierAccountRequestId,
    /// The type.
    #[serde(rename = "type", default, skip_serializing_if = "TierAccountRequestType::is_unsaid")]
    pub kind: TierAccountRequestType,
    /// The status.
    #[serde(default, skip_serializing_if = "RequestStatus::is_unsaid")]
    pub status: RequestStatus,
    /// The account, in the version that the change has made.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub account: TierAccount,
    /// The vendor that is told.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub vendor: Option<Reference<AccountId>>,
    /// The distributor that has the account.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub provider: Option<Reference<AccountId>>,
    /// The product that the account uses.
    #[serde(
        default,
        deserialize_with = "lenient::object_or_nothing",
        skip_serializing_if = "Option::is_none"
    )]
    pub product: Option<Reference<ProductId>>,
    /// The reason for which it was ignored, or could not be asked.
    #[serde(default, deserialize_with = "lenient::text")]
    pub reason: Option<String>,
    /// The times at which it was created and changed.
    #[serde(default, deserialize_with = "crate::reference::events")]
    pub events: Events,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Resource for TierAccountRequest {
    const COLLECTION: &'static str = "tier/account-requests";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Request for TierAccountRequest {
    type Type = TierAccountRequestType;
    const SUBJECT: &'static str = "account";
    const FIELDS: ListFields = ListFields {
        product: "product.id",
        environment: None,
        kind: None,
        created: "events.created.at",
    };

    fn template_scopes(_: &Product) -> &'static [TemplateScope] {
        &[]
    }
    fn product(&self) -> Option<&ProductId> {
        self.product.as_ref().map(|product| &product.id)
    }
    /// Nobody reads an answer, so it shows no template.
    fn template_scope(&self) -> Option<TemplateScope> {
        None
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
        &[]
    }
    fn unsaid(&self) -> Option<Unsaid> {
        let unsaid = |field| Unsaid { field, of: format!("request {}", self.id) };
        let kind = self.kind.is_unsaid().then_some("type");
        let account = self.account.id.as_str().is_empty().then_some("account");
        kind.or(account).map(unsaid)
    }

    fn approve(template: Option<TemplateId>, since: Option<DateTime>) -> Option<impl Action<Self>> {
        (template.is_none() && since.is_none()).then_some(action::Accept {})
    }
    fn fail(reason: String) -> impl Action<Self> {
        action::Ignore { reason }
    }
    fn inquire(_: Option<TemplateId>) -> Option<impl Action<Self>> {
        None::<NoAction>
    }
    fn update(_: Vec<ParameterUpdate>) -> Option<impl Serialize> {
        None::<()>
    }
}

impl RequestType for TierAccountRequestType {
    type Request = TierAccountRequest;
    fn as_str(&self) -> &str {
        Self::as_str(self)
    }
}
