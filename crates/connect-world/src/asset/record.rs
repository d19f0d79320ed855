//! Assets as the world keeps them.

use std::sync::Arc;

use connect_model::{
    AssetId, AssetStatus, ConnectionId, ContractId, DateTime, MarketplaceId, ProductId, RequestId,
    TemplateId, TierAccountId,
};
use serde::{Deserialize, Serialize};

use crate::asset::billing::BillingDates;
use crate::channel::Channel;
use crate::party::record::NO_CONNECTION;
use crate::row::{Items, Params};
use crate::table::Record;

/// A subscription. What it shares with others is an id here and looked up when it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct AssetRecord {
    pub(crate) id: AssetId,
    pub(crate) status: AssetStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) external_id: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) external_uid: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub(crate) external_name: Box<str>,
    pub(crate) product: ProductId,
    pub(crate) connection: ConnectionId,
    pub(crate) marketplace: MarketplaceId,
    pub(crate) contract: ContractId,
    pub(crate) items: Items,
    pub(crate) params: Params,
    pub(crate) tiers: Arc<TierRow>,
    /// The day on which it ends unless it is renewed; only with explicit renewal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) renewal_expiration_date: Option<DateTime>,
    /// The template approved last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) template: Option<TemplateId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) approved: Option<RequestId>,
    /// The dates of its bills, once its purchase was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) billing: Option<BillingDates>,
    /// The highest number of a draft that was removed, so that no other request has it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) removed: u32,
    pub(crate) created: DateTime,
    pub(crate) updated: DateTime,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A tier account as it was in one of its versions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct TierRef {
    pub(crate) id: TierAccountId,
    pub(crate) version: u32,
}

/// The accounts behind a subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TierRow {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) customer: Option<TierRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tier1: Option<TierRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tier2: Option<TierRef>,
}

/// The roles of accounts behind a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Tier2,
    Tier1,
    Customer,
}

impl Level {
    /// All roles, farthest from the customer first: each has the one before as its parent.
    pub(crate) const ALL: [Self; 3] = [Self::Tier2, Self::Tier1, Self::Customer];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Tier2 => "tier2",
            Self::Tier1 => "tier1",
            Self::Customer => "customer",
        }
    }
}

impl TierRow {
    /// Returns the reseller at a level, 1 or 2.
    pub(crate) fn reseller(&self, level: u8) -> Option<&TierRef> {
        if level == 2 { self.tier2.as_ref() } else { self.tier1.as_ref() }
    }

    /// Returns the levels at which another row has other accounts.
    pub(crate) fn differences(&self, other: &Self) -> Box<[Level]> {
        let id = |row: &Self, level| row.at(level).map(|tier| tier.id.clone());
        Level::ALL.into_iter().filter(|level| id(self, *level) != id(other, *level)).collect()
    }

    pub(crate) fn at(&self, level: Level) -> Option<&TierRef> {
        match level {
            Level::Tier2 => self.tier2.as_ref(),
            Level::Tier1 => self.tier1.as_ref(),
            Level::Customer => self.customer.as_ref(),
        }
    }

    /// Returns all accounts, whatever their roles.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = &TierRef> {
        [&self.customer, &self.tier1, &self.tier2].into_iter().flatten()
    }

    pub(crate) fn at_mut(&mut self, level: Level) -> &mut Option<TierRef> {
        match level {
            Level::Tier2 => &mut self.tier2,
            Level::Tier1 => &mut self.tier1,
            Level::Customer => &mut self.customer,
        }
    }
}

impl AssetRecord {
    pub(crate) fn channel(&self) -> Channel<'_> {
        let Self { connection, marketplace, contract, .. } = self;
        Channel { connection, marketplace, contract }
    }

    /// Whether it is a trial of the vendor's own, without a distributor.
    pub(crate) fn is_preview(&self) -> bool {
        self.connection == *NO_CONNECTION
    }
}

impl Record for AssetRecord {
    type Id = AssetId;
    fn id(&self) -> AssetId {
        self.id.clone()
    }
}
