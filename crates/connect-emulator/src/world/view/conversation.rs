//! Conversations and messages as the platform shows them.

use connect_model::{AccountId, ConversationId, DateTime, MessageId, MessageType, Reference};
use serde::Serialize;

use super::{AtView, Lifespan, NameView};
use crate::world::World;
use crate::world::conversation::{Author, ConversationRecord, MessageRecord};

/// A conversation.
#[derive(Serialize)]
pub(crate) struct ConversationView<'w> {
    id: &'w ConversationId,
    instance_id: &'w str,
    topic: String,
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'static str,
    accounts: Vec<Reference<AccountId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<NameView<'w>>,
    created: DateTime,
    events: Lifespan<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<Vec<MessageView<'w>>>,
}

impl<'w> ConversationView<'w> {
    pub(crate) fn new(world: &'w World, record: &'w ConversationRecord) -> Self {
        let ground = &world.shared.ground;
        let creator = record.creator.as_ref();
        Self {
            id: &record.id,
            instance_id: record.request.as_str(),
            topic: format!("Request {}", record.request),
            kind: "conversation",
            status: if record.closed { "closed" } else { "open" },
            accounts: world.parties_of(&record.request),
            creator: creator.map(|id| NameView { id: id.as_str(), name: ground.name_of(id) }),
            created: record.created,
            events: Lifespan {
                created: AtView::new(record.created, creator, ground),
                updated: AtView::new(record.updated, None, ground),
            },
            messages: None,
        }
    }

    /// The conversation with the messages an account may read, as a retrieve shows it.
    pub(crate) fn with_messages(
        world: &'w World,
        record: &'w ConversationRecord,
        reader: &AccountId,
    ) -> Self {
        let readable = record.messages.iter().filter(|message| message.is_for(reader));
        let messages = readable.map(|message| MessageView::new(world, record, message)).collect();
        Self { messages: Some(messages), ..Self::new(world, record) }
    }
}

/// A message.
#[derive(Serialize)]
pub(crate) struct MessageView<'w> {
    id: &'w MessageId,
    conversation: &'w ConversationId,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Reference<AccountId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<NameView<'w>>,
    created: DateTime,
    text: String,
    #[serde(rename = "type")]
    kind: MessageType,
    events: Written<'w>,
}

#[derive(Serialize)]
struct Written<'w> {
    created: AtView<'w>,
}

impl<'w> MessageView<'w> {
    pub(crate) fn new(
        world: &'w World,
        conversation: &'w ConversationRecord,
        message: &'w MessageRecord,
    ) -> Self {
        let ground = &world.shared.ground;
        let author = message.author.as_ref();
        Self {
            id: &message.id,
            conversation: &conversation.id,
            account: author.map(|author| ground.account_ref(&author.account)),
            creator: author.map(|author| named(world, author)),
            created: message.at,
            text: message.said.text(&conversation.request),
            kind: message.said.kind(),
            events: Written {
                created: AtView::new(message.at, author.map(|author| &author.id), ground),
            },
        }
    }
}

fn named<'w>(world: &'w World, author: &'w Author) -> NameView<'w> {
    NameView { id: author.id.as_str(), name: world.shared.ground.name_of(&author.id) }
}
