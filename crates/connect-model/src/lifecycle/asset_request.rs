//! The lifecycle of requests for assets: what they accept in which status, and what they do to
//! their asset.

use super::operation::{Caller, Next, Operation};
use crate::asset_request::AssetRequestType as Type;
use crate::capability::Capability;
use crate::refusal::Refusal;
use crate::request_status::RequestStatus as Status;

mod asset;

pub use asset::{RequestResult, allowed_asset_statuses, on_create, on_outcome};

/// The platform accepts an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The next status of the request.
    pub next: Next,
    /// The switch of the product that must be on.
    pub needs: Option<Capability>,
}

/// The platform refuses an operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The operation belongs to the other side of the transaction.
    #[error("You do not have permission to perform this action.")]
    Side,
    /// Requests of this type never take the operation.
    #[error("Requests of type {kind} cannot be {}.", .operation.participle())]
    Type {
        /// The operation.
        operation: Operation,
        /// The type of the request.
        kind: Type,
    },
    /// The request is in the wrong status.
    #[error("{}", wrong_status(*.operation, .allowed))]
    Status {
        /// The operation.
        operation: Operation,
        /// The statuses in which it is accepted.
        allowed: Vec<Status>,
    },
    /// A switch of the product is off.
    #[error("{}", off(*.operation, *.capability))]
    Capability {
        /// The operation.
        operation: Operation,
        /// The switch.
        capability: Capability,
    },
}

const CANNOT_UPDATE: &str = "Only pending, draft or inquiring Fulfillments with enabled validation capability can be updated.";

fn wrong_status(operation: Operation, allowed: &[Status]) -> String {
    if operation == Operation::Update {
        return CANNOT_UPDATE.to_owned();
    }
    let words: Vec<&str> = allowed.iter().map(Status::as_str).collect();
    let list = match words.as_slice() {
        [] => "no".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    };
    format!("Only {list} requests can be {}.", operation.participle())
}

fn off(operation: Operation, capability: Capability) -> String {
    if operation == Operation::Update {
        return CANNOT_UPDATE.to_owned();
    }
    format!("Requests cannot be {}: capability {capability} is off.", operation.participle())
}

impl Refused {
    /// Returns the body of the error answer. Codes: `REQ_003` for states and switches, `AUTH_004`
    /// for the wrong side.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        let code = match self {
            Self::Side => "AUTH_004",
            _ => "REQ_003",
        };
        Refusal::new(code, self.to_string())
    }
}

#[derive(Clone, Copy)]
enum By {
    Vendor,
    Distributor,
    Both,
    Anybody,
}

impl By {
    fn includes(self, caller: Caller) -> bool {
        matches!(
            (self, caller),
            (Self::Anybody, _)
                | (_, Caller::Vendor { preview: true })
                | (Self::Vendor | Self::Both, Caller::Vendor { .. })
                | (Self::Distributor | Self::Both, Caller::Distributor)
        )
    }
}

#[derive(Clone, Copy)]
enum Needs {
    Nothing,
    Switch(Capability),
    Scheduling,
}

struct Rule {
    operation: Operation,
    by: By,
    from: &'static [Status],
    needs: Needs,
}

const fn rule(operation: Operation, by: By, from: &'static [Status]) -> Rule {
    rule_with(operation, by, from, Needs::Nothing)
}

const fn rule_with(operation: Operation, by: By, from: &'static [Status], needs: Needs) -> Rule {
    Rule { operation, by, from, needs }
}

/// Everything the platform accepts. What is not here is refused.
const RULES: &[Rule] = {
    use Operation as Op;
    use Status::{Approved, Draft, Failed, Inquiring, Pending, Revoked, Revoking, Scheduled};
    const VALIDATED_FORM: Needs = Needs::Switch(Capability::InquiringValidation);
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
        rule(Op::Update, By::Both, &[Draft]),
        rule(Op::Update, By::Vendor, &[Pending]),
        rule_with(Op::Update, By::Both, &[Inquiring], VALIDATED_FORM),
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
        rule_with(Op::Validate, By::Distributor, &[Inquiring], VALIDATED_FORM),
        rule(Op::Render, By::Both, ANY),
    ]
};

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
    let rules = RULES.iter().filter(|rule| rule.operation == operation);
    let sided: Vec<&Rule> = rules.filter(|rule| rule.by.includes(caller)).collect();
    if sided.is_empty() {
        return Err(Refused::Side);
    }
    if !takes(kind, operation) {
        return Err(Refused::Type { operation, kind: kind.clone() });
    }
    let Some(rule) = sided.iter().find(|rule| rule.from.contains(status)) else {
        let allowed = sided.iter().flat_map(|rule| rule.from.iter().cloned()).collect();
        return Err(Refused::Status { operation, allowed });
    };
    Ok(Allowed { next: operation.leads_to().clone(), needs: switch(rule.needs, kind) })
}

fn switch(needs: Needs, kind: &Type) -> Option<Capability> {
    match needs {
        Needs::Nothing => None,
        Needs::Switch(switch) => Some(switch),
        Needs::Scheduling => scheduling_capability(kind),
    }
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

/// Whether a request of this type can ever be in this status.
#[must_use]
pub fn is_reachable(kind: &Type, status: &Status) -> bool {
    match status {
        Status::Draft => draft_capability(kind).is_some(),
        Status::TiersSetup => *kind == Type::Purchase,
        Status::Scheduled | Status::Revoking | Status::Revoked => {
            scheduling_capability(kind).is_some()
        }
        _ => true,
    }
}

/// The facts that decide the first status of a request that is not a draft.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FirstStatus {
    /// Whether it is a suspend or resume, and the product has no Administrative Hold.
    pub hold_missing: bool,
    /// Whether a reseller's configuration is needed and not active.
    pub tier_config_missing: bool,
    /// Whether a required ordering parameter that people can see has no value.
    pub ordering_value_missing: bool,
}

/// Returns the first status of a request, by the four checks of the platform in their order.
#[must_use]
pub fn first_status(facts: FirstStatus) -> Status {
    match facts {
        FirstStatus { hold_missing: true, .. } => Status::Failed,
        FirstStatus { tier_config_missing: true, .. } => Status::TiersSetup,
        FirstStatus { ordering_value_missing: true, .. } => Status::Inquiring,
        _ => Status::Pending,
    }
}
