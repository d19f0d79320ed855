//! The records that many assets share: parties, products and tier accounts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use connect_model::{AccountId, ConnectionId, ProductId, TierAccountId};
use serde_json::Value;

use crate::actor::{Actor, Side, Token};
use crate::asset::record::{AssetRecord, TierRef};
use crate::denial::Denial;
use crate::party::parties::Parties;
use crate::product::record::{ParameterSpec, ProductRecord};
use crate::row::ParamRow;
use crate::table::Table;
use crate::tier_account::record::{External, TierAccountRecord};

/// The background of all requests. Rows of lists hold on to it while they are read.
#[derive(Clone, Default)]
pub(crate) struct Shared {
    pub(crate) parties: Parties,
    pub(crate) products: Table<ProductRecord>,
    pub(crate) tier_accounts: Table<TierAccountRecord>,
    /// Tier accounts by owner and external id: how a hub's own ids find them again.
    pub(crate) by_external: HashMap<(AccountId, External), TierAccountId>,
}

impl Shared {
    pub(crate) fn product(&self, id: &str) -> Option<&Arc<ProductRecord>> {
        self.products.get(id)
    }

    /// Whether a vendor or distributor may see what is sold through a connection. Preview belongs
    /// to the vendor alone.
    pub(crate) fn may_see(&self, token: &Token, product: &str, connection: &ConnectionId) -> bool {
        match token.side {
            Side::Vendor => {
                self.product(product).is_some_and(|record| record.owner() == Some(&token.account))
            }
            Side::Distributor => self
                .parties
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
                .parties
                .connections
                .iter()
                .any(|it| it.product == *product.id() && it.is_of(&token.account)),
        }
    }

    /// Returns a product the caller can see.
    pub(crate) fn visible_product(
        &self,
        who: &Actor,
        id: &ProductId,
    ) -> Result<&Arc<ProductRecord>, Denial> {
        let token = who.token()?;
        let product = self.product(id.as_str()).ok_or_else(Denial::not_found)?;
        if self.may_see_product(token, product) { Ok(product) } else { Err(Denial::not_found()) }
    }

    pub(crate) fn tier_account(&self, tier: &TierRef) -> Option<&Arc<TierAccountRecord>> {
        self.tier_accounts.get(tier.id.as_str())
    }

    pub(crate) fn may_see_account(&self, token: &Token, account: &TierAccountRecord) -> bool {
        account.owner == token.account || account.vendors.contains(&token.account)
    }

    /// Returns a tier account the caller can see.
    pub(crate) fn visible_account(
        &self,
        token: &Token,
        id: &TierAccountId,
    ) -> Result<&Arc<TierAccountRecord>, Denial> {
        let record = self.tier_accounts.get(id.as_str());
        let seen = record.filter(|record| self.may_see_account(token, record));
        seen.ok_or_else(Denial::not_found)
    }

    /// Returns a tier account that the caller owns: what its requests may name. A vendor sees those
    /// of its distributors, but its trials are none of theirs.
    pub(crate) fn own_account(
        &self,
        token: &Token,
        id: &TierAccountId,
    ) -> Option<&Arc<TierAccountRecord>> {
        self.tier_accounts.get(id.as_str()).filter(|record| record.owner == token.account)
    }

    /// Whether an object shows an icon at this address.
    pub(crate) fn has_icon(&self, address: &str) -> bool {
        let accounts = self.parties.accounts.iter().map(|it| &it.rest);
        let marketplaces = self.parties.marketplaces.iter().map(|it| &it.rest);
        let products = self.products.iter().map(|it| &it.product.rest);
        let mut all = accounts.chain(marketplaces).chain(products);
        all.any(|rest| rest.get("icon").and_then(Value::as_str) == Some(address))
    }

    /// Returns the password parameters of all products, by key and by id: what bodies may call
    /// them.
    pub(crate) fn secret_parameters(&self) -> HashSet<String> {
        let specs = self.products.iter().flat_map(|product| product.secrets());
        let names =
            |spec: &Arc<ParameterSpec>| [spec.key.to_string(), spec.parameter.id.to_string()];
        specs.flat_map(names).collect()
    }

    /// Returns the values of a product's password parameters among these rows, also of deleted
    /// parameters.
    pub(crate) fn secrets_of(&self, product: &ProductId, params: &[ParamRow]) -> Vec<String> {
        let product = self.product(product.as_str());
        let secrets = product.into_iter().flat_map(|product| product.secrets());
        let of = |spec: &Arc<ParameterSpec>| params.iter().find(|row| row.key == spec.key);
        let values = secrets.filter_map(of).map(|row| row.value.to_string());
        values.filter(|value| !value.is_empty()).collect()
    }
}
