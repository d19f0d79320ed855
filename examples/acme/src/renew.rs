//! A subscription that would expire shall last longer.

use connect_model::AssetRequest;
use connect_processor::{Context, Failure, Outcome};

use crate::{Acme, SUBSCRIPTION_ID};

/// Extends the tenant until the renewal ends.
pub(crate) async fn renew(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    let acme = cx.state();
    let asset = &cx.request().asset;
    // Exactly one item, as in `purchase.rs`.
    let [item] = asset.items()? else {
        return Ok(Outcome::fail("A tenant has exactly one item."));
    };
    let Some(until) = item.renewal.as_ref().and_then(|renewal| renewal.to) else {
        return Ok(Outcome::fail("The renewal does not say until when."));
    };

    let tenant = cx.parameter(SUBSCRIPTION_ID)?;
    cx.step("extend_tenant").run(|key| acme.extend(tenant, until, key)).await?;
    Ok(Outcome::approve())
}
