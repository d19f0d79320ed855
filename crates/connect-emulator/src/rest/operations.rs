//! `/{requests}/{id}/{verb}`: one route for each operation of a family's lifecycle.

use axum::routing::post;
use connect_model::lifecycle::usage_file::UsageFileOperation;
use connect_model::lifecycle::{
    Operation, asset_request, tier_account_request, tier_config_request,
};
use connect_world::Command;
use connect_world::command::{
    RequestCommand, TierAccountRequestCommand, TierConfigRequestCommand, UsageFileCommand,
};
use serde_json::Value;

use super::door::{Door, Ids, ObjectPayload};
use super::methods::{Id, Methods};
use crate::auth::form_code;

/// Returns the routes of all operations on fulfillment requests that have a verb of their own.
pub(super) fn on_requests() -> impl Iterator<Item = (String, Methods)> {
    let taken = posted("/requests").filter(|(operation, _)| asset_request::has(*operation));
    taken.map(|(operation, path)| {
        let command =
            |operation, id, body, code| RequestCommand::Operate { id, operation, body, code };
        (path, operate(operation, command))
    })
}

/// Returns the routes of all operations on requests for tier configurations.
pub(super) fn on_tier_config_requests() -> impl Iterator<Item = (String, Methods)> {
    let taken = posted("/tier/config-requests")
        .filter(|(operation, _)| tier_config_request::has(*operation));
    taken.map(|(operation, path)| {
        let command = |operation, id, body, code| TierConfigRequestCommand::Operate {
            id,
            operation,
            body,
            code,
        };
        (path, operate(operation, command))
    })
}

/// Returns the routes of all operations on requests about tier accounts.
pub(super) fn on_tier_account_requests() -> impl Iterator<Item = (String, Methods)> {
    let taken = posted("/tier/account-requests")
        .filter(|(operation, _)| tier_account_request::has(*operation));
    taken.map(|(operation, path)| {
        let methods =
            post(async move |door: Door, Ids(id): Ids<_>, ObjectPayload(body): ObjectPayload| {
                door.apply(TierAccountRequestCommand::Operate { id, operation, body }).await
            });
        (path, methods)
    })
}

/// Returns the routes of the operations on usage files that have a JSON body or none.
pub(super) fn on_usage_files() -> impl Iterator<Item = (String, Methods)> {
    use UsageFileOperation::{Reconcile, Update, Upload};
    let all = UsageFileOperation::ALL.into_iter();
    let posted = all.filter(|operation| !matches!(operation, Update | Upload | Reconcile));
    posted.map(|operation| {
        let path = format!("/usage/files/{{id}}/{}", operation.verb());
        let methods =
            post(async move |door: Door, Ids(id): Ids<_>, ObjectPayload(body): ObjectPayload| {
                door.apply(UsageFileCommand::Operate { id, operation, body }).await
            });
        (path, methods)
    })
}

fn posted(collection: &str) -> impl Iterator<Item = (Operation, String)> {
    let posted = Operation::ALL
        .into_iter()
        .filter(|operation| !matches!(operation, Operation::Update | Operation::Render));
    posted.map(move |operation| (operation, format!("{collection}/{{id}}/{}", operation.verb())))
}

fn operate<P: Id, C: Into<Command> + Send + 'static>(
    operation: Operation,
    command: fn(Operation, P, Value, Option<String>) -> C,
) -> Methods {
    post(async move |door: Door, Ids(id): Ids<P>, ObjectPayload(body): ObjectPayload| {
        let code = form_code(door.uri());
        door.apply(command(operation, id, body, code)).await
    })
}
