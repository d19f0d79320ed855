//! Connections, contracts and listings as the platform shows them.

use connect_model::{
    AccountId, Connection, ContractId, DateTime, ListingId, MarketplaceId, ProductId, Reference,
};
use serde::Serialize;

use super::Lifespan;
use crate::world::World;
use crate::world::ground::{ConnectionRecord, Contract, Listing, NONE};

/// A connection of a product.
#[derive(Serialize)]
pub(crate) struct ConnectionView<'w> {
    #[serde(flatten)]
    link: &'w Connection,
    status: &'static str,
    product_version_type: &'static str,
    created_at: DateTime,
}

impl<'w> ConnectionView<'w> {
    pub(crate) fn new(record: &'w ConnectionRecord) -> Self {
        Self {
            link: &record.link,
            status: "approved",
            product_version_type: "public",
            created_at: record.since,
        }
    }
}

/// A distribution contract.
#[derive(Serialize)]
pub(crate) struct ContractView<'w> {
    id: &'w ContractId,
    name: &'w str,
    #[serde(rename = "type")]
    kind: &'static str,
    status: &'static str,
    version: u32,
    owner: Reference<AccountId>,
    signee: Reference<AccountId>,
    marketplace: Reference<MarketplaceId>,
    events: Lifespan<'w>,
}

impl<'w> ContractView<'w> {
    pub(crate) fn new(world: &'w World, contract: &'w Contract) -> Self {
        Self {
            id: &contract.id,
            name: &contract.name,
            kind: "distribution",
            status: if contract.active { "active" } else { "terminated" },
            version: 1,
            owner: world.shared.ground.account_ref(&contract.provider),
            signee: world.shared.ground.account_ref(&contract.vendor),
            marketplace: marketplace_ref(world, &contract.marketplace),
            events: Lifespan::unsigned(contract.since, contract.since),
        }
    }
}

/// A listing of a product.
#[derive(Serialize)]
pub(crate) struct ListingView<'w> {
    id: &'w ListingId,
    status: &'static str,
    contract: Reference<ContractId>,
    product: Reference<ProductId>,
    vendor: Reference<AccountId>,
    provider: Reference<AccountId>,
    created: DateTime,
    updated: DateTime,
}

impl<'w> ListingView<'w> {
    pub(crate) fn new(world: &'w World, listing: &'w Listing, contract: &'w Contract) -> Self {
        let product = world.shared.products.get(&listing.product);
        let name = product.map_or("", |record| &record.product.name);
        Self {
            id: &listing.id,
            status: if listing.listed { "listed" } else { "unlisted" },
            contract: Reference::named(contract.id.as_str(), contract.name.as_str()),
            product: Reference::named(listing.product.as_str(), name),
            vendor: world.shared.ground.account_ref(&contract.vendor),
            provider: world.shared.ground.account_ref(&contract.provider),
            created: listing.since,
            updated: listing.since,
        }
    }
}

fn marketplace_ref(world: &World, id: &MarketplaceId) -> Reference<MarketplaceId> {
    let name = world.shared.ground.marketplace(id.as_str()).map_or(NONE, |it| &it.name);
    Reference::named(id.as_str(), name)
}
