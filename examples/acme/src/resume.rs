//! A suspended subscription shall be active again.

use connect_model::AssetRequest;
use connect_processor::{Context, Failure, Outcome};

use crate::{Acme, SUBSCRIPTION_ID};

/// Enables the tenant. When Acme refuses, the request fails with Acme's reason and the
/// subscription stays suspended.
pub(crate) async fn resume(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    let acme = cx.state();
    let tenant = cx.parameter(SUBSCRIPTION_ID)?;
    cx.step("enable_tenant").run(|key| acme.enable(tenant, key)).await?;
    Ok(Outcome::approve())
}
