//! The parties of the world and what binds them, as the world keeps them.

use std::sync::Arc;

use connect_model::{
    AccountId, Connection, ContractId, DateTime, ListingId, MarketplaceId, ProductId, UserId,
};
use serde::{Deserialize, Serialize};

use crate::actor::Token;

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

/// A link between a product and a hub.
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
pub struct Person {
    /// The id, `UR-…`.
    pub id: UserId,
    /// The name people see.
    pub name: String,
    /// The address for mail.
    pub email: String,
    /// The account the user works for.
    pub account: AccountId,
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

/// Ids that stand for "none": what preview assets have (OpenAPI 37.0).
pub(crate) const NO_HUB: &str = "HB-0000-0000";
/// The connection of preview assets.
pub const NO_CONNECTION: &str = "CT-0000-0000-0000";
pub(crate) const NO_CONTRACT: &str = ContractId::PREVIEW;
pub(crate) const NO_MARKETPLACE: &str = "MP-00000";
/// The name of everything with such an id.
pub(crate) const NONE: &str = "None";
