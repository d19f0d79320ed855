//! Every list of the API, a line each.

use bytes::Bytes;
use connect_model::{AssetId, ProductId, TierAccountId};

use crate::actor::Actor;
use crate::asset::listed::Assets;
use crate::conversation::listed::{Conversations, Messages};
use crate::denied::Denied;
use crate::listed::{ListPage, list_of, read_of};
use crate::party::accounts::Accounts;
use crate::party::contracts::Contracts;
use crate::party::hubs::Hubs;
use crate::party::listings::Listings;
use crate::party::marketplaces::Marketplaces;
use crate::product::connections::Connections;
use crate::product::items::Items;
use crate::product::listed::Products;
use crate::product::parameters::Parameters;
use crate::product::templates::Templates;
use crate::request::listed::{Requests, RequestsOfAsset};
use crate::state::State;
use crate::tier_account::listed::{TierAccounts, Versions};

/// Makes of the lines below what can be asked for, and who answers it.
macro_rules! collections {
    ($($(#[$doc:meta])+ $name:ident $(($parent:ident: $id:ty))? => $list:ty,)+) => {
        /// What can be listed and read.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Collection {
            $($(#[$doc])+ $name $(($id))?,)+
        }

        /// One page of a collection, as the query string asks for it.
        pub(crate) fn list(
            state: &State,
            who: &Actor,
            collection: &Collection,
            raw_query: &str,
        ) -> Result<ListPage, Denied> {
            match collection {
                $(Collection::$name $(($parent))? => {
                    list_of::<$list>(state, who, parent!($($parent)?), raw_query)
                })+
            }
        }

        /// One object of a collection.
        pub(crate) fn read(
            state: &State,
            who: &Actor,
            collection: &Collection,
            id: &str,
            raw_query: &str,
        ) -> Result<Bytes, Denied> {
            match collection {
                $(Collection::$name $(($parent))? => {
                    read_of::<$list>(state, who, parent!($($parent)?), id, raw_query)
                })+
            }
        }
    };
}

macro_rules! parent {
    () => {
        &()
    };
    ($parent:ident) => {
        $parent
    };
}

collections! {
    /// `/requests`.
    Requests => Requests,
    /// `/assets`.
    Assets => Assets,
    /// `/assets/{id}/requests`.
    AssetRequests(asset: AssetId) => RequestsOfAsset,
    /// `/products`.
    Products => Products,
    /// `/products/{id}/items`.
    Items(product: ProductId) => Items,
    /// `/products/{id}/parameters`.
    Parameters(product: ProductId) => Parameters,
    /// `/products/{id}/templates`.
    Templates(product: ProductId) => Templates,
    /// `/products/{id}/connections`.
    Connections(product: ProductId) => Connections,
    /// `/hubs`.
    Hubs => Hubs,
    /// `/marketplaces`.
    Marketplaces => Marketplaces,
    /// `/accounts`.
    Accounts => Accounts,
    /// `/contracts`.
    Contracts => Contracts,
    /// `/listings`.
    Listings => Listings,
    /// `/tier/accounts`.
    TierAccounts => TierAccounts,
    /// `/tier/accounts/{id}/versions`.
    TierAccountVersions(account: TierAccountId) => Versions,
    /// `/conversations`.
    Conversations => Conversations,
    /// `/conversations/{id}/messages`, by the conversation's own id or its object's.
    Messages(conversation: String) => Messages,
}
