//! Billing requests: records of what was billed for subscriptions.

mod attributes;
pub(crate) mod commands;
mod create;
pub(crate) mod listed;
mod period;
pub(crate) mod record;
pub(crate) mod stats;
mod stored;
mod view;
