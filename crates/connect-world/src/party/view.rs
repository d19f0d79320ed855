//! Connections, contracts and listings as the platform shows them.

use connect_model::{
    AccountId, Connection, ConnectionId, ConnectionType, ContractId, DateTime, HubId, ListingId,
    MarketplaceId, ProductId, Reference,
};
use serde::Serialize;
use serde_json::Value;

use crate::party::record::{ConnectionRecord, Contract, Listing, NONE};
use crate::product::view::ProductRef;
use crate::state::State;
use crate::view::Lifespan;

/// A connection of a product.
#[derive(Serialize)]
pub(crate) struct ConnectionView<'w> {
    id: &'w ConnectionId,
    #[serde(rename = "type")]
    kind: &'w ConnectionType,
    provider: &'w Option<Reference<AccountId>>,
    vendor: &'w Option<Reference<AccountId>>,
    hub: Option<HubRef<'w>>,
    status: &'static str,
    product_version_type: &'static str,
    created_at: DateTime,
    events: Lifespan<'w>,
}

/// A hub as connections mention it.
#[derive(Serialize)]
struct HubRef<'w> {
    #[serde(flatten)]
    hub: &'w Reference<HubId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<&'w Value>,
}

impl<'w> ConnectionView<'w> {
    pub(crate) fn new(state: &'w State, record: &'w ConnectionRecord) -> Self {
        let Connection { id, kind, provider, vendor, hub, .. } = &record.link;
        let hubs = &state.shared.parties.hubs;
        let instance = |id: &HubId| hubs.iter().find(|hub| hub.id == *id)?.rest.get("instance");
        Self {
            id,
            kind,
            provider,
            vendor,
            hub: hub.as_ref().map(|hub| HubRef { instance: instance(&hub.id), hub }),
            status: "approved",
            product_version_type: "public",
            created_at: record.since,
            events: Lifespan::unsigned(record.since, record.since),
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
    /// The purpose, `production` when it is for real.
    #[serde(rename = "kind")]
    purpose: &'static str,
    status: &'static str,
    version: u32,
    issuer: Reference<AccountId>,
    owner: Reference<AccountId>,
    signee: Reference<AccountId>,
    marketplace: Reference<MarketplaceId>,
    events: Lifespan<'w>,
}

impl<'w> ContractView<'w> {
    pub(crate) fn new(state: &'w State, contract: &'w Contract) -> Self {
        Self {
            id: &contract.id,
            name: &contract.name,
            kind: DISTRIBUTION,
            purpose: "production",
            status: if contract.active { "active" } else { "terminated" },
            version: 1,
            issuer: state.shared.parties.account_ref(&contract.provider),
            owner: state.shared.parties.account_ref(&contract.provider),
            signee: state.shared.parties.account_ref(&contract.vendor),
            marketplace: marketplace_ref(state, &contract.marketplace),
            events: Lifespan::unsigned(contract.since, contract.since),
        }
    }
}

/// The only kind of contract there is.
const DISTRIBUTION: &str = "distribution";

/// A contract as listings mention it.
#[derive(Serialize)]
struct ContractRef<'w> {
    id: &'w ContractId,
    name: &'w str,
    #[serde(rename = "type")]
    kind: &'static str,
    marketplace: Reference<MarketplaceId>,
}

/// A product as listings mention it.
#[derive(Serialize)]
#[serde(untagged)]
enum ListedProduct<'w> {
    Known {
        #[serde(flatten)]
        product: ProductRef<'w>,
        #[serde(skip_serializing_if = "Option::is_none")]
        category: Option<&'w Value>,
    },
    Gone(Reference<ProductId>),
}

impl<'w> ListedProduct<'w> {
    fn new(state: &'w State, id: &ProductId) -> Self {
        match state.shared.product(id.as_str()) {
            Some(record) => Self::Known {
                product: ProductRef::new(record, false),
                category: record.product.rest.get("category"),
            },
            None => Self::Gone(Reference::named(id.as_str(), "")),
        }
    }
}

/// A listing of a product.
#[derive(Serialize)]
pub(crate) struct ListingView<'w> {
    id: &'w ListingId,
    status: &'static str,
    contract: ContractRef<'w>,
    product: ListedProduct<'w>,
    vendor: Reference<AccountId>,
    provider: Reference<AccountId>,
    created: DateTime,
    updated: DateTime,
}

impl<'w> ListingView<'w> {
    pub(crate) fn new(state: &'w State, listing: &'w Listing, contract: &'w Contract) -> Self {
        Self {
            id: &listing.id,
            status: if listing.listed { "listed" } else { "unlisted" },
            contract: ContractRef {
                id: &contract.id,
                name: &contract.name,
                kind: DISTRIBUTION,
                marketplace: marketplace_ref(state, &contract.marketplace),
            },
            product: ListedProduct::new(state, &listing.product),
            vendor: state.shared.parties.account_ref(&contract.vendor),
            provider: state.shared.parties.account_ref(&contract.provider),
            created: listing.since,
            updated: listing.since,
        }
    }
}

pub(crate) fn marketplace_ref(state: &State, id: &MarketplaceId) -> Reference<MarketplaceId> {
    let marketplace = state.shared.parties.marketplace(id.as_str());
    let name = marketplace.map_or(NONE, |it| &it.name);
    let icon = marketplace.and_then(|it| it.rest.get("icon")).and_then(Value::as_str);
    Reference { icon: icon.map(str::to_owned), ..Reference::named(id.as_str(), name) }
}
