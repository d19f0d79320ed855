//! The set-ups that the platform makes when a purchase, or a nearer reseller's set-up, needs them.

use std::sync::Arc;

use connect_model::{ContractId, TierConfigId, TierConfigRequestType};

use crate::asset::record::TierRow;
use crate::channel::Channel;
use crate::product::record::ProductRecord;
use crate::request::params;
use crate::state::State;
use crate::tier_config::needed::needed;
use crate::tier_config::record::{TierConfigKey, TierConfigRecord};
use crate::tier_config_request::begin::{Draft, begin};

/// Sees to it that every configuration which a sale through these resellers needs is there or under
/// way, the farthest reseller's first. Several sales share one.
pub(crate) fn set_up(
    state: &mut State,
    product: &ProductRecord,
    channel: Channel<'_>,
    tiers: &Arc<TierRow>,
) {
    for key in needed(product, channel.connection, channel.marketplace, tiers) {
        let config = match state.tier_config_for(&key) {
            Some(config) if config.approved.is_some() || config.open.is_some() => continue,
            Some(config) => Arc::clone(config),
            None => add_config(state, key, channel.contract, tiers),
        };
        let base = &config.params;
        let draft = Draft {
            kind: TierConfigRequestType::Setup,
            is_draft: false,
            params: params::rows_for(&product.for_tier(config.key.level), base),
            tiers: Arc::clone(tiers),
            notes: "".into(),
            creator: None,
        };
        begin(state, &config, product, draft);
    }
}

fn add_config(
    state: &mut State,
    key: TierConfigKey,
    contract: &ContractId,
    tiers: &Arc<TierRow>,
) -> Arc<TierConfigRecord> {
    let id = TierConfigId::from_number(state.numbers.issue());
    let (contract, tiers) = (contract.clone(), resellers(tiers));
    let config = TierConfigRecord::new(id, key, contract, tiers, state.now);
    state.add(config.clone());
    Arc::new(config)
}

/// Returns the resellers of a sale without its customer, who is not the configuration's.
fn resellers(tiers: &TierRow) -> Arc<TierRow> {
    Arc::new(TierRow { customer: None, ..tiers.clone() })
}
