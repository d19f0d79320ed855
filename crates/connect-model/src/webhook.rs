//! Webhooks: addresses of a vendor that the platform calls.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::datetime::DateTime;
use crate::id::{AccountId, ProductId, WebhookId};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::reference::Reference;
use crate::resource::Resource;
use crate::rest::Rest;

open_enum! {
    /// The type of a webhook: the occasion on which it is called (OpenAPI 37.0).
    WebhookType {
        /// A queue changed.
        Event = "event",
        /// A draft of a purchase is validated.
        Validator = "validator",
        /// The form of an inquired purchase is validated.
        InquiringValidator = "inquiring_validator",
        /// A draft of a change is validated.
        ChangeValidator = "change_validator",
        /// The form of an inquired change is validated.
        ChangeInquiringValidator = "change_inquiring_validator",
        /// A draft of a renewal is validated.
        RenewValidator = "renew_validator",
        /// The form of an inquired renewal is validated.
        RenewInquiringValidator = "renew_inquiring_validator",
        /// A draft of a transfer is validated.
        TransferValidator = "transfer_validator",
        /// The form of an inquired transfer is validated.
        TransferInquiringValidator = "transfer_inquiring_validator",
        /// A draft of a request for a configuration of tier 1 is validated.
        DraftTier1Validator = "draft_tcr_t1_val",
        /// A draft of a request for a configuration of tier 2 is validated.
        DraftTier2Validator = "draft_tcr_t2_val",
        /// The form of an inquired set-up of tier 1 is validated.
        SetupTier1InquiringValidator = "tcr_setup_t1_inq_val",
        /// The form of an inquired set-up of tier 2 is validated.
        SetupTier2InquiringValidator = "tcr_setup_t2_inq_val",
        /// A draft of an update of tier 1 is validated.
        UpdateTier1Validator = "tcr_update_t1_validator",
        /// A draft of an update of tier 2 is validated.
        UpdateTier2Validator = "tcr_update_t2_validator",
        /// The form of an inquired update of tier 1 is validated.
        UpdateTier1InquiringValidator = "tcr_update_t1_inq_val",
        /// The form of an inquired update of tier 2 is validated.
        UpdateTier2InquiringValidator = "tcr_update_t2_inq_val",
    }
}

open_enum! {
    /// The queue that a webhook is about (OpenAPI 37.0).
    WebhookObjectClass {
        /// Requests for assets.
        FulfillmentRequest = "fulfillment_request",
        /// Requests for tier configurations.
        TierConfigRequest = "tier_config_request",
        /// Requests to change tier accounts.
        TierAccountRequest = "tier_account_request",
        /// Requests to list products.
        ListingRequest = "listing_request",
        /// Recurring billing requests.
        BillingRequest = "billing_request",
        /// Usage files.
        UsageFile = "usage_file",
    }
}

open_enum! {
    /// The end of a call to a webhook (OpenAPI 37.0).
    DeliveryStatus {
        /// It was answered with a status of 200 to 299.
        Success = "success",
        /// It was answered otherwise, or not at all.
        Failure = "failure",
    }
}

/// An address that the platform calls when a queue of a product changes, or to have a draft
/// validated. The key that signs its calls is not kept, so that nothing can print it.
///
/// ```
/// use connect_model::{Webhook, WebhookObjectClass, WebhookType};
///
/// let webhook: Webhook = serde_json::from_str(
///     r#"{"id": "WH-120-774-336", "type": "event", "object_class": "fulfillment_request",
///         "label": "orders", "external_url": "https://cedar.example/hook", "active": true}"#,
/// )?;
/// assert_eq!(webhook.kind, WebhookType::Event);
/// assert_eq!(webhook.object_class, WebhookObjectClass::FulfillmentRequest);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    /// The id.
    pub id: WebhookId,
    /// The occasion on which it is called.
    #[serde(rename = "type", default, skip_serializing_if = "WebhookType::is_unsaid")]
    pub kind: WebhookType,
    /// The queue it is about.
    #[serde(default, skip_serializing_if = "WebhookObjectClass::is_unsaid")]
    pub object_class: WebhookObjectClass,
    /// The name that people gave it.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub label: String,
    /// Whether it is called.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub active: bool,
    /// The address that is called.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub external_url: String,
    /// The key that signs the calls.
    #[serde(default, skip_serializing)]
    pub jwt_secret: ForgottenKey,
    /// The notes of its owner.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub description: String,
    /// The product whose queue it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Reference<ProductId>>,
    /// What is sent as `data` with each call.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub data: Map<String, Value>,
    /// The headers that are sent with each call beside the platform's own.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub headers: Map<String, Value>,
    /// The account it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Reference<AccountId>>,
    /// The date of its creation.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
    pub created_at: Option<DateTime>,
    /// The date of the last change of its settings.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
    pub modified_at: Option<DateTime>,
    /// The moment before which it is not called again.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
    pub earliest_possible_trigger: Option<DateTime>,
    /// The last change of its queue.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
    pub last_event: Option<DateTime>,
    /// The counts of its events and calls.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub stats: WebhookStats,
    /// The last call that succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_success: Option<LastDelivery>,
    /// The last call that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_failure: Option<LastDelivery>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// A key that is read and forgotten at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ForgottenKey;

impl<'de> Deserialize<'de> for ForgottenKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

impl Resource for Webhook {
    const COLLECTION: &'static str = "notifications/webhooks";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// The counts of a webhook's events and calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookStats {
    /// Changes of its queue.
    pub events: u64,
    /// Calls.
    pub triggers: u64,
    /// Calls that succeeded.
    pub success_triggers: u64,
    /// Calls that failed.
    pub failure_triggers: u64,
    /// Calls that failed since one succeeded.
    pub failure_since_last_success: u64,
}

/// The last call of a webhook that came to one end or the other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LastDelivery {
    /// The moment it began.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
    pub time: Option<DateTime>,
    /// The time it took, in milliseconds.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub duration: u64,
    /// Its end.
    #[serde(default, skip_serializing_if = "DeliveryStatus::is_unsaid")]
    pub status: DeliveryStatus,
    /// The status of the answer, when there was one.
    #[serde(default)]
    pub status_code: Option<u16>,
    /// The reason why it failed.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub errors: String,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}
