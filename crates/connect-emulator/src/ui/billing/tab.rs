//! The tab of a subscription with its bills and their dates.

use connect_model::rql::Query;
use connect_model::{AssetId, BillingRequest, Subscription};
use connect_world::Collection;

use super::rows::{BillRow, dates};
use crate::ui::kit::Facts;
use crate::ui::page::ErrorPage;
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;

/// The most bills on the tab.
const SHOWN: u32 = 25;

/// What the tab shows.
pub(in crate::ui) struct BillingTab {
    pub(in crate::ui) dates: Facts,
    pub(in crate::ui) rows: Vec<BillRow>,
    /// The number of bills before these.
    pub(in crate::ui) older: usize,
}

impl BillingTab {
    pub(in crate::ui) async fn of(
        visitor: &Visitor,
        asset: &AssetId,
        shell: &Shell,
    ) -> Result<Self, ErrorPage> {
        let Subscription(billed) = visitor.read(&Collection::Subscriptions, asset.as_str()).await?;
        let newest = Query { limit: Some(SHOWN), ..Query::default() };
        let bills = Collection::AssetBillingRequests(asset.clone());
        let bills = visitor.list::<BillingRequest>(&bills, &newest).await?;
        Ok(Self {
            dates: dates(&billed, shell),
            rows: bills.rows.iter().map(|bill| BillRow::new(bill, shell)).collect(),
            older: bills.more(),
        })
    }
}
