//! Where a program is called, and what by.

use connect_model::WebhookObjectClass;
use fastrand::Rng;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::subjects::Subjects;

/// The keys of calls, each for one sort of them.
pub(super) const WEBHOOK_KEY: &str = "s3cret-of-the-webhooks";
pub(super) const ACTION_KEY: &str = "s3cret-of-the-actions";
pub(super) const CALLBACK_KEY: &str = "s3cret-of-the-program";

/// What a program is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// Connect says that a queue has changed.
    Webhook,
    /// Connect asks what is wrong with a draft.
    Validation,
    /// A user of Connect follows the link of an action.
    Action,
    /// The vendor's system says that a request should look again.
    Callback,
}

impl Door {
    /// Returns one of them, webhooks half of the time.
    pub(super) fn drawn(rng: &mut Rng) -> Self {
        match rng.u32(..6) {
            0..3 => Self::Webhook,
            3 => Self::Validation,
            4 => Self::Action,
            _ => Self::Callback,
        }
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Webhook => "/webhook",
            Self::Validation => "/validate",
            Self::Action => "/action",
            Self::Callback => "/callback",
        }
    }

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Webhook | Self::Validation => WEBHOOK_KEY,
            Self::Action => ACTION_KEY,
            Self::Callback => CALLBACK_KEY,
        }
    }

    /// Returns the claims of a token for what a body is about. No two are the same.
    pub(super) fn claims(self, body: &Value, subjects: &Subjects, number: u64) -> Value {
        let now = Timestamp::now().as_second();
        match self {
            Self::Webhook => json!({
                "webhook_id": body["webhook_id"], "account_id": "VA-731-204",
                "product_id": body["product_id"], "object_class": body["object_class"],
                "iat": now, "exp": now + 60, "jti": number,
            }),
            Self::Validation => json!({
                "webhook_id": "WH-120-774-336", "product_id": subjects.product,
                "object_class": WebhookObjectClass::FulfillmentRequest,
                "iat": now, "exp": now + 60, "jti": number,
            }),
            Self::Action => {
                json!({"action_id": "console", "asset_id": subjects.asset,
                       "iat": now, "exp": now + 60, "jti": number})
            }
            Self::Callback => json!({"callback": subjects.waiting, "exp": now + 3600}),
        }
    }

    /// Returns what is sent with a token: as Connect does, or the vendor.
    pub(super) fn body(self, subjects: &Subjects, rng: &mut Rng) -> Value {
        const CLASSES: [WebhookObjectClass; 5] = [
            WebhookObjectClass::FulfillmentRequest,
            WebhookObjectClass::TierConfigRequest,
            WebhookObjectClass::TierAccountRequest,
            WebhookObjectClass::UsageFile,
            WebhookObjectClass::BillingRequest,
        ];
        match self {
            Self::Webhook => {
                let class = &CLASSES[rng.usize(..CLASSES.len())];
                json!({
                    "webhook_id": "WH-120-774-336", "webhook_name": "orders", "object_class": class,
                    "account_id": "VA-731-204", "product_id": subjects.product,
                    "api_url": "http://connect.example/public/v1",
                    "triggered_at": "2026-03-01T12:00:00+00:00", "last_success_at": null,
                    "last_failure_at": null, "processing_timeout": 600,
                    "data": {"id": subjects.unseen, "status": "approved", "any": [1, 2.5, null]},
                })
            }
            Self::Validation => subjects.draft.clone(),
            // A link has no body: what it says is in its token.
            Self::Action => Value::Null,
            Self::Callback => {
                json!({"request": subjects.unseen, "state": "ready", "approve": true})
            }
        }
    }
}

/// Whether a body is about a queue that a processor has.
pub(super) fn has_queue(body: &[u8]) -> bool {
    const QUEUES: [WebhookObjectClass; 4] = [
        WebhookObjectClass::FulfillmentRequest,
        WebhookObjectClass::TierConfigRequest,
        WebhookObjectClass::TierAccountRequest,
        WebhookObjectClass::UsageFile,
    ];
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let class = body["object_class"].as_str().unwrap_or_default();
    QUEUES.iter().any(|queue| queue.as_str() == class)
}
