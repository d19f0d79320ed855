//! A new subscription.

use std::sync::Arc;

use connect_model::AssetRequest;
use connect_processor::{Approval, Context, Failure, Outcome};

use crate::{Acme, SUBSCRIPTION_ID, Tenant, look_again, planned};

/// The step that creates the tenant.
pub(crate) const CREATE_TENANT: &str = "create_tenant";

/// Creates a tenant with the limit that was ordered, and keeps its id in the subscription.
pub(crate) async fn purchase(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    let acme = cx.state();
    let asset = &cx.request().asset;
    // Items that Connect does not mention are not *no* items: `?` waits for an answer with them.
    // `[item]` fits a list of exactly one item and names it; any other list takes the `else`.
    let [item] = asset.items()? else {
        return Ok(Outcome::fail("A tenant has exactly one item."));
    };
    let Some(limit) = item.quantity.whole() else {
        return Ok(Outcome::fail(format!("A limit of {} is not possible.", item.quantity)));
    };

    let asset_id = asset.id.as_str();
    let callback = cx.callback().await?;
    let create = |key| acme.create(asset_id, callback.as_ref(), key);
    // An order that is refused leaves no tenant behind, whatever it is refused for.
    cx.undo(CREATE_TENANT, |acme: Arc<Acme>, key, tenant: Tenant| async move {
        acme.delete(&tenant.id, key).await
    });
    let tenant = cx.step(CREATE_TENANT).run(create).await?;
    if !acme.is_ready(&tenant).await? {
        cx.say("preparing", "The tenant is being built. The request is approved once it is ready.")
            .await?;
        return Ok(look_again(callback.as_ref()));
    }
    // Planned for a later day? The tenant is there by then, and of no use before.
    if let Some(on) = planned(&cx) {
        return Ok(Outcome::Schedule { on });
    }
    cx.step("set_limit").run(|key| acme.set_limit(&tenant.id, limit, key)).await?;
    Ok(Outcome::Approve(Approval::default().parameter(SUBSCRIPTION_ID, tenant.id)))
}
