//! Requests about changed tier accounts: one for each product that the account uses.

pub(crate) mod commands;
pub(crate) mod create;
pub(crate) mod filters;
pub(crate) mod listed;
pub(crate) mod operate;
pub(crate) mod record;
pub(crate) mod stored;
pub(crate) mod view;
