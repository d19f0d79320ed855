//! An item as recurring billing shows it.

use connect_model::{ProductItem, Quantity};
use rust_decimal::prelude::ToPrimitive;
use serde::{Serialize, Serializer};

use crate::product::record::CatalogItem;

/// The quantity that stands for as much as is used: here quantities are numbers, and clients read
/// this one so.
const UNLIMITED: i64 = -1;

/// An item, how much of it, and what there is to know of bills for it.
#[derive(Serialize)]
pub(crate) struct BilledItem<'w, B> {
    id: &'w str,
    global_id: &'w str,
    mpn: &'w str,
    display_name: &'w str,
    item_type: &'w str,
    period: &'w str,
    quantity: Number,
    #[serde(rename = "type")]
    unit: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing: Option<B>,
}

impl<'w, B> BilledItem<'w, B> {
    pub(crate) fn new(
        CatalogItem { item, .. }: &'w CatalogItem,
        quantity: Quantity,
        billing: Option<B>,
    ) -> Self {
        let ProductItem { id, local_id, mpn, kind, period, .. } = item;
        Self {
            id: local_id,
            global_id: id.as_str(),
            mpn,
            display_name: item.shown_name(),
            item_type: kind.as_str(),
            period: period.as_str(),
            quantity: Number(quantity),
            unit: item.unit_title(),
            billing,
        }
    }
}

/// A quantity as a number.
struct Number(Quantity);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.0, self.0.whole()) {
            (_, Some(units)) => serializer.serialize_u64(units),
            (Quantity::Of(number), None) => number.to_f64().serialize(serializer),
            (Quantity::Unlimited | Quantity::Unsaid, None) => serializer.serialize_i64(UNLIMITED),
        }
    }
}
