//! The rules of a family: who may do what to its requests in which status.

use super::operation::{Caller, Next, Operation};
use crate::capability::Capability;
use crate::refusal::Refusal;
use crate::request_status::RequestStatus as Status;

/// The platform accepts an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The operation.
    pub operation: Operation,
    /// The next status of the request.
    pub next: Next,
    /// The switch of the product that must be on.
    pub needs: Option<Capability>,
}

impl Allowed {
    /// Returns where the operation leads on a product with these switches.
    ///
    /// # Errors
    ///
    /// When the switch that it needs is off.
    pub fn with(self, is_on: impl FnOnce(Capability) -> bool) -> Result<Next, Refused> {
        match self.needs {
            Some(capability) if !is_on(capability) => {
                Err(Refused::Capability { operation: self.operation, capability })
            }
            _ => Ok(self.next),
        }
    }
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
        kind: Box<str>,
    },
    /// The request is in the wrong status.
    #[error("{}", wrong_status(*.operation, .allowed))]
    Status {
        /// The operation.
        operation: Operation,
        /// The statuses in which it is accepted.
        allowed: Vec<Status>,
    },
    /// The fulfillment request is in a status in which it is never written to.
    #[error("{CANNOT_UPDATE}")]
    Update,
    /// A switch of the product is off.
    #[error("{}", off(*.operation, *.capability))]
    Capability {
        /// The operation.
        operation: Operation,
        /// The switch.
        capability: Capability,
    },
}

/// The platform has one text for a fulfillment request in the wrong status, and for one that the
/// product does not let be written to in this one.
const CANNOT_UPDATE: &str = "Only pending, draft or inquiring Fulfillments with enabled validation capability can be updated.";

fn off(operation: Operation, capability: Capability) -> String {
    if operation == Operation::Update {
        return CANNOT_UPDATE.to_owned();
    }
    format!("Requests cannot be {}: capability {capability} is off.", operation.participle())
}

fn wrong_status(operation: Operation, allowed: &[Status]) -> String {
    let words: Vec<&str> = allowed.iter().map(Status::as_str).collect();
    let list = match words.as_slice() {
        [] => "no".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    };
    format!("Only {list} requests can be {}.", operation.participle())
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

/// The side that an operation belongs to.
#[derive(Clone, Copy)]
pub(super) enum By {
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

/// An operation that the platform accepts, of whom and in which statuses: of requests, unless other
/// operations and statuses are named. `N` says which switch it needs, in the words of the family.
pub(super) struct Rule<N, O = Operation, S: 'static = Status> {
    pub(super) operation: O,
    pub(super) by: By,
    pub(super) from: &'static [S],
    pub(super) needs: Option<N>,
}

pub(super) const fn rule<N: Copy, O: Copy, S>(
    operation: O,
    by: By,
    from: &'static [S],
) -> Rule<N, O, S> {
    Rule { operation, by, from, needs: None }
}

pub(super) const fn rule_with<N: Copy>(
    operation: Operation,
    by: By,
    from: &'static [Status],
    needs: N,
) -> Rule<N> {
    Rule { operation, by, from, needs: Some(needs) }
}

/// Returns the rule that lets the caller do it in this status. What no rule names is refused.
///
/// # Errors
///
/// The first refusal that applies: the wrong side, the wrong type (what `takes` refuses), the wrong
/// status.
pub(super) fn find<N>(
    rules: &'static [Rule<N>],
    status: &Status,
    operation: Operation,
    caller: Caller,
    takes: impl FnOnce() -> Result<(), Refused>,
) -> Result<&'static Rule<N>, Refused> {
    let sided = sided(rules, operation, caller);
    if sided.is_empty() {
        return Err(Refused::Side);
    }
    takes()?;
    sided.iter().find(|rule| rule.from.contains(status)).copied().ok_or_else(|| {
        let allowed = sided.iter().flat_map(|rule| rule.from.iter().cloned()).collect();
        Refused::Status { operation, allowed }
    })
}

/// Says whether the rules of a family whose types do not differ accept an operation.
///
/// # Errors
///
/// The first refusal that applies: the wrong side, the wrong status.
pub(super) fn allow(
    rules: &'static [Rule<Capability>],
    status: &Status,
    operation: Operation,
    caller: Caller,
) -> Result<Allowed, Refused> {
    let rule = find(rules, status, operation, caller, || Ok(()))?;
    Ok(Allowed { operation, next: operation.leads_to().clone(), needs: rule.needs })
}

/// Whether any of the rules is for an operation.
pub(super) fn names(rules: &[Rule<Capability>], operation: Operation) -> bool {
    rules.iter().any(|rule| rule.operation == operation)
}

/// Returns the rules for an operation that are for the caller.
pub(super) fn sided<N, O: Copy + PartialEq, S>(
    rules: &'static [Rule<N, O, S>],
    operation: O,
    caller: Caller,
) -> Vec<&'static Rule<N, O, S>> {
    let named = rules.iter().filter(|rule| rule.operation == operation);
    named.filter(|rule| rule.by.includes(caller)).collect()
}
