//! What waits for a tier configuration.

use std::sync::Arc;

use connect_model::{RequestId, RequestStatus, TierConfigRequestId};

use crate::index::RequestKey;
use crate::state::State;
use crate::tier_config::record::TierConfigKey;
use crate::tier_config_request::record::TierConfigRequestRecord;

/// Returns the set-ups of nearer resellers that wait for a configuration.
pub(crate) fn set_ups_below(state: &State, above: &TierConfigKey) -> Vec<TierConfigRequestId> {
    let waits = |request: &&Arc<TierConfigRequestRecord>| {
        let config = state.tier_configs.get(request.config.as_str());
        request.is_waiting()
            && config.is_some_and(|config| {
                let TierConfigKey { product, level, connection, marketplace, .. } = &config.key;
                let far = config.tiers.reseller(above.level).map(|tier| &tier.id);
                (product, connection, marketplace)
                    == (&above.product, &above.connection, &above.marketplace)
                    && *level < above.level
                    && far == Some(&above.account)
            })
    };
    let waiting = state.tier_config_requests.iter().filter(waits);
    waiting.map(|request| request.id.clone()).collect()
}

/// Returns the purchases that wait and go through the reseller of a configuration, oldest first. What
/// the product asks for now does not matter: it may have been switched off since they began to wait.
pub(crate) fn purchases_through(state: &State, key: &TierConfigKey) -> Vec<RequestId> {
    let sets = state.request_index.select(|at: &RequestKey| {
        at.product == key.product
            && at.connection == key.connection
            && at.status == RequestStatus::TiersSetup
    });
    let mut places: Vec<_> = sets.into_iter().flatten().copied().collect();
    places.sort_unstable();
    let requests = places.into_iter().filter_map(|place| state.requests.at(place));
    let through = requests.filter(|request| {
        let asset = state.assets.get(request.asset.as_str());
        let reseller = request.tiers.reseller(key.level).map(|tier| &tier.id);
        asset.is_some_and(|asset| asset.marketplace == key.marketplace)
            && reseller == Some(&key.account)
    });
    through.map(|request| request.id.clone()).collect()
}
