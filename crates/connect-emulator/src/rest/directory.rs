//! Hubs, marketplaces, accounts, contracts and listings: what can only be looked at.

use axum::routing::{MethodRouter, get};

use super::door::{Door, Ids};
use crate::platform::Platform;
use crate::world::Collection;

/// `GET /{collection}`.
pub(super) fn list(collection: Collection) -> MethodRouter<Platform> {
    get(async move |door: Door| door.list(&collection).await)
}

/// `GET /{collection}/{id}`.
pub(super) fn read(collection: Collection) -> MethodRouter<Platform> {
    get(async move |door: Door, Ids(id): Ids<String>| door.read(&collection, &id).await)
}
