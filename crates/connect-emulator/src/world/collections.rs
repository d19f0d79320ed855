//! Every list of the API, a line each.

use bytes::Bytes;
use connect_model::{AssetId, ProductId, TierAccountId};

use super::{Actor, Denied, ListPage, World};
use super::{
    account, asset, contract, conversation, hub, listing, marketplace, product, request,
    tier_account,
};

/// Makes of the lines below what can be asked for, and who answers it.
macro_rules! collections {
    ($($(#[$doc:meta])+ $name:ident $(($parent:ident: $id:ty))? => $list:ty,)+) => {
        /// What can be listed and read.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Collection {
            $($(#[$doc])+ $name $(($id))?,)+
        }

        impl World {
            /// One page of a collection, as the query string asks for it; only what the caller may
            /// see.
            ///
            /// # Errors
            ///
            /// `VAL_001` for queries the platform refuses, `NOT_FOUND` when the object that owns
            /// the collection is not there.
            pub fn list(
                &self,
                who: &Actor,
                collection: &Collection,
                raw_query: &str,
            ) -> Result<ListPage, Denied> {
                match collection {
                    $(Collection::$name $(($parent))? => {
                        self.list_of::<$list>(who, parent!($($parent)?), raw_query)
                    })+
                }
            }

            /// One object of a collection. Of the query only `select(…)` counts.
            ///
            /// # Errors
            ///
            /// `NOT_FOUND` when the caller sees no such object; `VAL_001` for a bad `select`.
            pub fn read(
                &self,
                who: &Actor,
                collection: &Collection,
                id: &str,
                raw_query: &str,
            ) -> Result<Bytes, Denied> {
                match collection {
                    $(Collection::$name $(($parent))? => {
                        self.read_of::<$list>(who, parent!($($parent)?), id, raw_query)
                    })+
                }
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
    Requests => request::Requests,
    /// `/assets`.
    Assets => asset::Assets,
    /// `/assets/{id}/requests`.
    AssetRequests(asset: AssetId) => request::RequestsOfAsset,
    /// `/products`.
    Products => product::Products,
    /// `/products/{id}/items`.
    Items(product: ProductId) => product::Items,
    /// `/products/{id}/parameters`.
    Parameters(product: ProductId) => product::Parameters,
    /// `/products/{id}/templates`.
    Templates(product: ProductId) => product::Templates,
    /// `/products/{id}/connections`.
    Connections(product: ProductId) => product::Connections,
    /// `/hubs`.
    Hubs => hub::Hubs,
    /// `/marketplaces`.
    Marketplaces => marketplace::Marketplaces,
    /// `/accounts`.
    Accounts => account::Accounts,
    /// `/contracts`.
    Contracts => contract::Contracts,
    /// `/listings`.
    Listings => listing::Listings,
    /// `/tier/accounts`.
    TierAccounts => tier_account::TierAccounts,
    /// `/tier/accounts/{id}/versions`.
    TierAccountVersions(account: TierAccountId) => tier_account::Versions,
    /// `/conversations`.
    Conversations => conversation::Conversations,
    /// `/conversations/{id}/messages`, by the conversation's own id or its object's.
    Messages(conversation: String) => conversation::Messages,
}
