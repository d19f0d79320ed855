//! A subscription shall go to another customer, or be sold by another reseller.

use connect_model::AssetRequest;
use connect_processor::{Context, Failure, Outcome};

use crate::{Acme, SUBSCRIPTION_ID};

/// Hands the tenant over to the customer that the subscription goes to. Who sells it is nothing to
/// Acme, so a transfer to another reseller hands it over to the same one.
pub(crate) async fn transfer(cx: Context<AssetRequest, Acme>) -> Result<Outcome, Failure> {
    let acme = cx.state();
    let Some(customer) = &cx.request().asset.tiers.customer else {
        return Ok(Outcome::fail("The transfer does not say to whom."));
    };

    let (tenant, owner) = (cx.parameter(SUBSCRIPTION_ID)?, customer.name_or_id());
    cx.step("hand_over_tenant").run(|key| acme.hand_over(tenant, owner, key)).await?;
    Ok(Outcome::approve())
}
