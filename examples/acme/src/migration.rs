//! A subscription that Acme's own shop has sold before it was sold through Connect.

use connect_model::AssetRequest;
use connect_processor::{Approval, Context, Failure, Migration, Outcome};
use serde::Deserialize;

use crate::{Acme, SUBSCRIPTION_ID};

/// A line of the shop's export: `{"tenant": "old-7"}`.
#[derive(Deserialize)]
struct Sold {
    tenant: String,
}

/// Adopts the tenant that is there, and keeps its id in the subscription. Nothing else of it
/// changes, and one that cannot be adopted is left as it is.
pub(crate) async fn adopt(
    cx: Context<AssetRequest, Acme>,
    migration: Migration,
) -> Result<Outcome, Failure> {
    let acme = cx.state();
    let Sold { tenant } = match migration.json() {
        Ok(sold) => sold,
        Err(unreadable) => {
            return Ok(Outcome::inquire(migration.parameter(), unreadable.to_string()));
        }
    };
    let asset = cx.request().asset.id.as_str();
    let adopted = cx.step("adopt_tenant").run(|key| acme.adopt(&tenant, asset, key)).await?;
    Ok(Approval::default().parameter(SUBSCRIPTION_ID, adopted.id).into())
}
