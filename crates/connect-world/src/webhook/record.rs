//! Webhooks as the world keeps them.

use std::collections::VecDeque;

use connect_model::{
    AccountId, DateTime, DeliveryStatus, ProductId, UserId, WebhookId, WebhookObjectClass,
    WebhookStats, WebhookType,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::table::Record;

/// A webhook with the course of its calls.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct WebhookRecord {
    pub(crate) id: WebhookId,
    pub(crate) owner: AccountId,
    pub(crate) settings: WebhookSettings,
    pub(crate) created: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) creator: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) modified: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) modifier: Option<UserId>,
    #[serde(default)]
    pub(crate) calls: WebhookCalls,
}

/// The part of a webhook that its owner writes.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct WebhookSettings {
    pub(crate) kind: WebhookType,
    pub(crate) object_class: WebhookObjectClass,
    pub(crate) label: Box<str>,
    pub(crate) product: ProductId,
    pub(crate) external_url: Box<str>,
    pub(crate) jwt_secret: Box<str>,
    pub(crate) active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) data: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(crate) headers: Map<String, Value>,
}

impl WebhookSettings {
    /// Whether changes of its queue have it called.
    pub(crate) fn hears_events(&self) -> bool {
        self.active && self.kind == WebhookType::Event
    }
}

/// The calls of a webhook: what was asked for, what is due, and what became of them.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct WebhookCalls {
    /// The number of events and triggers so far. A call answers those there were when it began.
    pub(crate) asked: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) due: Option<Due>,
    /// The moment before which no event has it called again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) earliest: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_event: Option<DateTime>,
    pub(crate) stats: WebhookStats,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_success: Option<Delivery>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_failure: Option<Delivery>,
    /// The newest calls, oldest first.
    #[serde(skip_serializing_if = "VecDeque::is_empty")]
    pub(crate) log: VecDeque<Delivery>,
}

/// A call to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Due {
    pub(crate) at: Timestamp,
    /// Which attempt it is, from 1.
    pub(crate) attempt: u32,
}

/// A call that is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Delivery {
    /// Its number among the calls of the webhook, from 1.
    pub(crate) number: u64,
    pub(crate) began: Timestamp,
    /// The time it took, in milliseconds.
    pub(crate) duration: u64,
    /// Which attempt it was, from 1.
    pub(crate) attempt: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status_code: Option<u16>,
    /// The reason why it failed; none when it succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Box<str>>,
    /// The beginning of the answer's body.
    #[serde(default)]
    pub(crate) response: Box<str>,
}

impl Delivery {
    pub(crate) fn status(&self) -> DeliveryStatus {
        match self.error {
            None => DeliveryStatus::Success,
            Some(_) => DeliveryStatus::Failure,
        }
    }
}

impl Record for WebhookRecord {
    type Id = WebhookId;
    fn id(&self) -> WebhookId {
        self.id.clone()
    }
}
