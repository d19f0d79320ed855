//! The values that a new request or a draft may bring.

use connect_model::lifecycle::asset_request as lifecycle;
use connect_model::{AssetRequestType, ParameterPhase};
use serde_json::Value;

use crate::asset::record::AssetRecord;
use crate::body;
use crate::denial::Denial;
use crate::product::record::ProductRecord;
use crate::request::params::Update;

/// Whether the body asks for a draft. Other statuses in a body are ignored.
pub(crate) fn is_draft(
    kind: &AssetRequestType,
    product: &ProductRecord,
    body: &Value,
) -> Result<bool, Denial> {
    if body::text(body, "status").as_deref() != Some("draft") {
        return Ok(false);
    }
    match lifecycle::draft_capability(kind) {
        Some(capability) if product.is_on(capability) => Ok(true),
        Some(capability) => {
            let text = format!("status: Draft requests need the capability {capability}.");
            Err(Denial::invalid(text))
        }
        None => Err(Denial::invalid(format!("status: Requests of type {kind} are never drafts."))),
    }
}

/// Refuses a request that the product's vendor has not switched on.
pub(crate) fn must_be_capable(
    kind: &AssetRequestType,
    product: &ProductRecord,
) -> Result<(), Denial> {
    match lifecycle::needed_capability(kind) {
        Some(capability) if !product.is_on(capability) => {
            let text = format!("type: Requests of type {kind} need the capability {capability}.");
            Err(Denial::invalid(text))
        }
        _ => Ok(()),
    }
}

/// Refuses values that a new request or a draft may not bring. Clients may repeat the values that a
/// subscription has, which they have read; only other ones are refused.
pub(crate) fn must_be_writable(
    kind: &AssetRequestType,
    asset: &AssetRecord,
    product: &ProductRecord,
    updates: &[Update],
) -> Result<(), Denial> {
    if *kind == AssetRequestType::Adjustment {
        return Ok(());
    }
    let mut others = updates.iter().filter(|update| update.changes(&asset.params));
    others.try_for_each(|update| match update.phase() {
        ParameterPhase::Ordering => must_be_editable(kind, &ParameterPhase::Ordering, product),
        phase if brings(kind, phase, product) => Ok(()),
        _ => update.must_be_ordering(),
    })
}

/// Whether the product lets requests of a type bring other values of the parameters of a phase.
pub(crate) fn brings(
    kind: &AssetRequestType,
    phase: &ParameterPhase,
    product: &ProductRecord,
) -> bool {
    lifecycle::editing_capability(kind, phase).is_some_and(|switch| product.is_on(switch))
}

/// Refuses other values than the subscription has of the parameters of a phase, unless the product
/// lets requests of the type bring them.
pub(crate) fn must_be_editable(
    kind: &AssetRequestType,
    phase: &ParameterPhase,
    product: &ProductRecord,
) -> Result<(), Denial> {
    match lifecycle::editing_capability(kind, phase) {
        Some(capability) if !product.is_on(capability) => {
            let text = format!("asset.params: Changing values needs the capability {capability}.");
            Err(Denial::invalid(text))
        }
        _ => Ok(()),
    }
}
