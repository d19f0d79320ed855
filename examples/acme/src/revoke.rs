//! What was scheduled shall not be, after all.

use connect_model::AssetRequest;
use connect_processor::{Context, Failure, Outcome};

use crate::purchase::CREATE_TENANT;
use crate::{Acme, Tenant};

/// Deletes the tenant that a purchase was given before its day. Where none is written down, Acme is
/// asked whether there is one: a life that ended while it was created has not written it down.
pub(crate) async fn purchase(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    let acme = cx.state();
    let tenant = match cx.recorded::<Tenant>(CREATE_TENANT).await? {
        Some(tenant) => Some(tenant.id),
        None => acme.tenant_of(cx.request().asset.id.as_str()).await?,
    };
    if let Some(tenant) = tenant {
        cx.step("delete_tenant").run(|key| acme.delete(&tenant, key)).await?;
    }
    Ok(Outcome::Confirm)
}

/// Agrees: nothing is done for a change before its day.
pub(crate) async fn change(_: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    Ok(Outcome::Confirm)
}
