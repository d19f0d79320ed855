//! Purchases that wait for the configuration of their resellers.

use connect_model::{RequestId, RequestStatus};

use crate::request::params;
use crate::request::turn::{Subject, first_status, turn, write_params};
use crate::state::State;
use crate::tier_config_request::set_up::set_up;

/// Sends a purchase that waited on. Where the product asks for another configuration by now, that is
/// set up.
pub(crate) fn go_on(state: &mut State, id: &RequestId) {
    let Some(subject) = Subject::find(state, id) else { return };
    let Subject { request, asset, product } = &subject;
    let status =
        first_status(state, &request.kind, asset, product, (&request.params, &request.tiers));
    match status {
        RequestStatus::TiersSetup => {
            return set_up(state, product, asset.channel(), &request.tiers);
        }
        RequestStatus::Inquiring => {
            let demands = params::with_demands(&product.for_assets(), &request.params);
            write_params(state, &subject, demands);
        }
        _ => {}
    }
    turn(state, None, &subject, &status, |_| ());
}

/// Fails a purchase whose resellers could not be configured.
pub(crate) fn fail(state: &mut State, id: &RequestId, reason: &str) {
    let Some(subject) = Subject::find(state, id) else { return };
    turn(state, None, &subject, &RequestStatus::Failed, |request| request.reason = reason.into());
}
