//! The pages as a browser without script sees them.

mod fulfillment;
mod guard;
mod request;
mod products;
mod stage;
mod strangers;
mod subscriptions;
