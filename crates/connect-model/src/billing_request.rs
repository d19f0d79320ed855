//! Billing requests: records of what was billed for a subscription.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::asset::Asset;
use crate::billing::{BilledPeriod, BillingRequestType};
use crate::id::{AssetId, BillingRequestId, ItemId};
use crate::item::Quantity;
use crate::lenient;
use crate::reference::Events;
use crate::resource::Resource;
use crate::rest::Rest;

mod new_request;

pub use new_request::NewBillingRequest;

/// A record of what was billed for a subscription in a period. Nobody approves it.
///
/// Only the id is indispensable.
///
/// ```
/// use connect_model::{BillingPeriod, BillingRequest, BillingRequestType};
///
/// let request: BillingRequest = serde_json::from_str(
///     r#"{"id": "BRV-7986-6756-4144-0001", "type": "vendor",
///         "asset": {"id": "AS-7986-6756-4144", "status": "active"},
///         "items": [{"id": "SKU_A", "quantity": 11.0, "billing": {"cycle_number": 1}}],
///         "attributes": {"vendor": {"invoice": "N-17"}},
///         "period": {"from": "2024-05-01T00:00:00+00:00", "to": "2024-06-01T00:00:00+00:00",
///                    "delta": 1.0, "uom": "monthly"}}"#,
/// )?;
/// assert_eq!(request.kind, BillingRequestType::Vendor);
/// assert_eq!(request.items[0].billing.cycle_number, Some(1));
/// assert_eq!(request.attributes.vendor["invoice"], "N-17");
/// assert_eq!(request.period.uom, BillingPeriod::Monthly);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BillingRequest {
    /// The id: `BRV-…` of the vendor's, `BRP-…` of the distributor's.
    pub id: BillingRequestId,
    /// The side that bills.
    #[serde(rename = "type", default, skip_serializing_if = "BillingRequestType::is_unsaid")]
    pub kind: BillingRequestType,
    /// The subscription, without its items.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub asset: Asset,
    /// What is billed.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub items: Vec<BilledItem>,
    /// What each side noted.
    #[serde(default, deserialize_with = "attributes")]
    pub attributes: BillingAttributes,
    /// The time that is billed for.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub period: BilledPeriod,
    /// The dates of its creation and its changes.
    #[serde(default, deserialize_with = "crate::reference::events")]
    pub events: Events,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

impl Resource for BillingRequest {
    const COLLECTION: &'static str = "subscriptions/requests";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl BillingRequestId {
    /// Returns the id of an asset's `counter`-th billing request of a type, counted from 1.
    #[must_use]
    pub fn of(kind: &BillingRequestType, asset: &AssetId, counter: usize) -> Self {
        let prefix = match kind {
            BillingRequestType::Provider => "BRP",
            _ => "BRV",
        };
        let digits = asset.as_str().strip_prefix("AS-").unwrap_or(asset.as_str());
        Self::from(format!("{prefix}-{digits}-{counter:04}"))
    }
}

/// An item and how much of it is billed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BilledItem {
    /// The local id of the item.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub id: String,
    /// The id of the item in the product's catalog.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub global_id: ItemId,
    /// The vendor's part number.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub mpn: String,
    /// The name people see.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub display_name: String,
    /// The quantity.
    #[serde(default)]
    pub quantity: Quantity,
    /// The name of the unit.
    #[serde(rename = "type", default, deserialize_with = "lenient::null_default")]
    pub unit: String,
    /// The place of this bill among those for the item.
    #[serde(default, deserialize_with = "lenient::null_default")]
    pub billing: ItemBilling,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// The place of a bill among those for an item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ItemBilling {
    /// The number of the bill, from 1.
    #[serde(default)]
    pub cycle_number: Option<u64>,
    /// Fields this version does not know.
    #[serde(flatten)]
    pub rest: Rest,
}

/// What each side noted of a billing request, such as the number of an invoice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BillingAttributes {
    /// What the vendor noted.
    #[serde(default, deserialize_with = "lenient::null_default")]
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub vendor: Map<String, Value>,
    /// What the distributor noted.
    #[serde(default, deserialize_with = "lenient::null_default")]
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub provider: Map<String, Value>,
}

impl BillingAttributes {
    /// Returns what a side noted, to be changed.
    fn of_mut(&mut self, kind: &BillingRequestType) -> &mut Map<String, Value> {
        match kind {
            BillingRequestType::Provider => &mut self.provider,
            _ => &mut self.vendor,
        }
    }

    /// Whether nobody noted anything.
    fn is_empty(&self) -> bool {
        self.vendor.is_empty() && self.provider.is_empty()
    }
}

/// Reads attributes. OpenAPI 37.0 has them in a list; recorded requests do not.
fn attributes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BillingAttributes, D::Error> {
    let read = |value| serde_json::from_value(value).map_err(serde::de::Error::custom);
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(BillingAttributes::default()),
        Value::Array(rows) => {
            let mut rows = rows.into_iter().map(read);
            rows.try_fold(BillingAttributes::default(), |mut all, row| {
                let BillingAttributes { vendor, provider } = row?;
                all.vendor.extend(vendor);
                all.provider.extend(provider);
                Ok(all)
            })
        }
        other => read(other),
    }
}
