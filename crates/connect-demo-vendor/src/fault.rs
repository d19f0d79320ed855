//! Faults: how the vendor misbehaves on request.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::answer::Refusal;
use crate::operation::{Command, Operation};

/// A way to misbehave, for the calls it applies to. Of several that apply, a call meets the
/// oldest, and only that.
///
/// ```
/// use connect_demo_vendor::Fault;
///
/// let fault: Fault = serde_json::from_str(
///     r#"{"tenant": "t-1", "operation": "enable", "times": 2, "effect": {"fail": {"status": 503}}}"#,
/// )?;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Only calls for this tenant id (for create and find: this external id); all when `None`.
    #[serde(default)]
    pub tenant: Option<String>,
    /// Only this operation; all when `None`.
    #[serde(default)]
    pub operation: Option<Operation>,
    /// How many more calls it strikes; forever when `None`.
    #[serde(default)]
    pub times: Option<u32>,
    /// What happens to them.
    pub effect: FaultEffect,
}

/// What a fault does to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultEffect {
    /// The operation is turned down for a reason of the vendor's business.
    Refuse(Refuse),
    /// The call fails with this status before the operation is looked at.
    Fail {
        /// The status; one that HTTP does not have becomes 500.
        status: u16,
    },
    /// 429 before the operation is looked at.
    Limit {
        /// The value of `Retry-After`, in seconds.
        retry_after: u64,
    },
    /// The operation is carried out this much later, whether the caller waits for it or not.
    Delay {
        /// How much later, in milliseconds.
        millis: u64,
    },
    /// The operation is carried out and the connection closed without an answer.
    Drop,
    /// The operation is carried out and answered with 200 and a body that is not JSON.
    Rubbish,
}

/// A refusal in the vendor's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refuse {
    /// The status; one that HTTP does not have becomes 500.
    pub status: u16,
    /// The machine-readable reason, such as `payment_overdue`.
    pub code: String,
    /// The reason for people.
    pub message: String,
}

impl Fault {
    /// Strikes every call, forever.
    pub fn new(effect: FaultEffect) -> Self {
        Self { tenant: None, operation: None, times: None, effect }
    }

    /// Strikes only calls for this tenant.
    #[must_use]
    pub fn on_tenant(self, tenant: impl Into<String>) -> Self {
        Self { tenant: Some(tenant.into()), ..self }
    }

    /// Strikes only this operation.
    #[must_use]
    pub fn on_operation(self, operation: Operation) -> Self {
        Self { operation: Some(operation), ..self }
    }

    /// Strikes this many calls and is gone.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    fn applies_to(&self, command: &Command) -> bool {
        let tenant = self.tenant.as_deref();
        self.operation.is_none_or(|operation| operation == command.operation())
            && (tenant.is_none() || tenant == command.subject().map(AsRef::as_ref))
    }
}

impl From<Refuse> for Refusal {
    fn from(refuse: Refuse) -> Self {
        Self::new(status(refuse.status), refuse.code, refuse.message)
    }
}

/// The status a fault asked for.
pub(crate) fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The faults that have strikes left, oldest first.
#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        if fault.times != Some(0) {
            self.0.push(fault);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.0.clone()
    }

    /// The misbehaviour this call meets, using up one strike.
    pub(crate) fn strike(&mut self, command: &Command) -> Option<FaultEffect> {
        let place = self.0.iter().position(|fault| fault.applies_to(command))?;
        let fault = self.0.get_mut(place)?;
        match &mut fault.times {
            Some(1) => Some(self.0.remove(place).effect),
            Some(times) => {
                *times -= 1;
                Some(fault.effect.clone())
            }
            None => Some(fault.effect.clone()),
        }
    }
}
