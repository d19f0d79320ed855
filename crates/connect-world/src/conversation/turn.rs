//! The messages of the platform itself in the conversation of a request.

use connect_model::{ConversationId, DateTime, RequestStatus};

use crate::conversation::record::{ConversationRecord, MessageContent, MessageRecord};
use crate::course::Course;
use crate::state::State;

/// Returns the conversation of a new request, in which its first status is said.
pub(crate) fn conversation_of(state: &mut State, request: Course<'_>) -> ConversationRecord {
    ConversationRecord {
        id: request.conversation.clone(),
        about: request.id.into(),
        closed: false,
        created: request.created,
        creator: request.creator.cloned(),
        updated: request.created,
        messages: vec![message(state, request.created, request.status.clone())],
    }
}

/// Says in a conversation that its request took a turn. Also closed ones are told.
pub(crate) fn say_turn(state: &mut State, conversation: &ConversationId, to: RequestStatus) {
    let message = message(state, state.now, to);
    state.change::<ConversationRecord>(conversation, |it| it.messages.push(message));
}

fn message(state: &mut State, at: DateTime, to: RequestStatus) -> MessageRecord {
    MessageRecord { id: state.issue_message(), at, author: None, said: MessageContent::Turn(to) }
}
