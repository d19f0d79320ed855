//! The configurations of the resellers that a subscription is sold through, and those that its
//! purchase waits for.

use connect_model::rql::{Query, Select, field};
use connect_model::{
    Asset, AssetRequest, RequestStatus, TierAccountId, TierConfig, TierConfigRequest,
    TierConfigRequestType,
};
use connect_world::{Collection, MAX_LIMIT};

use super::rows::{TierRequestRow, with_configs};
use crate::ui::page::ErrorPage;
use crate::ui::rows::{Tier, product_of};
use crate::ui::shell::Shell;
use crate::ui::visitor::Visitor;

/// Returns the accounts of a subscription with their configurations.
pub(in crate::ui) async fn tiers(visitor: &Visitor, asset: &Asset) -> Result<Vec<Tier>, ErrorPage> {
    let configs = configs(visitor, asset).await?;
    Ok(with_configs(Tier::all_of(asset), &configs.iter().collect::<Vec<_>>()))
}

/// Returns the set-ups that a purchase waits for, the farthest reseller's first; none when it does
/// not wait for any.
pub(in crate::ui) async fn awaited(
    visitor: &Visitor,
    request: Option<&AssetRequest>,
    shell: &Shell,
) -> Result<Vec<TierRequestRow>, ErrorPage> {
    let waits = |request: &&AssetRequest| request.status == RequestStatus::TiersSetup;
    let Some(request) = request.filter(waits) else { return Ok(Vec::new()) };
    let configs = configs(visitor, &request.asset).await?;
    let open = configs.iter().filter_map(|config| config.open_request.as_ref());
    let open: Vec<&str> = open.map(|open| open.id.as_str()).collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let set_ups = field("type").eq(TierConfigRequestType::Setup.as_str());
    let query = Query {
        filter: Some(field("id").in_(open) & set_ups),
        select: ["configuration.params", "tiers"].map(Select::remove).into(),
        ..Query::default()
    };
    let found = visitor.list::<TierConfigRequest>(&Collection::TierConfigRequests, &query).await?;
    let mut set_ups = found.rows;
    set_ups.sort_by_key(|request| std::cmp::Reverse(request.configuration.tier_level));
    Ok(set_ups.iter().map(|request| TierRequestRow::new(request, shell)).collect())
}

async fn configs(visitor: &Visitor, asset: &Asset) -> Result<Vec<TierConfig>, ErrorPage> {
    let resellers: Vec<&str> = [1, 2]
        .into_iter()
        .filter_map(|level| reseller(asset, level))
        .map(TierAccountId::as_str)
        .collect();
    if resellers.is_empty() {
        return Ok(Vec::new());
    }
    let filter = field("account.id").in_(resellers) & field("product.id").eq(product_of(asset));
    let query = Query { filter: Some(filter), limit: Some(MAX_LIMIT), ..Query::default() };
    let mut configs = visitor.list::<TierConfig>(&Collection::TierConfigs, &query).await?.rows;
    configs.retain(|config| is_used(config, asset));
    Ok(configs)
}

fn reseller(asset: &Asset, level: u8) -> Option<&TierAccountId> {
    let tier = if level == 2 { &asset.tiers.tier2 } else { &asset.tiers.tier1 };
    tier.as_ref().map(|account| &account.id)
}

/// Whether a subscription is sold through this reseller at this level, on the same way.
fn is_used(config: &TierConfig, asset: &Asset) -> bool {
    let connection =
        |link: &Option<connect_model::Connection>| link.as_ref().map(|it| it.id.clone());
    let level = config.tier_level.unwrap_or_default();
    reseller(asset, level) == Some(&config.account.id)
        && connection(&config.connection) == connection(&asset.connection)
        && config.marketplace.as_ref().map(|it| &it.id)
            == asset.marketplace.as_ref().map(|it| &it.id)
}
