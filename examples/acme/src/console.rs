//! The way from Connect to a tenant in Acme's console.

use connect_model::{Asset, TierConfig};
use connect_processor::{ActionAnswer, ActionCall, Failure};

use crate::{Acme, RESELLER_IDS, SUBSCRIPTION_ID};

/// The key of the action.
pub(crate) const CONSOLE: &str = "console";

/// Sends a user on to the tenant of a subscription, or of a reseller.
pub(crate) async fn console(call: ActionCall<Acme>) -> Result<ActionAnswer, Failure> {
    let claims = call.claims();
    let tenant = if let Some(id) = &claims.asset_id {
        let asset: Asset = call.client().get(id.as_str()).await?;
        asset.value(SUBSCRIPTION_ID).map(str::to_owned)
    } else if let Some(id) = &claims.configuration_id {
        let config: TierConfig = call.client().get(id.as_str()).await?;
        let params =
            config.params.iter().flatten().filter(|it| RESELLER_IDS.contains(&it.id.as_str()));
        params.filter_map(|it| it.text()).next().map(str::to_owned)
    } else {
        None
    };
    match tenant {
        Some(tenant) => Ok(ActionAnswer::Redirect(call.state().console_of(&tenant))),
        None => Err(Failure::give_up("There is no tenant yet.")),
    }
}
