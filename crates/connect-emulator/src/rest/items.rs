//! `/products/{product}/items`: what of the product is sold, and how it is counted.

use connect_model::ProductId;

use super::door::{Door, Ids, Payload};
use crate::answer::Reply;
use crate::world::{Collection, Command};

pub(super) async fn list(door: Door, Ids(product): Ids<ProductId>) -> Reply {
    door.list(&Collection::Items(product)).await
}

pub(super) async fn create(
    door: Door,
    Ids(product): Ids<ProductId>,
    Payload(body): Payload,
) -> Reply {
    door.apply(Command::CreateItem { product, body }).await
}

pub(super) async fn read(door: Door, Ids((product, id)): Ids<(ProductId, String)>) -> Reply {
    door.read(&Collection::Items(product), &id).await
}

pub(super) async fn update(
    door: Door,
    Ids((product, id)): Ids<(ProductId, String)>,
    Payload(body): Payload,
) -> Reply {
    door.apply(Command::UpdateItem { product, id, body }).await
}

pub(super) async fn delete(door: Door, Ids((product, id)): Ids<(ProductId, String)>) -> Reply {
    door.apply(Command::DeleteItem { product, id }).await
}
