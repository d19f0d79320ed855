//! Tier configurations as the world keeps them.

use std::sync::Arc;

use connect_model::{
    ConnectionId, ContractId, DateTime, MarketplaceId, ProductId, TemplateId, TierAccountId,
    TierConfigId, TierConfigRequestId, TierConfigStatus,
};
use serde::{Deserialize, Serialize};

use crate::asset::record::TierRow;
use crate::channel::Channel;
use crate::row::Params;
use crate::table::Record;

/// The configuration of a reseller for a product, with the values approved last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TierConfigRecord {
    pub(crate) id: TierConfigId,
    pub(crate) status: TierConfigStatus,
    pub(crate) key: TierConfigKey,
    pub(crate) contract: ContractId,
    /// The resellers of the sale that it was set up for, itself among them.
    pub(crate) tiers: Arc<TierRow>,
    #[serde(default)]
    pub(crate) params: Params,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) template: Option<TemplateId>,
    /// The request that keeps others out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) open: Option<TierConfigRequestId>,
    /// The request approved last; purchases wait until there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) approved: Option<TierConfigRequestId>,
    /// The number of its requests so far.
    pub(crate) requests: u32,
    pub(crate) created: DateTime,
    pub(crate) updated: DateTime,
}

/// The reseller, product and sales channel that a configuration is for: there is one of each.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct TierConfigKey {
    pub(crate) product: ProductId,
    pub(crate) account: TierAccountId,
    /// 1 sells to the customer, 2 sells to that one.
    pub(crate) level: u8,
    pub(crate) connection: ConnectionId,
    pub(crate) marketplace: MarketplaceId,
}

impl TierConfigRecord {
    pub(crate) fn channel(&self) -> Channel<'_> {
        let TierConfigKey { connection, marketplace, .. } = &self.key;
        Channel { connection, marketplace, contract: &self.contract }
    }

    /// Returns a configuration that nobody has worked on.
    pub(crate) fn new(
        id: TierConfigId,
        key: TierConfigKey,
        contract: ContractId,
        tiers: Arc<TierRow>,
        now: DateTime,
    ) -> Self {
        Self {
            id,
            status: TierConfigStatus::Processing,
            key,
            contract,
            tiers,
            params: [].into(),
            template: None,
            open: None,
            approved: None,
            requests: 0,
            created: now,
            updated: now,
        }
    }
}

impl Record for TierConfigRecord {
    type Id = TierConfigId;
    fn id(&self) -> TierConfigId {
        self.id.clone()
    }
}
