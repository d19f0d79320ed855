//! The lifecycle of requests about tier accounts: what they accept in which status.

use super::operation::{Caller, Operation};
use super::rules::{self, Allowed, By, Refused, Rule, rule};
use crate::capability::Capability;
use crate::request_status::RequestStatus as Status;

/// Everything the platform accepts. What is not here is refused.
static RULES: &[Rule<Capability>] = &[
    rule(Operation::Accept, By::Vendor, &[Status::Pending]),
    rule(Operation::Ignore, By::Vendor, &[Status::Pending]),
];

/// The statuses that such requests can have (OpenAPI 37.0).
pub const STATUSES: &[&str] = &["pending", "accepted", "ignored", "unsupported"];

/// Whether somebody may change an account so that its vendors are asked: who has it, which on
/// preview is the vendor.
#[must_use]
pub fn may_create(caller: Caller) -> bool {
    matches!(caller, Caller::Distributor | Caller::Vendor { preview: true })
}

/// Whether such requests ever take an operation.
#[must_use]
pub fn has(operation: Operation) -> bool {
    rules::names(RULES, operation)
}

/// Says whether the platform accepts an operation on a request in this status.
///
/// # Errors
///
/// The first refusal that applies: the wrong side, the wrong status.
pub fn allow(status: &Status, operation: Operation, caller: Caller) -> Result<Allowed, Refused> {
    rules::allow(RULES, status, operation, caller)
}

/// Whether a request can ever be in this status.
#[must_use]
pub fn is_reachable(status: &Status) -> bool {
    STATUSES.contains(&status.as_str())
}
