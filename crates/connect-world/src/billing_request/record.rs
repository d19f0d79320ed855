//! Billing requests as the world keeps them.

use connect_model::{
    AssetId, BillingPeriod, BillingRequestId, BillingRequestType, DateTime, ItemId, Quantity,
    UserId,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::table::Record;

/// A record of what one side billed for an asset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct BillingRequestRecord {
    pub(crate) id: BillingRequestId,
    pub(crate) kind: BillingRequestType,
    pub(crate) asset: AssetId,
    pub(crate) items: Box<[BilledRow]>,
    pub(crate) period: PeriodRow,
    #[serde(default, skip_serializing_if = "AttributesRow::is_empty")]
    pub(crate) attributes: AttributesRow,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
}

/// An item of the asset and how much of it was billed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct BilledRow {
    pub(crate) item: ItemId,
    pub(crate) quantity: Quantity,
    /// The number of this side's bills for the item so far, with this one.
    pub(crate) cycle: usize,
}

/// The time that was billed for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PeriodRow {
    pub(crate) from: DateTime,
    pub(crate) to: DateTime,
    pub(crate) delta: Decimal,
    pub(crate) uom: BillingPeriod,
}

/// What each side noted; nothing, unless it did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct AttributesRow {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) vendor: Option<Map<String, Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) provider: Option<Map<String, Value>>,
}

/// When something was done, and by whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Moment {
    pub(crate) at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<UserId>,
}

impl AttributesRow {
    pub(crate) fn is_empty(&self) -> bool {
        self.vendor.is_none() && self.provider.is_none()
    }
}

impl BillingRequestRecord {
    /// Whether it bills an item.
    pub(crate) fn bills(&self, item: &ItemId) -> bool {
        self.items.iter().any(|row| row.item == *item)
    }
}

impl Record for BillingRequestRecord {
    type Id = BillingRequestId;
    fn id(&self) -> BillingRequestId {
        self.id.clone()
    }
}
