//! What has to happen at the demo vendor's for each type of request.

use connect_demo_vendor::{Effect, TenantOperation};
use connect_model::{
    AssetRequestType, RequestStatus, TierAccountRequestType, TierConfigRequestType,
};
use connect_testing::{EffectRole, SeenRequest, VendorEffect};

/// The type of a request, whatever its family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SeenType {
    /// A purchase of what the vendor has already.
    Migration,
    /// For a subscription.
    Asset(AssetRequestType),
    /// For a reseller's configuration.
    TierConfig(TierConfigRequestType),
    /// About a changed account.
    TierAccount(TierAccountRequestType),
}

/// A request as the oracle takes it, with what its approval rests on.
pub(crate) fn seen(
    id: String,
    kind: &SeenType,
    status: RequestStatus,
    tenant: Option<String>,
) -> SeenRequest {
    let names = |all: &[TenantOperation]| {
        all.iter().map(|operation| operation.as_str().to_owned()).collect::<Vec<_>>()
    };
    let (needs, may) = (names(required(kind)), Some(names(undoing(kind))));
    SeenRequest { id, status, tenant, needs, may, steps: Vec::new() }
}

/// Returns what has to have happened at the vendor's, under a key of the request, before a request
/// of a type is approved.
fn required(kind: &SeenType) -> &'static [TenantOperation] {
    match kind {
        SeenType::Asset(kind) => needed(kind),
        SeenType::Migration => &[TenantOperation::Adopt],
        SeenType::TierConfig(TierConfigRequestType::Setup) => &[TenantOperation::Create],
        SeenType::TierConfig(_) => &[],
        SeenType::TierAccount(_) => &[TenantOperation::SetContact],
    }
}

/// The same of a request for a subscription.
pub(crate) fn needed(kind: &AssetRequestType) -> &'static [TenantOperation] {
    match kind {
        AssetRequestType::Purchase => &[TenantOperation::Create, TenantOperation::SetLimit],
        AssetRequestType::Change => &[TenantOperation::SetLimit],
        AssetRequestType::Suspend => &[TenantOperation::Disable],
        AssetRequestType::Resume => &[TenantOperation::Enable],
        AssetRequestType::Cancel => &[TenantOperation::Delete],
        AssetRequestType::Renew => &[TenantOperation::Extend],
        AssetRequestType::Transfer => &[TenantOperation::HandOver],
        _ => &[],
    }
}

/// Returns what takes back what was begun for a request of a type, when the vendor refuses to go on.
fn undoing(kind: &SeenType) -> &'static [TenantOperation] {
    match kind {
        SeenType::Asset(AssetRequestType::Purchase) => &[TenantOperation::Delete],
        _ => &[],
    }
}

/// An effect of the demo vendor, as the oracle takes it.
#[must_use]
pub fn vendor_effect(effect: Effect) -> VendorEffect {
    VendorEffect {
        key: effect.key.map(|key| key.to_string()),
        request: None,
        tenant: effect.tenant.to_string(),
        operation: effect.operation.as_str().to_owned(),
        role: match effect.operation {
            TenantOperation::Create => EffectRole::Makes,
            TenantOperation::Delete => EffectRole::Removes,
            _ => EffectRole::Changes,
        },
        span: (effect.began_at, effect.ended_at),
    }
}
