//! Conversations and messages as the platform shows them.

use connect_model::{AccountId, ConversationId, DateTime, MessageId, MessageType, Reference};
use serde::Serialize;

use crate::conversation::about::About;
use crate::conversation::record::{Author, ConversationRecord, MessageRecord};
use crate::state::State;
use crate::view::{AtView, Lifespan, NameView};

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
    pub(crate) fn new(state: &'w State, record: &'w ConversationRecord) -> Self {
        let parties = &state.shared.parties;
        let creator = record.creator.as_ref();
        let about = About::find(state, &record.about);
        Self {
            id: &record.id,
            instance_id: &record.about,
            topic: format!("Request {}", record.about),
            kind: "conversation",
            status: if record.closed { "closed" } else { "open" },
            accounts: about.map(|about| about.parties(state)).unwrap_or_default(),
            creator: creator.map(|id| NameView::of_user(id, parties)),
            created: record.created,
            events: Lifespan {
                created: AtView::new(record.created, creator, parties),
                updated: AtView::new(record.updated, None, parties),
            },
            messages: None,
        }
    }

    /// Returns the conversation with the messages an account may read, as a retrieve shows it.
    pub(crate) fn with_messages(
        state: &'w State,
        record: &'w ConversationRecord,
        reader: &AccountId,
    ) -> Self {
        let readable = record.messages.iter().filter(|message| message.is_for(reader));
        let messages = readable.map(|message| MessageView::new(state, record, message)).collect();
        Self { messages: Some(messages), ..Self::new(state, record) }
    }
}

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
        state: &'w State,
        conversation: &'w ConversationRecord,
        message: &'w MessageRecord,
    ) -> Self {
        let parties = &state.shared.parties;
        let author = message.author.as_ref();
        Self {
            id: &message.id,
            conversation: &conversation.id,
            account: author.map(|author| parties.account_ref(&author.account)),
            creator: author.map(|author| named(state, author)),
            created: message.at,
            text: message.said.text(&conversation.about),
            kind: message.said.kind(),
            events: Written {
                created: AtView::new(message.at, author.map(|author| &author.id), parties),
            },
        }
    }
}

fn named<'w>(state: &'w State, author: &'w Author) -> NameView<'w> {
    NameView::of_user(&author.id, &state.shared.parties)
}
