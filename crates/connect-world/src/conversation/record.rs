//! Conversations as the world keeps them: opened with the object they are about.

use connect_model::{
    AccountId, ConversationId, DateTime, MessageId, MessageType, RequestStatus, UserId,
};
use serde::{Deserialize, Serialize};

use crate::table::Record;

/// The conversation about an object, such as a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ConversationRecord {
    pub(crate) id: ConversationId,
    /// The id of the object it is about. Until objects of other kinds had conversations, it was
    /// kept under the name of the only kind there was.
    #[serde(alias = "request")]
    pub(crate) about: Box<str>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) closed: bool,
    pub(crate) created: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) creator: Option<UserId>,
    pub(crate) updated: DateTime,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) messages: Vec<MessageRecord>,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MessageRecord {
    pub(crate) id: MessageId,
    pub(crate) at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) author: Option<Author>,
    pub(crate) said: MessageContent,
}

/// The writer of a message, and the account written for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Author {
    pub(crate) id: UserId,
    pub(crate) account: AccountId,
}

/// The content of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MessageContent {
    /// A turn that the request took.
    Turn(RequestStatus),
    /// A text for everybody.
    Text(Box<str>),
    /// A text for the author's account alone.
    Private(Box<str>),
}

impl MessageContent {
    pub(crate) fn kind(&self) -> MessageType {
        match self {
            Self::Turn(_) => MessageType::StateChange,
            Self::Text(_) => MessageType::Message,
            Self::Private(_) => MessageType::Private,
        }
    }

    pub(crate) fn text(&self, about: &str) -> String {
        match self {
            Self::Turn(status) => format!("Request {about} is now {status}."),
            Self::Text(text) | Self::Private(text) => text.to_string(),
        }
    }
}

impl MessageRecord {
    /// Whether an account may read it.
    pub(crate) fn is_for(&self, account: &AccountId) -> bool {
        match &self.said {
            MessageContent::Private(_) => {
                self.author.as_ref().is_some_and(|it| it.account == *account)
            }
            _ => true,
        }
    }
}

impl Record for ConversationRecord {
    type Id = ConversationId;
    fn id(&self) -> ConversationId {
        self.id.clone()
    }
}
