//! Answers to a request about a tier account, as the bodies that are sent.

use serde::Serialize;

use crate::lifecycle::Operation;
use crate::request::Action;
use crate::tier_account_request::TierAccountRequest;

/// Says that the change was taken over.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Accept {}

/// Says that the change was not taken over. The account keeps it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ignore {
    /// The reason.
    pub reason: String,
}

impl Action<TierAccountRequest> for Accept {
    const OPERATION: Operation = Operation::Accept;
    type Output = TierAccountRequest;
}

impl Action<TierAccountRequest> for Ignore {
    const OPERATION: Operation = Operation::Ignore;
    type Output = TierAccountRequest;
}
