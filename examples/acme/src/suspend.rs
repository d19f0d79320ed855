//! An active subscription shall be put on hold.

use connect_model::AssetRequest;
use connect_processor::{Context, Failure, Outcome};

use crate::{Acme, SUBSCRIPTION_ID};

/// Disables the tenant.
pub(crate) async fn suspend(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    let acme = cx.state();
    let tenant = cx.parameter(SUBSCRIPTION_ID)?;
    cx.step("disable_tenant").run(|key| acme.disable(tenant, key)).await?;
    Ok(Outcome::approve())
}
