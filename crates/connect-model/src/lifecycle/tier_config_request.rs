//! The lifecycle of requests for tier configurations: what they accept in which status. Their
//! configuration is `processing` while one of them is open, and `active` otherwise.

use super::operation::{Caller, Operation};
use super::rules::{self, Allowed, By, Refused, Rule, rule, rule_with};
use crate::capability::Capability;
use crate::parameter::ParameterPhase;
use crate::request_status::RequestStatus as Status;
use crate::tier_config_request::TierConfigRequestType as Type;

/// Everything the platform accepts. What is not here is refused. A draft is checked, and an
/// inquiring one with the capability for it.
static RULES: &[Rule<Capability>] = {
    use Operation as Op;
    use Status::{Approved, Draft, Failed, Inquiring, Pending, TiersSetup};
    const UNFINISHED: &[Status] = &[Draft, TiersSetup, Pending, Inquiring];
    const ANY: &[Status] = &[Draft, TiersSetup, Pending, Inquiring, Approved, Failed];
    &[
        rule(Op::Update, By::Distributor, &[Draft]),
        rule(Op::Update, By::Vendor, &[Pending]),
        rule(Op::Approve, By::Vendor, &[Pending]),
        rule(Op::Fail, By::Both, &[Pending, Inquiring]),
        rule(Op::Fail, By::Vendor, &[TiersSetup]),
        rule(Op::Inquire, By::Vendor, &[Pending]),
        rule(Op::Pend, By::Anybody, &[Inquiring]),
        rule(Op::Assign, By::Both, UNFINISHED),
        rule(Op::Unassign, By::Both, UNFINISHED),
        rule(Op::Submit, By::Distributor, &[Draft]),
        rule(Op::Validate, By::Distributor, &[Draft]),
        rule_with(Op::Validate, By::Distributor, &[Inquiring], Capability::TiersValidation),
        rule(Op::Render, By::Both, ANY),
    ]
};

/// The statuses that such requests can have (OpenAPI 37.0).
pub const STATUSES: &[&str] =
    &["tiers_setup", "pending", "inquiring", "approved", "failed", "draft"];

/// Whether somebody may create a request of this type. Who sells sets up; adjustments are the
/// vendor's; updates are anybody's.
#[must_use]
pub fn may_create(kind: &Type, caller: Caller) -> bool {
    match kind {
        Type::Setup => matches!(caller, Caller::Distributor | Caller::Vendor { preview: true }),
        Type::Adjustment => matches!(caller, Caller::Vendor { .. }),
        _ => true,
    }
}

/// Whether somebody may bring a value of a phase, in a new request or an update. Who sells writes
/// what is ordered; the vendor writes everything.
#[must_use]
pub fn may_write(caller: Caller, phase: &ParameterPhase) -> bool {
    matches!(caller, Caller::Vendor { .. }) || *phase == ParameterPhase::Ordering
}

/// Whether such requests ever take an operation.
#[must_use]
pub fn has(operation: Operation) -> bool {
    rules::names(RULES, operation)
}

/// Says whether the platform accepts an operation on a request in this status. Types do not differ.
///
/// # Errors
///
/// The first refusal that applies: the wrong side, the wrong status. A missing capability is not
/// known here; see [`Allowed::needs`].
pub fn allow(status: &Status, operation: Operation, caller: Caller) -> Result<Allowed, Refused> {
    rules::allow(RULES, status, operation, caller)
}

/// Whether a request of this type can ever be in this status. Only set-ups wait for a level above,
/// and an adjustment is not prepared as a draft.
#[must_use]
pub fn is_reachable(kind: &Type, status: &Status) -> bool {
    match status {
        Status::Draft => *kind != Type::Adjustment,
        Status::TiersSetup => *kind == Type::Setup,
        other => STATUSES.contains(&other.as_str()),
    }
}
