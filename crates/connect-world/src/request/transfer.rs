//! Transfers: a subscription goes to another customer, or is sold by another reseller.

use std::sync::Arc;

use crate::actor::Token;
use crate::asset::record::{AssetRecord, Level, TierRow};
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::state::State;
use crate::tier_account::commands::{Mention, mentions, tiers_of};
use serde_json::Value;

/// Returns the accounts that a subscription is transferred to: those a body names, and the
/// subscription's own where it names none.
pub(crate) fn accounts(
    state: &mut State,
    token: &Token,
    asset: &AssetRecord,
    product: &ProductRecord,
    body: &Value,
) -> Result<Arc<TierRow>, Denial> {
    let mentions = mentions(state, token, body)?;
    let is_other = |(level, mention): (&Level, &Option<Mention>)| {
        let mention = mention.as_ref()?;
        let held = asset.tiers.at(*level).map(|tier| &tier.id);
        (mention.known(state, token).as_ref() != held).then_some(())
    };
    if Level::ALL.iter().zip(&mentions).find_map(is_other).is_none() {
        return Err(Denial::invalid("asset.tiers: Accounts are not changed."));
    }
    tiers_of(state, token, asset.is_preview(), product, &asset.tiers, mentions)
}
