//! A billing request as the platform shows it.

use connect_model::{BillingRequestId, BillingRequestType};
use serde::{Serialize, Serializer};

use crate::billing_request::period::PeriodView;
use crate::billing_request::record::{AttributesRow, BillingRequestRecord, Moment};
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::state::State;
use crate::subscription::item::BilledItem;
use crate::subscription::view::SubscriptionView;
use crate::view::{AtView, Lifespan};

#[derive(Serialize)]
pub(crate) struct BillingRequestView<'w> {
    id: &'w BillingRequestId,
    r#type: &'w BillingRequestType,
    events: Lifespan<'w>,
    asset: SubscriptionView<'w>,
    items: ItemsView<'w>,
    attributes: &'w AttributesRow,
    period: PeriodView<'w>,
}

impl<'w> BillingRequestView<'w> {
    /// # Errors
    ///
    /// When the world lacks what it is about.
    pub(crate) fn new(state: &'w State, request: &'w BillingRequestRecord) -> Result<Self, Denial> {
        let asset = state.assets.get(request.asset.as_str()).ok_or_else(Denial::not_found)?;
        let product = state.shared.product(asset.product.as_str()).ok_or_else(Denial::not_found)?;
        let at =
            |moment: &'w Moment| AtView::new(moment.at, moment.by.as_ref(), &state.shared.parties);
        Ok(Self {
            id: &request.id,
            r#type: &request.kind,
            events: Lifespan { created: at(&request.created), updated: at(&request.updated) },
            asset: SubscriptionView::reference(state, asset, product),
            items: ItemsView { request, product },
            attributes: &request.attributes,
            period: PeriodView::of(&request.period),
        })
    }
}

struct ItemsView<'w> {
    request: &'w BillingRequestRecord,
    product: &'w ProductRecord,
}

/// `{cycle_number}`.
#[derive(Serialize)]
struct CycleView {
    cycle_number: usize,
}

impl Serialize for ItemsView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.request.items.iter().filter_map(|row| {
            let item = self.product.item(&row.item)?;
            let cycle = CycleView { cycle_number: row.cycle };
            Some(BilledItem::new(item, row.quantity, Some(cycle)))
        }))
    }
}
