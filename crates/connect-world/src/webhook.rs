//! Webhooks: addresses of a vendor that are called when a queue of a product changes.

pub(crate) mod call;
pub(crate) mod commands;
pub(crate) mod event;
pub(crate) mod form;
pub(crate) mod listed;
pub(crate) mod record;
pub(crate) mod schedule;
pub(crate) mod stored;
pub(crate) mod view;
