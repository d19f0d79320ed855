//! Chunks as the world keeps them.

use connect_model::{DateTime, HubId, UsageFileId, UserId};
use serde::{Deserialize, Serialize};

use crate::table::Record;

/// The records of an accepted file whose subscriptions are on one hub.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct UsageChunk {
    pub(crate) file: UsageFileId,
    /// Its place among the chunks of the file, from 1.
    pub(crate) number: usize,
    pub(crate) hub: HubId,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) external_id: Box<str>,
    pub(crate) created: DateTime,
    /// When it was closed, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) closed: Option<ClosedChunk>,
}

/// The end of a chunk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ClosedChunk {
    pub(crate) at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<UserId>,
}

impl UsageChunk {
    pub(crate) fn status(&self) -> &'static str {
        if self.closed.is_some() { "closed" } else { "ready" }
    }
}

impl Record for UsageChunk {
    type Id = String;
    /// Connect's own shape is not known: `UFC-`, the digits of the file, and a number.
    fn id(&self) -> String {
        let digits = self.file.as_str().trim_start_matches("UF-");
        format!("UFC-{digits}-{:03}", self.number)
    }
}
