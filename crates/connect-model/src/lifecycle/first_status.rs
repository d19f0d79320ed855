//! The status in which requests begin.

use crate::request_status::RequestStatus as Status;

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
