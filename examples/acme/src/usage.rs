//! The report of a month's usage.

use connect_model::{UsageRow, UsageSheet};
use connect_processor::{Failure, UsageContext};

use crate::{Acme, SUBSCRIPTION_ID};

/// Reports how many licences each tenant has, for the item that its subscription ordered.
pub(crate) async fn usage(cx: UsageContext<Acme>) -> Result<UsageSheet, Failure> {
    let mut rows = Vec::new();
    for asset in cx.assets().await? {
        asset.params()?;
        let Some(tenant) = asset.value(SUBSCRIPTION_ID) else { continue };
        let [item] = asset.items()? else { continue };
        let Some(licences) = cx.state().licences(tenant).await? else { continue };
        let id = asset.id.as_str();
        let row = UsageRow::new(id).asset(id).item(&*item.mpn).quantity(licences.to_string());
        rows.push(cx.in_period(row));
    }
    Ok(rows.into())
}
