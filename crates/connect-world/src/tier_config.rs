//! Tier configurations: the values that a vendor needs of a reseller before it sells.

pub(crate) mod filters;
pub(crate) mod listed;
pub(crate) mod needed;
pub(crate) mod record;
pub(crate) mod stored;
pub(crate) mod view;
