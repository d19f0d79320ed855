//! Conversations: what is said, and by whom.

use std::sync::Arc;

use bytes::Bytes;
use connect_model::{ConversationId, RequestStatus};
use serde_json::Value;

use super::{Author, ConversationRecord, MessageRecord, Said};
use crate::world::read::json;
use crate::world::view::{ConversationView, MessageView};
use crate::world::{Actor, Denied, World, body};

impl World {
    /// A conversation by its own id or its object's, when the caller may see that object.
    pub(in crate::world) fn visible_conversation(
        &self,
        who: &Actor,
        id: &str,
    ) -> Result<&Arc<ConversationRecord>, Denied> {
        let by_request = || self.conversations.get(self.requests.get(id)?.conversation.as_str());
        let found = self.conversations.get(id).or_else(by_request);
        let conversation = found.ok_or_else(Denied::not_found)?;
        self.visible(who, conversation.request.as_str(), None)?;
        Ok(conversation)
    }

    /// Says in a conversation that its request took a turn. Also closed ones are told.
    pub(in crate::world) fn say_turn(&mut self, conversation: &ConversationId, to: RequestStatus) {
        let message = MessageRecord {
            id: self.issue_message(),
            at: self.now,
            author: None,
            said: Said::Turn(to),
        };
        self.write_conversation(conversation, |conversation| conversation.messages.push(message));
    }

    pub(in crate::world) fn create_message(
        &mut self,
        who: &Actor,
        conversation: &str,
        body: &Value,
    ) -> Result<Bytes, Denied> {
        let token = who.token()?;
        let conversation = self.visible_conversation(who, conversation)?;
        if conversation.closed {
            return Err(Denied::invalid("The conversation is closed."));
        }
        let (id, text) = (conversation.id.clone(), body::required(body, "text")?);
        let said = said(text, body::filled(body, "type").as_deref())?;
        let author = Author { id: token.id.clone(), account: token.account.clone() };
        let message =
            MessageRecord { id: self.issue_message(), at: self.now, author: Some(author), said };
        self.write_conversation(&id, |it| it.messages.push(message.clone()));
        let conversation = self.conversations.get(id.as_str()).ok_or_else(Denied::not_found)?;
        json(&MessageView::new(self, conversation, &message))
    }

    pub(in crate::world) fn close_conversation(
        &mut self,
        who: &Actor,
        conversation: &str,
    ) -> Result<Bytes, Denied> {
        who.token()?;
        let id = self.visible_conversation(who, conversation)?.id.clone();
        self.write_conversation(&id, |conversation| conversation.closed = true);
        let conversation = self.conversations.get(id.as_str()).ok_or_else(Denied::not_found)?;
        json(&ConversationView::new(self, conversation))
    }
}

fn said(text: String, kind: Option<&str>) -> Result<Said, Denied> {
    match kind {
        None | Some("message") => Ok(Said::Text(text.into())),
        Some("private") => Ok(Said::Private(text.into())),
        Some(other) => Err(Denied::invalid(format!("type: \"{other}\" is not a valid choice."))),
    }
}
