//! The effect of a request's end on its configuration, and on all that waits for it.

use std::sync::Arc;

use connect_model::{
    RequestId, RequestStatus, TierConfigRequestId, TierConfigRequestType, TierConfigStatus,
};

use crate::index::RequestKey;
use crate::request::params;
use crate::request::waiting;
use crate::state::State;
use crate::tier_config::needed::needed;
use crate::tier_config::record::{TierConfigKey, TierConfigRecord};
use crate::tier_config_request::begin::first_status;
use crate::tier_config_request::record::TierConfigRequestRecord;
use crate::tier_config_request::turn::{Subject, turn, write_params};

/// Lets the end of a request take effect. A configuration whose set-up was refused is active, too
/// (CloudBlue's workflow), but purchases go on asking for one that was approved.
pub(crate) fn conclude(state: &mut State, id: &TierConfigRequestId) {
    let Some(Subject { request, config, .. }) = Subject::find(state, id.as_str()) else { return };
    let is_approved = request.status == RequestStatus::Approved;
    state.change::<TierConfigRecord>(&config.id, |config| {
        config.status = TierConfigStatus::Active;
        config.open = None;
        if is_approved {
            config.params = Arc::clone(&request.params);
            config.template.clone_from(&request.template);
            config.approved = Some(request.id.clone());
        }
    });
    if request.kind != TierConfigRequestType::Setup {
        return;
    }
    let reason = format!(
        "Tier configuration request {} failed: {}",
        request.id,
        request.reason.as_deref().unwrap_or_default()
    );
    for id in purchases_that_need(state, &config.key) {
        match is_approved {
            true => waiting::go_on(state, &id),
            false => waiting::fail(state, &id, &reason),
        }
    }
    for id in set_ups_below(state, &config.key) {
        let Some(subject) = Subject::find(state, id.as_str()) else { continue };
        match is_approved {
            true => go_on(state, &subject),
            false => turn(state, None, &subject, &RequestStatus::Failed, |request| {
                request.reason = Some(reason.as_str().into());
            }),
        }
    }
}

/// Sends a set-up that waited on, unless it waits for another.
fn go_on(state: &mut State, subject: &Subject) {
    let Subject { request, config, product } = subject;
    let status = first_status(state, config, product, &request.kind, &request.params);
    match status {
        RequestStatus::TiersSetup => return,
        RequestStatus::Inquiring => {
            let demands = params::with_demands(&subject.scope(), &request.params);
            write_params(state, &request.id, demands);
        }
        _ => {}
    }
    turn(state, None, subject, &status, |_| ());
}

/// Returns the set-ups of nearer resellers that wait for a configuration.
fn set_ups_below(state: &State, above: &TierConfigKey) -> Vec<TierConfigRequestId> {
    let waits = |request: &&Arc<TierConfigRequestRecord>| {
        let config = state.tier_configs.get(request.config.as_str());
        request.status == RequestStatus::TiersSetup
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

/// Returns the purchases that wait for a configuration, oldest first.
fn purchases_that_need(state: &State, key: &TierConfigKey) -> Vec<RequestId> {
    let Some(product) = state.shared.product(key.product.as_str()) else { return Vec::new() };
    let sets = state.request_index.select(|at: &RequestKey| {
        at.product == key.product
            && at.connection == key.connection
            && at.status == RequestStatus::TiersSetup
    });
    let mut places: Vec<_> = sets.into_iter().flatten().copied().collect();
    places.sort_unstable();
    let requests = places.into_iter().filter_map(|place| state.requests.at(place));
    let needs = requests.filter(|request| {
        let asset = state.assets.get(request.asset.as_str());
        asset.is_some_and(|asset| {
            needed(product, &asset.connection, &asset.marketplace, &request.tiers).contains(key)
        })
    });
    needs.map(|request| request.id.clone()).collect()
}
