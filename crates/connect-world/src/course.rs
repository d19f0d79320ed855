//! The course of a request, whatever its family: where it stands, and how it came there.

use connect_model::{ConversationId, DateTime, RequestStatus, UserId};
use serde::{Deserialize, Serialize};

/// The course of a request.
#[derive(Clone, Copy)]
pub(crate) struct Course<'r> {
    pub(crate) id: &'r str,
    pub(crate) status: &'r RequestStatus,
    pub(crate) created: DateTime,
    pub(crate) creator: Option<&'r UserId>,
    pub(crate) updated: DateTime,
    pub(crate) turns: &'r [Turn],
    pub(crate) conversation: &'r ConversationId,
    pub(crate) form_code: Option<&'r str>,
}

impl Course<'_> {
    /// Returns when the request came to its status.
    pub(crate) fn since(&self) -> DateTime {
        self.turns.last().map_or(self.created, |turn| turn.at)
    }
}

/// A change of status after creation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Turn {
    pub(crate) to: RequestStatus,
    pub(crate) at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<UserId>,
}

impl Turn {
    /// Returns the platform's word for it among the `events` of a request.
    pub(crate) fn word(&self) -> Option<&'static str> {
        Some(match self.to {
            RequestStatus::Pending => "pended",
            RequestStatus::Inquiring => "inquired",
            RequestStatus::Approved => "approved",
            RequestStatus::Failed => "failed",
            RequestStatus::Scheduled => "scheduled",
            RequestStatus::Revoked => "revoked",
            _ => return None,
        })
    }
}
