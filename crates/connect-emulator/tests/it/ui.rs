//! The pages as a browser without script sees them.

mod guard;
mod products;
mod stage;
mod strangers;
mod subscriptions;
