//! What was scheduled shall not be, after all.

use connect_model::AssetRequest;
use connect_processor::{Context, Failure, Outcome};

use crate::Acme;

/// Deletes the tenant that a purchase was given before its day. Acme is asked whether there is one: a
/// life that ended while it was created has not written it down.
pub(crate) async fn purchase(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    let acme = cx.state();
    if let Some(tenant) = acme.tenant_of(cx.request().asset.id.as_str()).await? {
        cx.step("delete_tenant").run(|key| acme.delete(&tenant, key)).await?;
    }
    Ok(Outcome::Confirm)
}

/// Agrees: nothing is done for a change before its day.
pub(crate) async fn change(_: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    Ok(Outcome::Confirm)
}
