//! What many assets share: parties, products and tier accounts.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use connect_model::{AccountId, ConnectionId, ProductId, TierAccountId};

use super::Denied;
use super::actor::{Actor, Side, Token};
use super::asset::{AssetRecord, TierRef};
use super::ground::Ground;
use super::product::ProductRecord;
use super::table::Table;
use super::tier_account::TierAccountRecord;

/// The background of all requests. Rows of lists hold on to it while they are read.
#[derive(Clone, Default)]
pub(crate) struct Shared {
    pub(crate) ground: Arc<Ground>,
    pub(crate) products: BTreeMap<ProductId, Arc<ProductRecord>>,
    pub(crate) tier_accounts: Table<TierAccountRecord>,
    /// Tier accounts by owner and external id: how a hub's own ids find them again.
    pub(crate) by_external: HashMap<(AccountId, External), TierAccountId>,
}

/// An id that a hub gave.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum External {
    Uid(Box<str>),
    Id(Box<str>),
}

impl External {
    /// The field that holds it.
    pub(crate) fn field(&self) -> &'static str {
        match self {
            Self::Uid(_) => "external_uid",
            Self::Id(_) => "external_id",
        }
    }
}

impl Shared {
    pub(crate) fn product(&self, id: &str) -> Option<&Arc<ProductRecord>> {
        self.products.get(id)
    }

    /// The vendor or distributor's right to what is sold through a connection. Preview belongs
    /// to the vendor alone.
    pub(crate) fn may_see(&self, token: &Token, product: &str, connection: &ConnectionId) -> bool {
        match token.side {
            Side::Vendor => {
                self.product(product).is_some_and(|record| record.owner() == Some(&token.account))
            }
            Side::Distributor => self
                .ground
                .connection(connection.as_str())
                .is_some_and(|record| record.is_of(&token.account)),
        }
    }

    pub(crate) fn may_see_asset(&self, token: &Token, asset: &AssetRecord) -> bool {
        self.may_see(token, asset.product.as_str(), &asset.connection)
    }

    /// Whether a product is the caller's own or sold by it.
    pub(crate) fn may_see_product(&self, token: &Token, product: &ProductRecord) -> bool {
        match token.side {
            Side::Vendor => product.owner() == Some(&token.account),
            Side::Distributor => self
                .ground
                .connections
                .iter()
                .any(|it| it.product == *product.id() && it.is_of(&token.account)),
        }
    }

    /// A product the caller can see.
    pub(crate) fn visible_product(
        &self,
        who: &Actor,
        id: &ProductId,
    ) -> Result<&Arc<ProductRecord>, Denied> {
        let token = who.token()?;
        let product = self.product(id.as_str()).ok_or_else(Denied::not_found)?;
        if self.may_see_product(token, product) { Ok(product) } else { Err(Denied::not_found()) }
    }

    pub(crate) fn tier_account(&self, tier: &TierRef) -> Option<&Arc<TierAccountRecord>> {
        self.tier_accounts.get(tier.id.as_str())
    }

    pub(crate) fn may_see_account(&self, token: &Token, account: &TierAccountRecord) -> bool {
        account.owner == token.account || account.vendors.contains(&token.account)
    }

    /// A tier account the caller can see.
    pub(crate) fn visible_account(
        &self,
        token: &Token,
        id: &TierAccountId,
    ) -> Result<&Arc<TierAccountRecord>, Denied> {
        let record = self.tier_accounts.get(id.as_str());
        let seen = record.filter(|record| self.may_see_account(token, record));
        seen.ok_or_else(Denied::not_found)
    }

    /// Adds or replaces an account, found from now on by the external ids of its newest version.
    pub(crate) fn put_account(&mut self, record: TierAccountRecord) {
        let id = record.id();
        if let Some(old) = self.tier_accounts.get(id.as_str()) {
            old.externals().for_each(|external| drop(self.by_external.remove(&external)));
        }
        for external in record.externals() {
            self.by_external.insert(external, id.clone());
        }
        self.tier_accounts.put(record);
    }
}
