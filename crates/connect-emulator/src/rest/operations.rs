//! `/requests/{id}/{verb}`: one route for each operation of the lifecycle.

use axum::routing::post;
use connect_model::RequestId;
use connect_model::lifecycle::Operation;
use connect_world::command::RequestCommand;

use super::door::{Door, Ids, Payload};
use super::methods::Methods;
use crate::auth::form_code;

/// Returns the routes of all operations that have a verb of their own.
pub(super) fn operations() -> impl Iterator<Item = (String, Methods)> {
    let posted = Operation::ALL
        .into_iter()
        .filter(|operation| !matches!(operation, Operation::Update | Operation::Render));
    posted.map(|operation| (format!("/requests/{{id}}/{}", operation.verb()), operate(operation)))
}

fn operate(operation: Operation) -> Methods {
    post(async move |door: Door, Ids(id): Ids<RequestId>, Payload(body): Payload| {
        let code = form_code(door.uri());
        door.apply(RequestCommand::Operate { id, operation, body, code }).await
    })
}
