//! The world by itself: commands in, JSON or a refusal out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod billing;
mod catalog;
mod changes;
mod configurations;
mod conversations;
mod drafts;
mod due;
mod inquiry;
mod lists;
mod outcomes;
mod purchases;
mod renewals;
mod rights;
mod service_levels;
/// A world with a vendor and a distributor who speak in domain words. The tests of the emulator
/// include it.
mod stage;
mod templates;
mod tier_account_requests;
mod tiers;
mod transfers;
mod values;
mod webhooks;
