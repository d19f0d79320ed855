//! The pages as a browser without script sees them.

mod activity;
mod billing;
mod change;
mod customers;
mod fulfillment;
mod guard;
mod products;
mod purchase;
mod renew;
mod request;
mod stage;
mod strangers;
mod subscriptions;
mod tiers;
mod usage;
mod validation;
mod webhooks;
