//! `/assets`: what customers own. Assets change only through requests.

use connect_model::AssetId;

use super::door::{Door, Ids};
use crate::answer::{Answer, Reply};
use crate::world::Collection;

pub(super) async fn list(door: Door) -> Reply {
    door.list(&Collection::Assets).await
}

pub(super) async fn read(door: Door, Ids(id): Ids<AssetId>) -> Reply {
    door.read(&Collection::Assets, id.as_str()).await
}

pub(super) async fn requests(door: Door, Ids(id): Ids<AssetId>) -> Reply {
    door.list(&Collection::AssetRequests(id)).await
}

pub(super) async fn render(door: Door, Ids(id): Ids<AssetId>) -> Reply {
    door.render(&Collection::Assets, id.as_str()).await.map(Answer::markdown)
}
