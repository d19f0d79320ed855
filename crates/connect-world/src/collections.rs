//! Every list of the API, a line each.

use bytes::Bytes;
use connect_model::{AssetId, ProductId, TierAccountId, UsageFileId, WebhookId};
use jiff::Timestamp;

use crate::actor::Actor;
use crate::denial::Denial;
use crate::listed::{ListPage, ignored_of, list_of, read_of};
use crate::state::State;

/// Makes of the lines below the collections that can be asked for, and the code that answers.
macro_rules! collections {
    ($($(#[$doc:meta])+ $name:ident $(($parent:ident: $id:ty))? => $list:ty,)+) => {
        /// A list of objects that can be asked for, as a whole or one by one.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Collection {
            $($(#[$doc])+ $name $(($id))?,)+
        }

        /// Returns one page of a collection at a moment, as the query string asks for it.
        pub(crate) fn list(
            moment: (&State, Timestamp),
            who: &Actor,
            collection: &Collection,
            raw_query: &str,
        ) -> Result<ListPage, Denial> {
            match collection {
                $(Collection::$name $(($parent))? => {
                    list_of::<$list>(moment, who, parent!($($parent)?), raw_query)
                })+
            }
        }

        /// Returns the filters of a query string that a collection does not have, so that the
        /// platform ignores them.
        pub(crate) fn ignored(collection: &Collection, raw_query: &str) -> Vec<String> {
            match collection {
                $(Collection::$name $((any_parent!($parent)))? => {
                    ignored_of::<$list>(raw_query)
                })+
            }
        }

        /// Returns one object of a collection at a moment.
        pub(crate) fn read(
            moment: (&State, Timestamp),
            who: &Actor,
            collection: &Collection,
            id: &str,
            raw_query: &str,
        ) -> Result<Bytes, Denial> {
            match collection {
                $(Collection::$name $(($parent))? => {
                    read_of::<$list>(moment, who, parent!($($parent)?), id, raw_query)
                })+
            }
        }
    };
}

/// Stands for a parent that does not matter.
macro_rules! any_parent {
    ($parent:ident) => {
        _
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
    Requests => crate::request::listed::Requests,
    /// `/assets`.
    Assets => crate::asset::listed::Assets,
    /// `/subscriptions/assets`.
    Subscriptions => crate::subscription::listed::Subscriptions,
    /// `/subscriptions/requests`.
    BillingRequests => crate::billing_request::listed::BillingRequests,
    /// The billing requests of an asset, for which the API has a filter.
    AssetBillingRequests(asset: AssetId) => crate::billing_request::listed::BillingRequestsOfAsset,
    /// `/assets/{id}/requests`.
    AssetRequests(asset: AssetId) => crate::request::listed::RequestsOfAsset,
    /// `/products`.
    Products => crate::product::listed::Products,
    /// `/products/{id}/items`.
    Items(product: ProductId) => crate::product::items::Items,
    /// `/products/{id}/parameters`.
    Parameters(product: ProductId) => crate::product::parameters::Parameters,
    /// `/products/{id}/templates`.
    Templates(product: ProductId) => crate::product::templates::Templates,
    /// `/products/{id}/actions`.
    Actions(product: ProductId) => crate::product::actions::Actions,
    /// `/products/{id}/configurations`.
    Configurations(product: ProductId) => crate::product::configuration::listed::Configurations,
    /// `/products/{id}/connections`.
    Connections(product: ProductId) => crate::product::connections::Connections,
    /// `/hubs`.
    Hubs => crate::party::hubs::Hubs,
    /// `/marketplaces`.
    Marketplaces => crate::party::marketplaces::Marketplaces,
    /// `/accounts`.
    Accounts => crate::party::accounts::Accounts,
    /// `/contracts`.
    Contracts => crate::party::contracts::Contracts,
    /// `/listings`.
    Listings => crate::party::listings::Listings,
    /// `/tier/accounts`.
    TierAccounts => crate::tier_account::listed::TierAccounts,
    /// `/tier/accounts/{id}/versions`.
    TierAccountVersions(account: TierAccountId) => crate::tier_account::listed::Versions,
    /// `/tier/account-requests`.
    TierAccountRequests => crate::tier_account_request::listed::TierAccountRequests,
    /// `/tier/configs`.
    TierConfigs => crate::tier_config::listed::TierConfigs,
    /// `/tier/config-requests`.
    TierConfigRequests => crate::tier_config_request::listed::TierConfigRequests,
    /// `/usage/files`.
    UsageFiles => crate::usage_file::listed::UsageFiles,
    /// `/usage/files/{id}/categories`.
    UsageCategories(file: UsageFileId) => crate::usage_file::listed::Categories,
    /// `/usage/records`.
    UsageRecords => crate::usage_record::listed::UsageRecords,
    /// `/usage/chunks`.
    UsageChunks => crate::usage_chunk::listed::Chunks,
    /// `/usage/reconciliations`.
    UsageReconciliations => crate::usage_reconciliation::listed::Reconciliations,
    /// `/products/{id}/usage/rules`.
    UsageRules(product: ProductId) => crate::usage_rule::listed::UsageRules,
    /// `/usage/aggregates`.
    UsageAggregates => crate::usage_record::aggregates::Aggregates,
    /// `/assets/{id}/usage/aggregates`.
    AssetUsage(asset: AssetId) => crate::usage_record::aggregates::AggregatesOfAsset,
    /// `/conversations`.
    Conversations => crate::conversation::listed::Conversations,
    /// `/conversations/{id}/messages`, by the conversation's own id or its object's.
    Messages(conversation: String) => crate::conversation::listed::Messages,
    /// `/notifications/webhooks`.
    Webhooks => crate::webhook::listed::Webhooks,
    /// The log of a webhook's calls, which the API does not have.
    WebhookDeliveries(webhook: WebhookId) => crate::webhook::listed::Deliveries,
}
