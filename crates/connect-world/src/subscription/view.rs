//! A subscription as recurring billing shows it.

use connect_model::DateTime;
use serde::{Serialize, Serializer};

use crate::actor::Actor;
use crate::asset::billing::BillingDates;
use crate::asset::record::AssetRecord;
use crate::asset::view::AssetView;
use crate::billing_request::stats::{Bills, StatsView};
use crate::listed::Form;
use crate::product::record::ProductRecord;
use crate::state::State;
use crate::subscription::item::BilledItem;
use crate::view::parts::AssetParts;

/// An asset with its items as they are billed.
#[derive(Serialize)]
pub(crate) struct SubscriptionView<'w> {
    #[serde(flatten)]
    asset: AssetView<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<ItemsView<'w>>,
    billing: BillingView<'w>,
}

impl<'w> SubscriptionView<'w> {
    pub(crate) fn new(
        state: &'w State,
        who: &Actor,
        asset: &'w AssetRecord,
        product: &'w ProductRecord,
        form: Form<'w>,
    ) -> Self {
        let parts = AssetParts::of(form.selection);
        let caller = who.caller(asset.is_preview());
        let bills = form.is_alone.then(|| Bills::new(state, asset, caller));
        let items = parts.items.then_some(ItemsView { asset, product, bills });
        Self { items, ..Self::without_items(state, asset, product, parts, bills) }
    }

    /// Returns the subscription as a billing request mentions it.
    pub(crate) fn reference(
        state: &'w State,
        asset: &'w AssetRecord,
        product: &'w ProductRecord,
    ) -> Self {
        Self::without_items(state, asset, product, AssetParts::default(), None)
    }

    fn without_items(
        state: &'w State,
        asset: &'w AssetRecord,
        product: &'w ProductRecord,
        parts: AssetParts,
        bills: Option<Bills<'w>>,
    ) -> Self {
        let others = AssetParts { items: false, configuration: false, ..parts };
        Self {
            asset: AssetView::live(state, asset, product, others),
            items: None,
            billing: BillingView::new(asset.billing.as_ref(), bills.map(Bills::stats)),
        }
    }
}

/// `{period, next_date, anniversary, stats}`. There are no dates before a purchase was approved.
#[derive(Serialize)]
struct BillingView<'w> {
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<CycleView<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_date: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    anniversary: Option<AnniversaryView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<StatsView<'w>>,
}

/// `{delta, uom}`.
#[derive(Serialize)]
struct CycleView<'w> {
    delta: u8,
    uom: &'w str,
}

/// `{day, month}`.
#[derive(Serialize)]
struct AnniversaryView {
    day: i8,
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<i8>,
}

impl<'w> BillingView<'w> {
    fn new(dates: Option<&'w BillingDates>, stats: Option<StatsView<'w>>) -> Self {
        Self {
            period: dates
                .and_then(|dates| dates.period.as_ref())
                .map(|period| CycleView { delta: 1, uom: period.as_str() }),
            next_date: dates.and_then(|dates| dates.next),
            anniversary: dates.map(|dates| {
                let (day, month) = dates.anniversary();
                AnniversaryView { day, month }
            }),
            stats,
        }
    }
}

struct ItemsView<'w> {
    asset: &'w AssetRecord,
    product: &'w ProductRecord,
    bills: Option<Bills<'w>>,
}

/// `{stats}`.
#[derive(Serialize)]
struct ItemBilling<'w> {
    stats: StatsView<'w>,
}

impl Serialize for ItemsView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.asset.items.iter().filter_map(|row| {
            let item = self.product.item(&row.item)?;
            let stats = self.bills.map(|bills| bills.stats_of_item(&row.item));
            let billing = stats.map(|stats| ItemBilling { stats });
            Some(BilledItem::new(item, row.quantity, billing))
        }))
    }
}
