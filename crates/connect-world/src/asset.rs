//! Assets: what customers own.

pub(crate) mod billing;
pub(crate) mod filters;
pub(crate) mod listed;
pub(crate) mod record;
pub(crate) mod stored;
pub(crate) mod view;
