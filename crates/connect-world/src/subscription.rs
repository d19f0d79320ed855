//! Subscriptions as recurring billing sees them: assets, and the requests to bill for them.

pub(crate) mod billing_requests;
pub(crate) mod listed;
pub(crate) mod view;
