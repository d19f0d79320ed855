//! The rules about who gives a request which values.

use crate::lifecycle::operation::Caller;
use crate::parameter::ParameterPhase as Phase;
use crate::request_status::RequestStatus as Status;

/// Whether an update of a request in a status may bring values of a phase. A draft takes what is
/// ordered; later, only the vendor writes more than that.
#[must_use]
pub fn may_write(caller: Caller, status: &Status, phase: &Phase) -> bool {
    let fulfills = matches!(caller, Caller::Vendor { .. }) && *status != Status::Draft;
    fulfills || *phase == Phase::Ordering
}

/// Whether approval waits for the value of a parameter like this.
#[must_use]
pub fn is_needed_to_approve(phase: &Phase, is_required: bool) -> bool {
    *phase == Phase::Fulfillment && is_required
}

/// Whether the customer owes the value of a parameter like this.
#[must_use]
pub fn is_owed_by_customer(phase: &Phase, is_required: bool, is_hidden: bool) -> bool {
    *phase == Phase::Ordering && is_required && !is_hidden
}
