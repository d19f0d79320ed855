//! Transfers: a subscription goes to another customer, or is sold by another reseller.

use std::sync::Arc;

use crate::actor::Token;
use crate::asset::record::{AssetRecord, Level, TierRow};
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::request::record::RequestRecord;
use crate::state::State;
use crate::tier_account::commands::{Mention, mentions, tiers_of};
use serde_json::Value;

/// Returns the accounts that a subscription is transferred to: those a body names, and those of
/// `base` where it names none.
pub(crate) fn accounts(
    state: &mut State,
    token: &Token,
    (asset, base): (&AssetRecord, &Arc<TierRow>),
    product: &ProductRecord,
    body: &Value,
) -> Result<Arc<TierRow>, Denial> {
    let mentions = mentions(state, token, body)?;
    let is_other = |(level, mention): (&Level, &Option<Mention>)| {
        let held = asset.tiers.at(*level).map(|tier| &tier.id);
        let known = mention.as_ref().map(|mention| mention.known(state, token));
        known.is_some_and(|known| known.is_none() || known.as_ref() != held)
    };
    if !Level::ALL.iter().zip(&mentions).any(is_other) {
        must_move(asset, base)?;
    }
    tiers_of(state, token, asset.is_preview(), product, base, mentions)
}

/// Returns the accounts a transfer asks for, on those the subscription has by now.
pub(crate) fn rebased(request: &RequestRecord, asset: &AssetRecord) -> Arc<TierRow> {
    let mut row = (*asset.tiers).clone();
    for level in &request.moved {
        *row.at_mut(*level) = request.tiers.at(*level).cloned();
    }
    Arc::new(row)
}

/// Refuses a transfer after which everything would be as it is.
pub(crate) fn must_move(asset: &AssetRecord, tiers: &TierRow) -> Result<(), Denial> {
    let is_same = asset.tiers.differences(tiers).is_empty();
    let same = || Denial::invalid("asset.tiers: Accounts are not changed.");
    if is_same { Err(same()) } else { Ok(()) }
}
