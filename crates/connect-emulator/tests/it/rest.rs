//! The emulator over real HTTP, as Connect's clients see it.

mod access;
mod actions;
mod activity;
mod billing;
mod configurations;
mod control;
mod conversations;
mod document;
mod faults;
mod filters;
mod in_process;
mod life;
mod lists;
mod products;
mod running;
mod shape;
mod stage;
mod subscriptions;
mod tiers;
mod tour;
mod usage;
mod usage_rules;
mod usage_sheets;
mod validation;
mod webhooks;
mod words;
