//! `/tier/accounts`: customers and resellers.

use connect_model::TierAccountId;

use super::door::{Door, Ids, Payload};
use crate::answer::Reply;
use crate::world::{Collection, Command};

pub(super) async fn list(door: Door) -> Reply {
    door.list(&Collection::TierAccounts).await
}

pub(super) async fn create(door: Door, Payload(body): Payload) -> Reply {
    door.apply(Command::CreateTierAccount { body }).await
}

pub(super) async fn read(door: Door, Ids(id): Ids<TierAccountId>) -> Reply {
    door.read(&Collection::TierAccounts, id.as_str()).await
}

pub(super) async fn update(
    door: Door,
    Ids(id): Ids<TierAccountId>,
    Payload(body): Payload,
) -> Reply {
    door.apply(Command::UpdateTierAccount { id, body }).await
}

pub(super) async fn versions(door: Door, Ids(id): Ids<TierAccountId>) -> Reply {
    door.list(&Collection::TierAccountVersions(id)).await
}

pub(super) async fn version(door: Door, Ids((id, version)): Ids<(TierAccountId, String)>) -> Reply {
    door.read(&Collection::TierAccountVersions(id), &version).await
}
