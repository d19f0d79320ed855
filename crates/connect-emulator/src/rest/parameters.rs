//! `/products/{product}/parameters`: what is asked of customers and vendors.

use connect_model::{ParameterId, ProductId};

use super::door::{Door, Ids, Payload};
use crate::answer::Reply;
use crate::world::{Collection, Command};

pub(super) async fn list(door: Door, Ids(product): Ids<ProductId>) -> Reply {
    door.list(&Collection::Parameters(product)).await
}

pub(super) async fn create(
    door: Door,
    Ids(product): Ids<ProductId>,
    Payload(body): Payload,
) -> Reply {
    door.apply(Command::CreateParameter { product, body }).await
}

pub(super) async fn read(door: Door, Ids((product, id)): Ids<(ProductId, ParameterId)>) -> Reply {
    door.read(&Collection::Parameters(product), id.as_str()).await
}

pub(super) async fn update(
    door: Door,
    Ids((product, id)): Ids<(ProductId, ParameterId)>,
    Payload(body): Payload,
) -> Reply {
    door.apply(Command::UpdateParameter { product, id, body }).await
}

pub(super) async fn delete(door: Door, Ids((product, id)): Ids<(ProductId, ParameterId)>) -> Reply {
    door.apply(Command::DeleteParameter { product, id }).await
}
