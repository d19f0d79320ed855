//! A subscription as recurring billing shows it.

use connect_model::{ProductItem, Quantity};
use rust_decimal::prelude::ToPrimitive;
use serde::{Serialize, Serializer};

use crate::asset::record::AssetRecord;
use crate::asset::view::AssetView;
use crate::listed::Form;
use crate::product::record::{CatalogItem, ProductRecord};
use crate::row::ItemRow;
use crate::state::State;
use crate::view::parts::AssetParts;

/// The quantity that stands for as much as is used: here quantities are numbers, and clients read
/// this one so.
const UNLIMITED: i64 = -1;

/// An asset with its items as they are billed.
#[derive(Serialize)]
pub(crate) struct SubscriptionView<'w> {
    #[serde(flatten)]
    asset: AssetView<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<BilledItems<'w>>,
    billing: Billing,
}

impl<'w> SubscriptionView<'w> {
    pub(crate) fn new(
        state: &'w State,
        asset: &'w AssetRecord,
        product: &'w ProductRecord,
        form: Form<'w>,
    ) -> Self {
        let parts = AssetParts::of(form.selection);
        let billing = Billing::new(form.is_alone);
        let items =
            BilledItems { rows: &asset.items, product, billing: form.is_alone.then_some(billing) };
        let others = AssetParts { items: false, configuration: false, ..parts };
        Self {
            asset: AssetView::live(state, asset, product, others),
            items: parts.items.then_some(items),
            billing,
        }
    }
}

/// What was billed: nothing, because billing is not emulated. Dates and periods of billing are left
/// out, because nobody gives them.
#[derive(Clone, Copy, Serialize)]
struct Billing {
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<Stats>,
}

#[derive(Clone, Copy, Default, Serialize)]
struct Stats {
    vendor: Count,
    provider: Count,
}

/// The number of requests to bill, by one party.
#[derive(Clone, Copy, Default, Serialize)]
struct Count {
    count: u32,
}

impl Billing {
    fn new(is_alone: bool) -> Self {
        Self { stats: is_alone.then(Stats::default) }
    }
}

struct BilledItems<'w> {
    rows: &'w [ItemRow],
    product: &'w ProductRecord,
    billing: Option<Billing>,
}

impl Serialize for BilledItems<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows.iter().filter_map(|row| {
            let item = self.product.item(&row.item)?;
            Some(BilledItem::new(row, item, self.billing))
        }))
    }
}

#[derive(Serialize)]
struct BilledItem<'w> {
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
    billing: Option<Billing>,
}

impl<'w> BilledItem<'w> {
    fn new(
        row: &'w ItemRow,
        CatalogItem { item, .. }: &'w CatalogItem,
        billing: Option<Billing>,
    ) -> Self {
        let ProductItem { id, local_id, mpn, kind, period, .. } = item;
        Self {
            id: local_id,
            global_id: id.as_str(),
            mpn,
            display_name: item.shown_name(),
            item_type: kind.as_str(),
            period: period.as_str(),
            quantity: Number(row.quantity),
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
