//! The rules by which requests are created on assets that are there.

use crate::asset_request::AssetRequestType as Type;
use crate::capability::Capability;
use crate::lifecycle::operation::Caller;
use crate::parameter::ParameterPhase;

/// Whether requests of a type are a caller's to create. Distributors sell, so they create everything
/// but adjustments; these are the vendor's, who creates the rest only on its own trials.
#[must_use]
pub fn may_create(kind: &Type, caller: Caller) -> bool {
    let is_adjustment = *kind == Type::Adjustment;
    match caller {
        Caller::Vendor { preview } => preview || is_adjustment,
        Caller::Distributor => !is_adjustment,
        Caller::Customer => false,
    }
}

/// Whether a new request may stand beside an open one of the same asset: an adjustment beside a
/// change, when the product lets them.
#[must_use]
pub fn may_stand_beside(new: &Type, open: &Type, is_on: impl Fn(Capability) -> bool) -> bool {
    *new == Type::Adjustment && *open == Type::Change && is_on(Capability::SimultaneousAdjustment)
}

/// Returns the switch without which requests of this type are refused; `None` when they need none.
/// Suspensions and resumptions are created all the same, and fail.
#[must_use]
pub fn needed_capability(kind: &Type) -> Option<Capability> {
    match kind {
        Type::Renew => Some(Capability::Renew),
        Type::Transfer => Some(Capability::Transfer),
        _ => None,
    }
}

/// Whether a request of this type is approved as soon as it waits for the vendor.
#[must_use]
pub fn approves_itself(kind: &Type, is_on: impl Fn(Capability) -> bool) -> bool {
    *kind == Type::Transfer && is_on(Capability::TransferAutoapprove)
}

/// Returns the switch that lets requests of this type on an asset bring other values of the
/// parameters of a phase than it has; `None` when they never bring any.
#[must_use]
pub fn editing_capability(kind: &Type, phase: &ParameterPhase) -> Option<Capability> {
    use ParameterPhase::{Fulfillment, Ordering};
    match (kind, phase) {
        (Type::Change, Ordering) => Some(Capability::EditableOrdering),
        (Type::Change, Fulfillment) => Some(Capability::EditableFulfillment),
        (Type::Renew, Ordering) => Some(Capability::RenewEditableOrdering),
        (Type::Renew, Fulfillment) => Some(Capability::RenewEditableFulfillment),
        (Type::Transfer, Ordering) => Some(Capability::TransferEditableOrdering),
        (Type::Transfer, Fulfillment) => Some(Capability::TransferEditableFulfillment),
        _ => None,
    }
}

/// Returns the switch that lets requests of this type begin as drafts; `None` when they never do.
#[must_use]
pub fn draft_capability(kind: &Type) -> Option<Capability> {
    match kind {
        Type::Purchase => Some(Capability::CartValidation),
        Type::Change => Some(Capability::ChangeValidation),
        Type::Renew => Some(Capability::RenewValidation),
        Type::Transfer => Some(Capability::TransferValidation),
        _ => None,
    }
}
