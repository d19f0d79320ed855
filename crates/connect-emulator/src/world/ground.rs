//! The parties of the world and what binds them: laid down by a scenario, changed by no command.

use std::sync::Arc;

use connect_model::{
    Account, AccountId, Connection, ConnectionType, ContractId, DateTime, Hub, HubId, ListingId,
    Marketplace, MarketplaceId, ProductId, Reference, UserId,
};
use serde::{Deserialize, Serialize};

use super::actor::{Actor, Side, Token};
use crate::scenario::Keys;

/// Accounts, hubs, marketplaces, contracts, listings, connections, tokens and people.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Ground {
    pub(crate) accounts: Vec<Account>,
    pub(crate) hubs: Vec<Hub>,
    pub(crate) marketplaces: Vec<Marketplace>,
    pub(crate) contracts: Vec<Contract>,
    pub(crate) listings: Vec<Listing>,
    pub(crate) connections: Vec<ConnectionRecord>,
    pub(crate) tokens: Vec<KeyRecord>,
    pub(crate) people: Vec<Person>,
}

/// A distribution contract between a vendor and the owner of a marketplace.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Contract {
    pub(crate) id: ContractId,
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) marketplace: MarketplaceId,
    pub(crate) vendor: AccountId,
    pub(crate) provider: AccountId,
    pub(crate) since: DateTime,
}

/// A product offered on the marketplace of a contract.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Listing {
    pub(crate) id: ListingId,
    pub(crate) listed: bool,
    pub(crate) product: ProductId,
    pub(crate) contract: ContractId,
    pub(crate) since: DateTime,
}

/// What links a product to a hub.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ConnectionRecord {
    pub(crate) product: ProductId,
    pub(crate) link: Connection,
    pub(crate) since: DateTime,
}

/// A token with the whole value of its `Authorization` header.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct KeyRecord {
    pub(crate) token: Arc<Token>,
    pub(crate) header: String,
}

/// A user requests can be assigned to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) id: UserId,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) account: AccountId,
}

impl Ground {
    pub(crate) fn authenticate(&self, header: &str) -> Option<Actor> {
        let mut found = None;
        for key in &self.tokens {
            if same(key.header.as_bytes(), header.as_bytes()) {
                found = Some(Actor::Token(Arc::clone(&key.token)));
            }
        }
        found
    }

    /// The people who work for the caller's account.
    pub(crate) fn people_of(&self, who: &Actor) -> Vec<Person> {
        let Actor::Token(token) = who else { return Vec::new() };
        let own = self.people.iter().filter(|person| person.account == token.account);
        own.cloned().collect()
    }

    /// The keys a person would copy from the platform's pages, one for each side.
    pub(crate) fn keys(&self) -> Keys {
        let of = |side| {
            let key = self.tokens.iter().find(|key| key.token.side == side);
            key.map(|key| key.header.clone()).unwrap_or_default()
        };
        Keys { vendor: of(Side::Vendor), distributor: of(Side::Distributor) }
    }

    pub(crate) fn connection(&self, id: &str) -> Option<&ConnectionRecord> {
        self.connections.iter().find(|connection| connection.link.id == *id)
    }

    /// The production connection through which a distributor sells a product.
    pub(crate) fn production(
        &self,
        product: &ProductId,
        provider: &AccountId,
    ) -> Option<&ConnectionRecord> {
        self.connections.iter().find(|connection| {
            connection.product == *product
                && connection.link.kind == ConnectionType::Production
                && connection.is_of(provider)
        })
    }

    pub(crate) fn marketplace(&self, id: &str) -> Option<&Marketplace> {
        self.marketplaces.iter().find(|marketplace| marketplace.id == *id)
    }

    pub(crate) fn contract(&self, id: &str) -> Option<&Contract> {
        self.contracts.iter().find(|contract| contract.id == *id)
    }

    pub(crate) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == *id)
    }

    pub(crate) fn hub(&self, id: &str) -> Option<&Hub> {
        self.hubs.iter().find(|hub| hub.id == *id)
    }

    /// The only marketplace of a distributor; none when it has several.
    pub(crate) fn only_marketplace(&self, provider: &AccountId) -> Option<&Marketplace> {
        let mut own = self
            .marketplaces
            .iter()
            .filter(|marketplace| marketplace.owner.as_ref().is_some_and(|o| o.id == *provider));
        own.next().filter(|_| own.next().is_none())
    }

    /// The active contract under which a product is listed on a marketplace.
    pub(crate) fn listed_under(
        &self,
        product: &ProductId,
        marketplace: &MarketplaceId,
    ) -> Option<&Contract> {
        let listings = self.listings.iter().filter(|it| it.listed && it.product == *product);
        listings
            .filter_map(|listing| self.contract(listing.contract.as_str()))
            .find(|contract| contract.active && contract.marketplace == *marketplace)
    }

    /// The name of a person or token.
    pub(crate) fn name_of(&self, id: &UserId) -> &str {
        let token = self.tokens.iter().map(|key| &key.token).find(|token| token.id == *id);
        let person = || self.people.iter().find(|person| person.id == *id);
        token
            .map(|token| &*token.name)
            .or_else(|| person().map(|person| &*person.name))
            .unwrap_or_default()
    }

    pub(crate) fn account_ref(&self, id: &AccountId) -> Reference<AccountId> {
        let name = self.account(id.as_str()).map_or("", |account| &account.name);
        Reference::named(id.as_str(), name)
    }

    pub(crate) fn hub_ref(&self, id: &HubId) -> Reference<HubId> {
        let name = self.hub(id.as_str()).map_or(NONE, |hub| &hub.name);
        Reference::named(id.as_str(), name)
    }
}

impl Ground {
    pub(crate) fn may_see_hub(&self, account: &AccountId, hub: &Hub) -> bool {
        let connections = self.connections.iter().map(|record| &record.link);
        let mut linked =
            connections.filter(|link| link.hub.as_ref().is_some_and(|it| it.id == hub.id));
        hub.company.as_ref().is_some_and(|company| company.id == *account)
            || linked.any(|link| link.vendor.as_ref().is_some_and(|vendor| vendor.id == *account))
    }

    pub(crate) fn may_see_marketplace(
        &self,
        account: &AccountId,
        marketplace: &Marketplace,
    ) -> bool {
        let mut contracts = self.contracts.iter().filter(|it| it.marketplace == marketplace.id);
        marketplace.owner.as_ref().is_some_and(|owner| owner.id == *account)
            || contracts.any(|contract| contract.binds(account))
    }
}

impl Contract {
    pub(crate) fn binds(&self, account: &AccountId) -> bool {
        self.vendor == *account || self.provider == *account
    }
}

impl ConnectionRecord {
    pub(crate) fn is_of(&self, provider: &AccountId) -> bool {
        self.link.provider.as_ref().is_some_and(|link| link.id == *provider)
    }
}

/// Compares without telling by the time it takes where two texts differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    let differences = a.iter().zip(b).fold(0, |sum, (x, y)| sum | (x ^ y));
    differences == 0 && a.len() == b.len()
}

/// Ids that stand for "none": what preview assets have (OpenAPI 37.0).
pub(crate) const NO_HUB: &str = "HB-0000-0000";
pub(crate) const NO_CONNECTION: &str = "CT-0000-0000-0000";
pub(crate) const NO_CONTRACT: &str = "CRD-00000-00000-00000";
pub(crate) const NO_MARKETPLACE: &str = "MP-00000";
/// The name of everything with such an id.
pub(crate) const NONE: &str = "None";
