//! Conversations about requests.

use serde::{Deserialize, Serialize};

use crate::datetime::DateTime;
use crate::id::{AccountId, ConversationId, MessageId, UserId};
use crate::lenient;
use crate::open_enum::open_enum;
use crate::reference::{Events, Reference};
use crate::resource::Resource;
use crate::rest::Rest;

open_enum! {
    /// The type of a message, which says who reads it (OpenAPI 37.0).
    MessageType {
        /// Everybody in the conversation.
        Message = "message",
        /// Written by the platform when a status changes.
        StateChange = "state_change",
        /// The author's account alone.
        Private = "private",
    }
}

/// The talk that belongs to one object; the platform opens it with the object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// The id. The platform also takes the id of the object in its place.
    pub id: ConversationId,
    /// The object the talk is about.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub instance_id: String,
    /// The topic, for people.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub topic: String,
    /// `open` or `closed`.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub status: String,
    /// The dates of its creation and its changes.
    #[serde(default, deserialize_with = "crate::reference::events")]
    pub events: Events,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Resource for Conversation {
    const COLLECTION: &'static str = "conversations";
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The id.
    pub id: MessageId,
    /// The type, which says who reads it.
    #[serde(rename = "type", default, skip_serializing_if = "MessageType::is_unsaid")]
    pub kind: MessageType,
    /// The text.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub text: String,
    /// The author's account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Reference<AccountId>>,
    /// The author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator: Option<Reference<UserId>>,
    /// The date it was written.
    #[serde(default, deserialize_with = "crate::datetime::instant")]
    pub created: Option<DateTime>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}
