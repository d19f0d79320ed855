//! The deliveries of webhooks: what the world has due is sent, and what came of it is noted there.

pub(crate) mod deliveries;
mod exchange;
mod message;
pub(crate) mod receivers;
