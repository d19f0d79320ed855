//! `/conversations`: every request has one. Where a path takes its id, it also takes the id of the
//! request.

use super::door::{Door, Ids, Payload};
use crate::answer::Reply;
use crate::world::{Collection, Command};

pub(super) async fn list(door: Door) -> Reply {
    door.list(&Collection::Conversations).await
}

pub(super) async fn read(door: Door, Ids(id): Ids<String>) -> Reply {
    door.read(&Collection::Conversations, &id).await
}

pub(super) async fn close(door: Door, Ids(conversation): Ids<String>) -> Reply {
    door.apply(Command::CloseConversation { conversation }).await
}

pub(super) async fn messages(door: Door, Ids(conversation): Ids<String>) -> Reply {
    door.list(&Collection::Messages(conversation)).await
}

pub(super) async fn create_message(
    door: Door,
    Ids(conversation): Ids<String>,
    Payload(body): Payload,
) -> Reply {
    door.apply(Command::CreateMessage { conversation, body }).await
}
