//! The count of billing requests, and the last of them: for an asset and for each of its items.

use connect_model::lifecycle::Caller;
use connect_model::lifecycle::billing_request::may_see;
use connect_model::{BillingRequestId, BillingRequestType as Type, ItemId};
use serde::Serialize;

use crate::asset::record::AssetRecord;
use crate::billing_request::period::PeriodView;
use crate::billing_request::record::BillingRequestRecord;
use crate::state::State;

/// `{vendor, provider}`. A side that billed nothing, as far as the caller sees, is not there
/// (recorded subscriptions).
#[derive(Default, Serialize)]
pub(crate) struct StatsView<'w> {
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<BilledView<'w>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<BilledView<'w>>,
}

/// `{last_request, count}`.
#[derive(Serialize)]
struct BilledView<'w> {
    last_request: LastView<'w>,
    count: usize,
}

/// `{id, type, period}`.
#[derive(Serialize)]
struct LastView<'w> {
    id: &'w BillingRequestId,
    r#type: &'w Type,
    period: PeriodView<'w>,
}

/// The billing requests of an asset that a caller sees.
#[derive(Clone, Copy)]
pub(crate) struct Bills<'w> {
    state: &'w State,
    asset: &'w AssetRecord,
    caller: Caller,
}

impl<'w> Bills<'w> {
    pub(crate) fn new(state: &'w State, asset: &'w AssetRecord, caller: Caller) -> Self {
        Self { state, asset, caller }
    }

    /// Counts all of them.
    pub(crate) fn stats(self) -> StatsView<'w> {
        self.stats_of(|_| true)
    }

    /// Counts those for an item.
    pub(crate) fn stats_of_item(self, item: &ItemId) -> StatsView<'w> {
        self.stats_of(|request| request.bills(item))
    }

    fn stats_of(self, wanted: impl Fn(&BillingRequestRecord) -> bool) -> StatsView<'w> {
        let billed = |kind: Type| {
            let seen = may_see(&kind, self.caller);
            let all = self.state.bills_of(&self.asset.id).filter(move |it| seen && it.kind == kind);
            let (mut last_request, mut count) = (None, 0);
            for request in all.filter(|request| wanted(request)) {
                last_request = Some(LastView {
                    id: &request.id,
                    r#type: &request.kind,
                    period: PeriodView::of(&request.period),
                });
                count += 1;
            }
            Some(BilledView { last_request: last_request?, count })
        };
        StatsView { vendor: billed(Type::Vendor), provider: billed(Type::Provider) }
    }
}
