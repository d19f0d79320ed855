//! The configurations that a sale needs before the vendor sees it.

use connect_model::{ConnectionId, MarketplaceId};

use crate::asset::record::TierRow;
use crate::product::record::ProductRecord;
use crate::state::State;
use crate::tier_config::record::TierConfigKey;

/// The levels of resellers, the farthest from the customer first: each is configured before the
/// next.
const LEVELS: [u8; 2] = [2, 1];

/// Whether a product needs the resellers of a level configured: Reseller Authorization reaches that
/// far, and there is something to ask them.
pub(crate) fn needs_level(product: &ProductRecord, level: u8) -> bool {
    level <= product.product.capabilities.tier_config_levels()
        && product.for_tier(level).parameters().next().is_some()
}

/// Returns the configurations that a sale through these resellers needs, the farthest first.
pub(crate) fn needed(
    product: &ProductRecord,
    connection: &ConnectionId,
    marketplace: &MarketplaceId,
    tiers: &TierRow,
) -> Vec<TierConfigKey> {
    let of_level = |level: u8| {
        let account = tiers.reseller(level)?.id.clone();
        needs_level(product, level).then(|| TierConfigKey {
            product: product.id().clone(),
            account,
            level,
            connection: connection.clone(),
            marketplace: marketplace.clone(),
        })
    };
    LEVELS.into_iter().filter_map(of_level).collect()
}

/// Whether one of these configurations was never approved.
pub(crate) fn is_one_missing(state: &State, keys: &[TierConfigKey]) -> bool {
    keys.iter().any(|key| state.tier_config_for(key).is_none_or(|config| config.approved.is_none()))
}
