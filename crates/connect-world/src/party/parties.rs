//! The parties of the world, and what binds them.

use std::sync::Arc;

use connect_model::{
    Account, AccountId, ConnectionType, Hub, HubId, Marketplace, MarketplaceId, ProductId,
    Reference, UserId,
};

use crate::actor::{Actor, Keys, Side, Token};
use crate::party::record::{ConnectionRecord, Contract, KeyRecord, Listing, NONE, Person};
use crate::table::Table;

/// Accounts, hubs, marketplaces, contracts, listings, connections, tokens and people.
#[derive(Clone, Default)]
pub(crate) struct Parties {
    pub(crate) accounts: Table<Account>,
    pub(crate) hubs: Table<Hub>,
    pub(crate) marketplaces: Table<Marketplace>,
    pub(crate) contracts: Table<Contract>,
    pub(crate) listings: Table<Listing>,
    pub(crate) connections: Table<ConnectionRecord>,
    pub(crate) tokens: Table<KeyRecord>,
    pub(crate) people: Table<Person>,
}

impl Parties {
    pub(crate) fn authenticate(&self, header: &str) -> Option<Actor> {
        let mut found = None;
        for key in self.tokens.iter() {
            if same(key.header.as_bytes(), header.as_bytes()) {
                found = Some(Actor::Token(Arc::clone(&key.token)));
            }
        }
        found
    }

    /// Returns the people who work for the caller's account.
    pub(crate) fn people_of(&self, who: &Actor) -> Vec<Person> {
        let Actor::Token(token) = who else { return Vec::new() };
        let own = self.people.iter().filter(|person| person.account == token.account);
        own.map(|person| Person::clone(person)).collect()
    }

    /// Returns the first of them as a caller with the same rights.
    pub(crate) fn person_of(&self, who: &Actor) -> Option<Actor> {
        let Actor::Token(token) = who else { return None };
        let person = self.people_of(who).into_iter().next()?;
        let name = person.name.as_str().into();
        Some(Actor::Token(Arc::new(Token { id: person.id, name, ..Token::clone(token) })))
    }

    /// Returns the keys a person would copy from the platform's pages, one for each side.
    pub(crate) fn keys(&self) -> Keys {
        let of = |side| {
            let key = self.tokens.iter().find(|key| key.token.side == side);
            key.map(|key| key.header.clone()).unwrap_or_default()
        };
        Keys { vendor: of(Side::Vendor), distributor: of(Side::Distributor) }
    }

    pub(crate) fn connection(&self, id: &str) -> Option<&ConnectionRecord> {
        self.connections.get(id).map(Arc::as_ref)
    }

    /// Returns the production connection through which a distributor sells a product.
    pub(crate) fn production(
        &self,
        product: &ProductId,
        provider: &AccountId,
    ) -> Option<&ConnectionRecord> {
        let mut connections = self.connections.iter().map(Arc::as_ref);
        connections.find(|connection| {
            connection.product == *product
                && connection.link.kind == ConnectionType::Production
                && connection.is_of(provider)
        })
    }

    pub(crate) fn marketplace(&self, id: &str) -> Option<&Marketplace> {
        self.marketplaces.get(id).map(Arc::as_ref)
    }

    pub(crate) fn contract(&self, id: &str) -> Option<&Contract> {
        self.contracts.get(id).map(Arc::as_ref)
    }

    pub(crate) fn account(&self, id: &str) -> Option<&Account> {
        self.accounts.get(id).map(Arc::as_ref)
    }

    pub(crate) fn hub(&self, id: &str) -> Option<&Hub> {
        self.hubs.get(id).map(Arc::as_ref)
    }

    /// Returns the only marketplace of a distributor; none when it has several.
    pub(crate) fn only_marketplace(&self, provider: &AccountId) -> Option<&Marketplace> {
        let mut own =
            self.marketplaces.iter().map(Arc::as_ref).filter(|marketplace| {
                marketplace.owner.as_ref().is_some_and(|o| o.id == *provider)
            });
        own.next().filter(|_| own.next().is_none())
    }

    /// Returns the active contract under which a product is listed on a marketplace.
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

    /// Returns the name of a person or token.
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

impl Parties {
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

/// Compares without telling by the time it takes where two texts differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    let differences = a.iter().zip(b).fold(0, |sum, (x, y)| sum | (x ^ y));
    differences == 0 && a.len() == b.len()
}
