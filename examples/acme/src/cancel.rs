//! A subscription shall end.

use connect_model::AssetRequest;
use connect_processor::{Context, Failure, Outcome};

use crate::{Acme, SUBSCRIPTION_ID};

/// Deletes the tenant; one that is already gone is as good.
pub(crate) async fn cancel(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    let acme = cx.state();
    let tenant = cx.parameter(SUBSCRIPTION_ID)?;
    cx.step("delete_tenant").run(|key| acme.delete(tenant, key)).await?;
    Ok(Outcome::approve())
}
