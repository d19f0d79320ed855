//! The methods of a path, for any collection and any command.

use axum::routing::{MethodRouter, delete, get, post, put};
use connect_world::{Collection, Command};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::door::{Door, Ids, ObjectPayload, Payload};
use crate::answer::Answer;
use crate::platform::Platform;

pub(super) type Methods = MethodRouter<Platform>;

/// An id in a path.
pub(super) trait Id: DeserializeOwned + Send + 'static {}

impl<T: DeserializeOwned + Send + 'static> Id for T {}

/// Answers `GET /{collection}`.
pub(super) fn list(collection: Collection) -> Methods {
    get(async move |door: Door| door.list(&collection).await)
}

/// Answers `GET /{collection}/{id}`.
pub(super) fn read(collection: Collection) -> Methods {
    get(async move |door: Door, Ids(id): Ids<String>| door.read(&collection, &id).await)
}

/// Answers `GET /{parents}/{parent}/{collection}`.
pub(super) fn list_in<P: Id>(of: fn(P) -> Collection) -> Methods {
    get(async move |door: Door, Ids(parent): Ids<P>| door.list(&of(parent)).await)
}

/// Answers `GET /{parents}/{parent}/{collection}/{id}`.
pub(super) fn read_in<P: Id>(of: fn(P) -> Collection) -> Methods {
    get(async move |door: Door, Ids((parent, id)): Ids<(P, String)>| {
        door.read(&of(parent), &id).await
    })
}

/// Answers `POST /{collection}`.
pub(super) fn create<C: Into<Command> + Send + 'static>(command: fn(Value) -> C) -> Methods {
    post(async move |door: Door, ObjectPayload(body): ObjectPayload| {
        door.apply(command(body)).await
    })
}

/// Answers `POST /{collection}` where the contract takes lists of objects, too.
pub(super) fn create_one_or_more<C: Into<Command> + Send + 'static>(
    command: fn(Value) -> C,
) -> Methods {
    post(async move |door: Door, Payload(body): Payload| door.apply(command(body)).await)
}

/// Answers `POST /{parents}/{parent}/{collection}`.
pub(super) fn create_in<P: Id, C: Into<Command> + Send + 'static>(
    command: fn(P, Value) -> C,
) -> Methods {
    post(async move |door: Door, Ids(parent): Ids<P>, ObjectPayload(body): ObjectPayload| {
        door.apply(command(parent, body)).await
    })
}

/// Answers `POST /{collection}/{id}/{verb}`.
pub(super) fn act<P: Id, C: Into<Command> + Send + 'static>(command: fn(P) -> C) -> Methods {
    post(async move |door: Door, Ids(id): Ids<P>| door.apply(command(id)).await)
}

/// Answers `POST /{collection}/{id}/{verb}` that comes with a body.
pub(super) fn act_with<P: Id, C: Into<Command> + Send + 'static>(
    command: fn(P, Value) -> C,
) -> Methods {
    post(async move |door: Door, Ids(id): Ids<P>, ObjectPayload(body): ObjectPayload| {
        door.apply(command(id, body)).await
    })
}

/// Answers `POST /{collection}/{id}/{verb}` where the contract shows no object.
pub(super) fn act_in_silence<P: Id, C: Into<Command> + Send + 'static>(
    command: fn(P) -> C,
) -> Methods {
    post(async move |door: Door, Ids(id): Ids<P>| {
        door.apply(command(id)).await.map(|_| Answer::nothing())
    })
}

/// Answers `PUT /{collection}/{id}`.
pub(super) fn update<P: Id, C: Into<Command> + Send + 'static>(
    command: fn(P, Value) -> C,
) -> Methods {
    put(async move |door: Door, Ids(id): Ids<P>, ObjectPayload(body): ObjectPayload| {
        door.apply(command(id, body)).await
    })
}

/// Answers `PUT /{parents}/{parent}/{collection}/{id}`.
pub(super) fn update_in<P: Id, I: Id, C: Into<Command> + Send + 'static>(
    command: fn(P, I, Value) -> C,
) -> Methods {
    put(
        async move |door: Door,
                    Ids((parent, id)): Ids<(P, I)>,
                    ObjectPayload(body): ObjectPayload| {
            door.apply(command(parent, id, body)).await
        },
    )
}

/// Answers `DELETE /{collection}/{id}`.
pub(super) fn remove<P: Id, C: Into<Command> + Send + 'static>(command: fn(P) -> C) -> Methods {
    delete(async move |door: Door, Ids(id): Ids<P>| door.apply(command(id)).await)
}

/// Answers `DELETE /{parents}/{parent}/{collection}/{id}`.
pub(super) fn remove_in<P: Id, I: Id, C: Into<Command> + Send + 'static>(
    command: fn(P, I) -> C,
) -> Methods {
    delete(async move |door: Door, Ids((parent, id)): Ids<(P, I)>| {
        door.apply(command(parent, id)).await
    })
}
