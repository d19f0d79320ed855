//! Requests for tier configurations as the world keeps them.

use std::sync::Arc;

use connect_model::{
    ConversationId, DateTime, RequestStatus, TemplateId, TierConfigId, TierConfigRequestId,
    TierConfigRequestType, UserId,
};
use serde::{Deserialize, Serialize};

use crate::asset::record::TierRow;
use crate::course::{Course, Turn};
use crate::row::Params;
use crate::table::Record;

/// One operation on one tier configuration, with the values and resellers of its own moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TierConfigRequestRecord {
    pub(crate) id: TierConfigRequestId,
    pub(crate) kind: TierConfigRequestType,
    pub(crate) status: RequestStatus,
    pub(crate) config: TierConfigId,
    pub(crate) params: Params,
    pub(crate) tiers: Arc<TierRow>,
    pub(crate) conversation: ConversationId,
    pub(crate) created: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) creator: Option<UserId>,
    pub(crate) updated: DateTime,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) turns: Vec<Turn>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) notes: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) assignee: Option<UserId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) template: Option<TemplateId>,
    /// The Markdown of an approval that brought it in place of a template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tile: Option<Box<str>>,
    /// The secret code of the reseller's form; only while inquiring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) form_code: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) effective_date: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) previous_approved: Option<TierConfigRequestId>,
}

impl TierConfigRequestRecord {
    /// Whether it waits for another reseller's configuration.
    pub(crate) fn is_waiting(&self) -> bool {
        self.status == RequestStatus::TiersSetup
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
}

impl Record for TierConfigRequestRecord {
    type Id = TierConfigRequestId;
    fn id(&self) -> TierConfigRequestId {
        self.id.clone()
    }
}
