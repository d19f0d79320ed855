//! The values that no page may show.

use crate::row::Params;
use crate::state::State;
use crate::tier_config_request::subject::Subject;

/// Returns the values of the password parameters of an object, also of deleted parameters.
pub(crate) fn secret_values(state: &State, id: &str) -> Vec<String> {
    let secrets = |product, params: &Params| state.shared.secrets_of(product, params);
    if let Some(asset) = state.assets.get(id) {
        secrets(&asset.product, &asset.params)
    } else if let Some(config) = state.tier_configs.get(id) {
        secrets(&config.key.product, &config.params)
    } else if let Some(request) = state.requests.get(id) {
        let asset = state.assets.get(request.asset.as_str());
        asset.map(|asset| secrets(&asset.product, &request.params)).unwrap_or_default()
    } else if let Some(Subject { request, config, .. }) = Subject::find(state, id) {
        secrets(&config.key.product, &request.params)
    } else {
        Vec::new()
    }
}
