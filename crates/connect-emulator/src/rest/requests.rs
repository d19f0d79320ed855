//! `/requests`: fulfillment requests and what can be done to them.

use axum::routing::{MethodRouter, post};
use connect_model::RequestId;
use connect_model::lifecycle::Operation;

use super::door::{Door, Ids, Payload};
use crate::answer::{Answer, Reply};
use crate::auth::form_code;
use crate::platform::Platform;
use crate::world::{Collection, Command};

pub(super) async fn list(door: Door) -> Reply {
    door.list(&Collection::Requests).await
}

pub(super) async fn create(door: Door, Payload(body): Payload) -> Reply {
    door.apply(Command::CreateRequest { body }).await
}

pub(super) async fn read(door: Door, Ids(id): Ids<String>) -> Reply {
    door.read(&Collection::Requests, &id).await
}

pub(super) async fn update(door: Door, Ids(id): Ids<RequestId>, Payload(body): Payload) -> Reply {
    door.apply(Command::Operate { id, operation: Operation::Update, body, code: None }).await
}

pub(super) async fn render(door: Door, Ids(id): Ids<RequestId>) -> Reply {
    door.render(&Collection::Requests, id.as_str()).await.map(Answer::markdown)
}

/// `POST /requests/{id}/{verb}`, one route for each verb of the lifecycle.
pub(super) fn operations() -> impl Iterator<Item = (String, MethodRouter<Platform>)> {
    let posted = Operation::ALL
        .into_iter()
        .filter(|operation| !matches!(operation, Operation::Update | Operation::Render));
    posted.map(|operation| (format!("/requests/{{id}}/{}", operation.verb()), operate(operation)))
}

fn operate(operation: Operation) -> MethodRouter<Platform> {
    post(async move |door: Door, Ids(id): Ids<RequestId>, Payload(body): Payload| -> Reply {
        let code = form_code(door.uri());
        door.apply(Command::Operate { id, operation, body, code }).await
    })
}
