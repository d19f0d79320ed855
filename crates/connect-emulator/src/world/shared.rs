//! What many assets share: parties, products and tier accounts.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use connect_model::{AccountId, ConnectionId, ProductId, TierAccountId};

use super::Denied;
use super::actor::{Actor, Side, Token};
use super::asset::{AssetRecord, TierRef};
use super::ground::Ground;
use super::product::ProductRecord;
use super::tier_account::TierAccountRecord;

/// The background of all requests. Rows of lists hold on to it while they are read.
#[derive(Clone, Default)]
pub(crate) struct Shared {
    pub(crate) ground: Arc<Ground>,
    pub(crate) products: BTreeMap<ProductId, Arc<ProductRecord>>,
    pub(crate) tier_accounts: BTreeMap<TierAccountId, Arc<TierAccountRecord>>,
    /// Tier accounts by owner and external id: how a hub's own ids find them again.
    pub(crate) by_external: HashMap<(AccountId, External), TierAccountId>,
}

/// An id that a hub gave.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum External {
    Uid(Box<str>),
    Id(Box<str>),
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
        self.tier_accounts.get(&tier.id)
    }

    pub(crate) fn may_see_account(&self, token: &Token, account: &TierAccountRecord) -> bool {
        account.owner == token.account || account.vendors.contains(&token.account)
    }

    /// Remembers the external ids of an account.
    pub(crate) fn index_account(&mut self, record: &TierAccountRecord) {
        let Some(account) = record.latest() else { return };
        let uid = account.external_uid.as_deref().map(|uid| External::Uid(uid.into()));
        let id = account.external_id.as_deref().map(|id| External::Id(id.into()));
        for external in [uid, id].into_iter().flatten() {
            self.by_external.insert((record.owner.clone(), external), account.id.clone());
        }
    }
}
