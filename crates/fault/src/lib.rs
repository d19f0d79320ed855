//! Faults: how a server misbehaves when told to, to rehearse bad days.
//!
//! One grammar for every server that can be told: which calls ([`Fault::on`], [`Fault::of`]), how
//! many of them ([`Fault::skip`], [`Fault::times`]) and what happens to them ([`FaultEffect`]). The
//! server says what a call is ([`IncomingCall`]) and carries the effects out.
//!
//! ```
//! use fault::{FaultEffect, Fault, Refuse};
//!
//! let fault: Fault = serde_json::from_str(
//!     r#"{"on": "enable", "of": "t-1", "times": 1,
//!         "effect": {"refuse": {"reason": "The last invoice is overdue."}}}"#,
//! )?;
//! let refuse = FaultEffect::Refuse(Refuse::new("The last invoice is overdue."));
//! assert_eq!(fault, Fault::new(refuse).on_operation("enable").of("t-1").times(1));
//! # Ok::<(), serde_json::Error>(())
//! ```

mod effect;
mod faults;
mod location;
mod place;

use serde::{Deserialize, Serialize};

pub use effect::{Canned, FaultEffect, Refuse};
pub use faults::Faults;
pub use location::Location;
pub use place::{IncomingCall, On, WrongPlace, glob};

/// A way to misbehave, and the calls it is for. Of several that match, a call meets the oldest,
/// and only that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The calls it is for; all when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<On>,
    /// The id of the object that the calls are about; any when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The number of matching calls that it lets pass before it strikes.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skip: u32,
    /// The number of calls that it strikes; all when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// The effect on those calls.
    pub effect: FaultEffect,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Fault {
    /// Strikes every call.
    #[must_use]
    pub fn new(effect: FaultEffect) -> Self {
        Self { on: None, of: None, skip: 0, times: None, effect }
    }

    /// Strikes only calls with this method and path; see [`On::Call`].
    #[must_use]
    pub fn on(self, method: &str, path: impl Into<String>) -> Self {
        Self { on: Some(On::Call { method: Some(method.to_owned()), path: path.into() }), ..self }
    }

    /// Strikes only this operation, by the server's own word for it.
    #[must_use]
    pub fn on_operation(self, operation: impl AsRef<str>) -> Self {
        Self { on: Some(On::Operation(operation.as_ref().to_owned())), ..self }
    }

    /// Strikes only calls about the object with this id.
    #[must_use]
    pub fn of(self, id: impl Into<String>) -> Self {
        Self { of: Some(id.into()), ..self }
    }

    /// Strikes this many calls and is gone.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// Lets this many matching calls pass first.
    #[must_use]
    pub fn skip(self, skip: u32) -> Self {
        Self { skip, ..self }
    }

    /// Checks that the server has the operation, and that the id of the object is not empty.
    ///
    /// # Errors
    ///
    /// [`WrongPlace`] says what is wrong; an unknown operation with those that there are.
    pub fn check(&self, operations: &'static [&'static str]) -> Result<(), WrongPlace> {
        match &self.on {
            Some(On::Operation(word)) if !operations.contains(&word.as_str()) => {
                Err(WrongPlace::UnknownOperation { word: word.clone(), operations })
            }
            _ if self.of.as_deref() == Some("") => Err(WrongPlace::NoObject),
            _ => Ok(()),
        }
    }

    /// Returns what happens to this call, which is counted when it matches.
    fn meet(&mut self, call: &IncomingCall<'_>) -> Option<FaultEffect> {
        let matches = self.on.as_ref().is_none_or(|on| on.matches(call))
            && self.of.as_deref().is_none_or(|id| call.is_about(id));
        if !matches {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        self.times = self.times.map(|times| times.saturating_sub(1));
        Some(self.effect.clone())
    }

    fn is_spent(&self) -> bool {
        self.times == Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_for_an_object_without_an_id_is_refused() {
        let fault = Fault::new(FaultEffect::LoseCall);
        assert_eq!(fault.check(&["approve"]), Ok(()));
        assert_eq!(fault.clone().of("PR-1").check(&["approve"]), Ok(()));
        for fault in [fault.clone().of(""), fault.on_operation("approve").of("")] {
            assert_eq!(fault.check(&["approve"]), Err(WrongPlace::NoObject));
        }
    }
}
