//! Tier accounts: customers and resellers, with their versions.

pub(crate) mod commands;
pub(crate) mod edit;
pub(crate) mod filters;
pub(crate) mod form;
pub(crate) mod listed;
pub(crate) mod record;
pub(crate) mod stored;
