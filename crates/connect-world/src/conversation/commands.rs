//! The commands on conversations.

use bytes::Bytes;
use serde_json::Value;

use crate::actor::Actor;
use crate::body;
use crate::carry_out::{CarryOut, ObjectChange};
use crate::conversation::about::visible_conversation;
use crate::conversation::record::{Author, ConversationRecord, MessageContent, MessageRecord};
use crate::conversation::view::{ConversationView, MessageView};
use crate::denial::Denial;
use crate::read::json;
use crate::state::State;

/// The most characters of a message; the document has no limit.
const LONGEST_TEXT: usize = 10_000;

/// A command on conversations.
#[derive(Clone, Debug, PartialEq)]
pub enum ConversationCommand {
    /// `POST /conversations/{conversation}/messages`.
    Say {
        /// The conversation, by its own id or its object's.
        conversation: String,
        /// The body.
        body: Value,
    },
    /// `POST /conversations/{conversation}/close`.
    Close {
        /// The conversation, by its own id or its object's.
        conversation: String,
    },
}

impl CarryOut for ConversationCommand {
    fn body(&self) -> Option<&Value> {
        match self {
            Self::Say { body, .. } => Some(body),
            _ => None,
        }
    }

    fn carry_out(self, state: &mut State, who: &Actor) -> Result<ObjectChange, Denial> {
        match self {
            Self::Say { conversation, body } => {
                create_message(state, who, &conversation, &body).map(ObjectChange::created)
            }
            Self::Close { conversation } => {
                close(state, who, &conversation).map(ObjectChange::changed)
            }
        }
    }
}

fn create_message(
    state: &mut State,
    who: &Actor,
    conversation: &str,
    body: &Value,
) -> Result<Bytes, Denial> {
    let token = who.token()?;
    let conversation = visible_conversation(state, who, conversation)?;
    if conversation.closed {
        return Err(Denial::invalid("The conversation is closed."));
    }
    let (id, text) = (conversation.id.clone(), body::required(body, "text")?);
    body::must_fit("text", &text, LONGEST_TEXT)?;
    let said = content(text, body::filled(body, "type").as_deref())?;
    let author = Author { id: token.id.clone(), account: token.account.clone() };
    let message =
        MessageRecord { id: state.issue_message(), at: state.now, author: Some(author), said };
    state.change::<ConversationRecord>(&id, |it| it.messages.push(message.clone()));
    let conversation = state.conversations.get(id.as_str()).ok_or_else(Denial::not_found)?;
    json(&MessageView::new(state, conversation, &message))
}

fn close(state: &mut State, who: &Actor, conversation: &str) -> Result<Bytes, Denial> {
    who.token()?;
    let id = visible_conversation(state, who, conversation)?.id.clone();
    state.change::<ConversationRecord>(&id, |conversation| conversation.closed = true);
    let conversation = state.conversations.get(id.as_str()).ok_or_else(Denial::not_found)?;
    json(&ConversationView::new(state, conversation))
}

fn content(text: String, kind: Option<&str>) -> Result<MessageContent, Denial> {
    match kind {
        None | Some("message") => Ok(MessageContent::Text(text.into())),
        Some("private") => Ok(MessageContent::Private(text.into())),
        Some(other) => Err(Denial::invalid(format!("type: \"{other}\" is not a valid choice."))),
    }
}
