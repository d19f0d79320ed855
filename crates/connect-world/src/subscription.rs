//! Subscriptions as recurring billing sees them.

pub(crate) mod item;
pub(crate) mod listed;
pub(crate) mod view;
