//! The calls of webhooks: what the world has due is delivered, validators are asked, and what came of
//! it is noted there.

pub(crate) mod deliveries;
mod exchange;
mod message;
pub(crate) mod receivers;
pub(crate) mod validators;
