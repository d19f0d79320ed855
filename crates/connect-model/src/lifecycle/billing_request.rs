//! The rules of billing requests, which have no lifecycle: who makes and sees those of which type,
//! and what is billed (CloudBlue's documentation of the Subscriptions module).

use super::operation::Caller;
use crate::asset::AssetStatus;
use crate::billing::BillingRequestType as Type;
use crate::refusal::Refusal;

/// The platform refuses a billing request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BillingRefused {
    /// Requests of the type are made by the other side.
    #[error("You do not have permission to perform this action.")]
    Side,
    /// The subscription is not in use.
    #[error("Subscription cannot be billed in status {0}.")]
    Status(AssetStatus),
}

impl BillingRefused {
    /// Returns the body of the error answer. Codes: `REQ_003` for the status, which is the
    /// emulator's own choice, and `AUTH_004` for the wrong side.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        let code = match self {
            Self::Side => "AUTH_004",
            Self::Status(_) => "REQ_003",
        };
        Refusal::new(code, self.to_string())
    }
}

/// Returns the type of what a caller bills, and so the attributes that are its own to write.
#[must_use]
pub fn billed_by(caller: Caller) -> Option<Type> {
    match caller {
        Caller::Vendor { .. } => Some(Type::Vendor),
        Caller::Distributor => Some(Type::Provider),
        Caller::Customer => None,
    }
}

/// Whether a caller may see requests of a type: vendors do not see how their distributors bill.
#[must_use]
pub fn may_see(kind: &Type, caller: Caller) -> bool {
    matches!(caller, Caller::Distributor) || billed_by(caller).as_ref() == Some(kind)
}

/// Whether a subscription in a status is billed.
#[must_use]
pub fn is_billed(status: &AssetStatus) -> bool {
    matches!(status, AssetStatus::Active | AssetStatus::Suspended)
}

/// Says whether a caller may bill a subscription in a status by a request of a type.
///
/// # Errors
///
/// The first refusal that applies: the wrong side, the wrong status.
pub fn allow(kind: &Type, status: &AssetStatus, caller: Caller) -> Result<(), BillingRefused> {
    if billed_by(caller).as_ref() != Some(kind) {
        return Err(BillingRefused::Side);
    }
    if is_billed(status) { Ok(()) } else { Err(BillingRefused::Status(status.clone())) }
}
