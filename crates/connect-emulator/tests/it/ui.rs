//! The pages as a browser without script sees them.

mod guard;
mod stage;
mod strangers;
mod subscriptions;
