//! Requests as the world keeps them.

use std::sync::Arc;

use connect_model::{
    AssetId, AssetRequestType, AssetStatus, ConversationId, DateTime, RequestId, RequestStatus,
    TemplateId, UserId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::asset::record::{Level, TierRow};
use crate::course::{Course, Turn};
use crate::row::{Items, Params};
use crate::table::Record;

/// One operation on one asset, with the items, values and accounts of its own moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RequestRecord {
    pub(crate) id: RequestId,
    pub(crate) kind: AssetRequestType,
    pub(crate) status: RequestStatus,
    pub(crate) asset: AssetId,
    /// The status of the asset when this request was created; refusal brings it back.
    pub(crate) before: AssetStatus,
    pub(crate) created: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) creator: Option<UserId>,
    pub(crate) updated: DateTime,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) turns: Vec<Turn>,
    pub(crate) items: Items,
    pub(crate) params: Params,
    pub(crate) tiers: Arc<TierRow>,
    /// Where a transfer asks for another account; the other levels follow the subscription.
    #[serde(default, skip_serializing_if = "<[Level]>::is_empty")]
    pub(crate) moved: Box<[Level]>,
    pub(crate) conversation: ConversationId,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) note: Box<str>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) reason: Box<str>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) answered: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) assignee: Option<UserId>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) activation_key: Arc<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) template: Option<TemplateId>,
    /// The secret code of the customer's form; only while inquiring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) form_code: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) effective_date: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) planned_date: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) previous_approved: Option<RequestId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) external_attributes: Option<Box<Value>>,
}

impl RequestRecord {
    /// Returns the number behind the asset's digits, counted from 1.
    pub(crate) fn counter(&self) -> u32 {
        let last = self.id.as_str().rsplit('-').next();
        last.and_then(|digits| digits.parse().ok()).unwrap_or_default()
    }

    pub(crate) fn course(&self) -> Course<'_> {
        Course {
            id: self.id.as_str(),
            status: &self.status,
            created: self.created,
            creator: self.creator.as_ref(),
            updated: self.updated,
            turns: &self.turns,
            conversation: &self.conversation,
            form_code: self.form_code.as_deref(),
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.status.is_open()
    }
}

impl Record for RequestRecord {
    type Id = RequestId;
    fn id(&self) -> RequestId {
        self.id.clone()
    }
}
