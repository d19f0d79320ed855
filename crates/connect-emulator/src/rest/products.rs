//! `/products` and their connections.

use connect_model::ProductId;

use super::door::{Door, Ids, Payload};
use crate::answer::Reply;
use crate::world::{Collection, Command};

pub(super) async fn list(door: Door) -> Reply {
    door.list(&Collection::Products).await
}

pub(super) async fn create(door: Door, Payload(body): Payload) -> Reply {
    door.apply(Command::CreateProduct { body }).await
}

pub(super) async fn read(door: Door, Ids(id): Ids<ProductId>) -> Reply {
    door.read(&Collection::Products, id.as_str()).await
}

pub(super) async fn update(door: Door, Ids(id): Ids<ProductId>, Payload(body): Payload) -> Reply {
    door.apply(Command::UpdateProduct { id, body }).await
}

pub(super) async fn delete(door: Door, Ids(id): Ids<ProductId>) -> Reply {
    door.apply(Command::DeleteProduct { id }).await
}

pub(super) async fn connections(door: Door, Ids(product): Ids<ProductId>) -> Reply {
    door.list(&Collection::Connections(product)).await
}

pub(super) async fn connection(door: Door, Ids((product, id)): Ids<(ProductId, String)>) -> Reply {
    door.read(&Collection::Connections(product), &id).await
}
