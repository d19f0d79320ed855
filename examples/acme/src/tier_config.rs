//! A reseller is to sell Acme's tenants.

use connect_model::{TierConfig, TierConfigRequest};
use connect_processor::{Approval, Context, Failure, Outcome};

use crate::{Acme, RESELLER_IDS, look_again};

/// Creates a tenant for the reseller itself, and keeps its id in the configuration. Purchases
/// through this reseller wait for it.
pub(crate) async fn setup(cx: Context<TierConfigRequest, Acme>) -> Result<Outcome, Failure> {
    let acme = cx.state();
    let config = &cx.request().configuration;
    let config_id = config.id.as_str();
    let callback = cx.callback().await?;
    let create = |key| acme.create(config_id, callback.as_ref(), key);
    let tenant = cx.step("create_reseller").run(create).await?;
    if !acme.is_ready(&tenant).await? {
        return Ok(look_again(callback.as_ref()));
    }
    let approval = Approval::default().parameter(parameter(config), tenant.id);
    Ok(Outcome::Approve(approval))
}

/// Agrees to other values of a reseller: Acme has none of them.
pub(crate) async fn update(_: Context<TierConfigRequest, Acme>) -> Result<Outcome, Failure> {
    Ok(Outcome::approve())
}

/// Agrees to a correction of Acme's own.
pub(crate) async fn adjustment(_: Context<TierConfigRequest, Acme>) -> Result<Outcome, Failure> {
    Ok(Outcome::approve())
}

/// Returns the fulfillment parameter of the configuration's level.
fn parameter(config: &TierConfig) -> &'static str {
    let [near, far] = RESELLER_IDS;
    if config.tier_level == Some(2) { far } else { near }
}
