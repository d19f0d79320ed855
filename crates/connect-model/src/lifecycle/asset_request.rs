//! The lifecycle of requests for assets: what they accept in which status, and what they do to
//! their asset.

use super::operation::{Caller, Operation};
use super::rules::{Allowed, By, Refused, Rule, find, rule, rule_with};
use super::validation::of_asset_request;
use crate::asset_request::AssetRequestType as Type;
use crate::capability::Capability;
use crate::request_status::RequestStatus as Status;

mod asset;
mod create;
mod values;

pub use asset::{RequestResult, allowed_asset_statuses, on_create, on_outcome};
pub use create::{
    approves_itself, draft_capability, editing_capability, may_create, may_stand_beside,
    needed_capability,
};
pub use values::{is_needed_to_approve, is_owed_by_customer, may_write};

/// The switch that a rule needs.
#[derive(Clone, Copy)]
enum Needs {
    Switch(Capability),
    Scheduling,
    /// The one that has the form of an inquiry validated.
    ValidatedForm,
}

/// Everything the platform accepts. What is not here is refused.
static RULES: &[Rule<Needs>] = {
    use Operation as Op;
    use Status::{Approved, Draft, Failed, Inquiring, Pending, Revoked, Revoking, Scheduled};
    const WRITABLE_FORM: Needs = Needs::Switch(Capability::InquiringValidation);
    const UNFINISHED: &[Status] =
        &[Draft, Status::TiersSetup, Pending, Inquiring, Scheduled, Revoking];
    const ANY: &[Status] = &[
        Draft,
        Status::TiersSetup,
        Pending,
        Inquiring,
        Approved,
        Failed,
        Scheduled,
        Revoking,
        Revoked,
    ];
    &[
        rule(Op::Update, By::Distributor, &[Draft]),
        rule(Op::Update, By::Vendor, &[Pending]),
        rule_with(Op::Update, By::Both, &[Inquiring], WRITABLE_FORM),
        rule(Op::Approve, By::Vendor, &[Pending, Inquiring]),
        rule(Op::Fail, By::Vendor, &[Pending]),
        rule(Op::Inquire, By::Vendor, &[Pending]),
        rule(Op::Pend, By::Anybody, &[Inquiring]),
        rule(Op::Pend, By::Vendor, &[Scheduled]),
        rule(Op::Assign, By::Both, UNFINISHED),
        rule(Op::Unassign, By::Both, UNFINISHED),
        rule_with(Op::Schedule, By::Vendor, &[Pending], Needs::Scheduling),
        rule(Op::Revoke, By::Distributor, &[Scheduled]),
        rule(Op::Confirm, By::Vendor, &[Revoking]),
        rule(Op::Purchase, By::Distributor, &[Draft]),
        rule(Op::Submit, By::Distributor, &[Draft]),
        rule(Op::Validate, By::Distributor, &[Draft]),
        rule_with(Op::Validate, By::Distributor, &[Inquiring], Needs::ValidatedForm),
        rule(Op::Render, By::Both, ANY),
    ]
};

/// The statuses that such requests can have (OpenAPI 37.0).
pub const STATUSES: &[&str] = &[
    "draft",
    "tiers_setup",
    "pending",
    "inquiring",
    "approved",
    "failed",
    "scheduled",
    "revoking",
    "revoked",
];

/// Whether such requests ever take an operation.
#[must_use]
pub fn has(operation: Operation) -> bool {
    RULES.iter().any(|rule| rule.operation == operation)
}

/// Says whether the platform accepts an operation on a request of this type in this status.
///
/// # Errors
///
/// The first refusal that applies: the wrong side, the wrong type, the wrong status. A missing
/// capability is not known here; see [`Allowed::needs`].
pub fn allow(
    kind: &Type,
    status: &Status,
    operation: Operation,
    caller: Caller,
) -> Result<Allowed, Refused> {
    let fits = || match takes(kind, operation) {
        true => Ok(()),
        false => Err(Refused::Type { operation, kind: kind.as_str().into() }),
    };
    let rule = find(RULES, status, operation, caller, fits).map_err(|refused| match refused {
        // A draft is its seller's own until it is ordered.
        Refused::Status { operation: Operation::Update, .. } if *status == Status::Draft => {
            Refused::Side
        }
        Refused::Status { operation: Operation::Update, .. } => Refused::Update,
        other => other,
    })?;
    let needs = rule.needs.and_then(|needs| match needs {
        Needs::Switch(switch) => Some(switch),
        Needs::Scheduling => scheduling_capability(kind),
        Needs::ValidatedForm => Some(
            of_asset_request(kind, &Status::Inquiring)
                .map_or(Capability::InquiringValidation, |validator| validator.needs),
        ),
    });
    Ok(Allowed { operation, next: operation.leads_to().clone(), needs })
}

/// Whether requests of this type ever take the operation.
fn takes(kind: &Type, operation: Operation) -> bool {
    match operation {
        Operation::Purchase => *kind == Type::Purchase,
        Operation::Submit => *kind != Type::Purchase,
        Operation::Schedule | Operation::Revoke | Operation::Confirm => {
            scheduling_capability(kind).is_some()
        }
        _ => true,
    }
}

/// Returns the switch that lets requests of this type be scheduled; `None` when they never are.
/// Adjustments and transfers have none (OpenAPI 37.0, product capabilities).
fn scheduling_capability(kind: &Type) -> Option<Capability> {
    match kind {
        Type::Purchase => Some(Capability::PurchaseScheduling),
        Type::Change => Some(Capability::ChangeScheduling),
        Type::Suspend => Some(Capability::SuspendScheduling),
        Type::Resume => Some(Capability::ResumeScheduling),
        Type::Cancel => Some(Capability::CancelScheduling),
        Type::Renew => Some(Capability::RenewScheduling),
        _ => None,
    }
}

/// Whether a request of this type can ever be in this status.
#[must_use]
pub fn is_reachable(kind: &Type, status: &Status) -> bool {
    match status {
        Status::Draft => draft_capability(kind).is_some(),
        Status::TiersSetup => *kind == Type::Purchase,
        Status::Scheduled | Status::Revoking | Status::Revoked => {
            scheduling_capability(kind).is_some()
        }
        other => STATUSES.contains(&other.as_str()),
    }
}
