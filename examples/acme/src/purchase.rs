//! A new subscription.

use connect_model::AssetRequest;
use connect_processor::{Approval, Context, Failure, Outcome};

use crate::{Acme, SUBSCRIPTION_ID, Tenant};

/// Creates a tenant with the limit that was ordered, and keeps its id in the subscription.
pub(crate) async fn purchase(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    let (acme, asset) = (cx.state(), &cx.request().asset);
    let Some(limit) = asset.items.first().and_then(|item| item.quantity.whole()) else {
        return Ok(Outcome::fail("A tenant needs an item with a whole quantity."));
    };
    let asset_id = asset.id.as_str();
    let tenant: Tenant = cx.step("create_tenant").run(|key| acme.create(asset_id, key)).await?;
    cx.step("set_limit").run(|key| acme.set_limit(&tenant.id, limit, key)).await?;
    Ok(Approval::default().parameter(SUBSCRIPTION_ID, tenant.id).into())
}
