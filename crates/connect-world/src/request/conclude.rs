//! The effect of a request's end on its asset.

use std::sync::Arc;

use connect_model::lifecycle::asset_request as lifecycle;
use connect_model::lifecycle::asset_request::RequestResult;
use connect_model::{AssetId, AssetRequestType, RequestId};

use crate::asset::billing::{BillingDates, rhythm};
use crate::asset::record::AssetRecord;
use crate::request::params;
use crate::request::record::RequestRecord;
use crate::request::renewal;
use crate::row::{Items, ParamRow, Params};
use crate::state::State;

/// Lets the end of a request take effect on its asset.
pub(crate) fn conclude(state: &mut State, id: &RequestId, verdict: RequestResult) {
    let Some(request) = state.requests.get(id.as_str()).map(Arc::clone) else { return };
    let Some(asset) = state.assets.get(request.asset.as_str()) else { return };
    let held = Arc::clone(&asset.params);
    let billing = billing(state, asset, &request);
    let expires = renewal::expires_after(state, asset, &request);
    let status = lifecycle::on_outcome(&request.kind, verdict, &request.before);
    state.change::<AssetRecord>(&request.asset, |asset| {
        asset.status = status;
        if verdict == RequestResult::Approved {
            take_effect(asset, &request);
            asset.billing = billing;
            asset.renewal_expiration_date = expires;
        }
    });
    if verdict == RequestResult::Approved {
        carry(state, &request.asset, &params::edited(&held, &request.params));
    }
}

/// Carries the edits of an approved request to those that stand beside it, drafts among them, so
/// that approving them does not bring the old values back. Their own edits of other values stay.
fn carry(state: &mut State, asset: &AssetId, edited: &[&ParamRow]) {
    let beside = state.history(asset.as_str()).filter(|request| !request.status.is_final());
    let carried = beside.filter_map(|request| {
        let params = params::overlaid(&request.params, edited);
        (params != request.params).then(|| (request.id.clone(), params))
    });
    let carried: Vec<(RequestId, Params)> = carried.collect();
    for (id, params) in carried {
        state.change::<RequestRecord>(&id, |request| request.params = params);
    }
}

/// Returns the dates of an asset's bills once a request was approved: those of a purchase begin with
/// it, and a change may bring another rhythm.
fn billing(state: &State, asset: &AssetRecord, request: &RequestRecord) -> Option<BillingDates> {
    let held = asset.billing.as_ref();
    let product = state.shared.product(asset.product.as_str())?;
    let rhythm = || rhythm(product, &kept_items(request));
    match request.kind {
        AssetRequestType::Purchase => {
            let since = request.effective_date.unwrap_or(state.now);
            Some(BillingDates::begin(since, rhythm(), state.now))
        }
        AssetRequestType::Change => held.map(|dates| dates.in_rhythm(rhythm(), state.now)),
        _ => held.cloned(),
    }
}

fn kept_items(request: &RequestRecord) -> Items {
    request.items.iter().filter(|row| !row.quantity.is_zero()).cloned().collect()
}

fn take_effect(asset: &mut AssetRecord, request: &RequestRecord) {
    asset.approved = Some(request.id.clone());
    asset.params = Arc::clone(&request.params);
    match request.kind {
        AssetRequestType::Purchase | AssetRequestType::Change => {
            asset.items = kept_items(request);
        }
        AssetRequestType::Transfer => asset.tiers = Arc::clone(&request.tiers),
        _ => {}
    }
}
