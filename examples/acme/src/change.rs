//! A subscription shall have another quantity.

use connect_model::AssetRequest;
use connect_processor::{Context, Failure, Outcome};

use crate::{Acme, SUBSCRIPTION_ID, planned};

/// Sets the new limit. Acme sells one item, so it can neither upgrade nor downgrade.
pub(crate) async fn change(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    let acme = cx.state();
    let asset = &cx.request().asset;
    // Exactly one item, as in `purchase.rs`.
    let [item] = asset.items()? else {
        return Ok(Outcome::fail("Change not allowed: a tenant has exactly one item."));
    };
    let Some(limit) = item.quantity.whole() else {
        return Ok(Outcome::fail(format!("A limit of {} is not possible.", item.quantity)));
    };
    if let Some(on) = planned(&cx) {
        return Ok(Outcome::Schedule { on });
    }

    let tenant = cx.parameter(SUBSCRIPTION_ID)?;
    cx.step("set_limit").run(|key| acme.set_limit(tenant, limit, key)).await?;
    Ok(Outcome::approve())
}
