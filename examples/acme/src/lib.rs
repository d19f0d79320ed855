//! A complete processor for the vendor of Connect's documentation, here called Acme.
//!
//! Acme sells tenants. What it does for each type of request stands in a file of its own:
//!
//! | request | file | what Acme is asked to do |
//! |---|---|---|
//! | purchase | `purchase.rs` | create a tenant, wait until it is ready, set its limit; delete it again if refused |
//! | purchase of what Acme's own shop has sold | `migration.rs` | adopt the tenant that is there |
//! | change | `change.rs` | set another limit |
//! | suspend | `suspend.rs` | disable the tenant |
//! | resume | `resume.rs` | enable the tenant |
//! | cancel | `cancel.rs` | delete the tenant |
//! | renew | `renew.rs` | extend the tenant until the new day |
//! | transfer | `transfer.rs` | hand the tenant over to the new customer |
//! | purchase or change that is revoked before its day | `revoke.rs` | delete the tenant; nothing |
//! | adjustment | `adjustment.rs` | nothing: the correction is Acme's own |
//! | draft of a purchase, and the form of its inquiry | `validation.rs` | nothing: Acme says what is wrong |
//! | action of a product | `console.rs` | nothing: the user is sent on to a tenant |
//! | set-up, update or adjustment of a reseller | `tier_config.rs` | create a tenant for the reseller; nothing |
//! | changed data of a customer or reseller | `tier_account.rs` | note whom to write to about each tenant |
//!
//! `usage.rs` is no answer to a request: it collects what is reported each month, when the settings name
//! a day. `api.rs` is Acme's API, and what its answers mean. `settings.rs` has the settings that Acme adds
//! to those of every program, and `main.rs` makes it one.

mod adjustment;
mod api;
mod cancel;
mod change;
mod console;
mod migration;
mod purchase;
mod renew;
mod resume;
mod revoke;
mod settings;
mod suspend;
mod tier_account;
mod tier_config;
mod transfer;
mod usage;
mod validation;

pub use api::{Acme, Tenant};
pub use settings::{AcmeSettings, connect};

use std::sync::Arc;
use std::time::Duration;

use connect_client::Client;
use connect_journal::Journal;
use connect_model::{
    AssetRequest, AssetRequestType, DateTime, TierAccountRequest, TierAccountRequestType,
    TierConfigRequest, TierConfigRequestType,
};
use connect_processor::{Callback, Context, Deadline, Outcome, Processor, UsageSchedule};

/// The fulfillment parameter that holds the id of a subscription's tenant.
pub const SUBSCRIPTION_ID: &str = "subscription_id";

/// The fulfillment parameters that hold the id of a reseller's tenant, of the first level and of the
/// second.
pub const RESELLER_IDS: [&str; 2] = ["reseller_id", "tier2_reseller_id"];

/// Looks again whether Acme is ready: seldom, where Acme calls back.
fn look_again(callback: Option<&Callback>) -> Outcome {
    let minutes = if callback.is_some() { 10 } else { 1 };
    Outcome::reschedule(Duration::from_secs(minutes * 60))
}

/// Returns the day that a request is planned for, if it is still to come: purchases and changes wait
/// for it, scheduled. The product has to let them (Settings → Delayed Activation).
fn planned(cx: &Context<AssetRequest, Acme>) -> Option<DateTime> {
    cx.request().planned_date.filter(|day| *day > cx.now())
}

/// The processor with all of Acme's handlers.
#[must_use]
pub fn processor(acme: Acme, client: Client, journal: Arc<dyn Journal>) -> Processor<Acme> {
    let (usage_day, limit) = (acme.usage_day, acme.purchase_limit);
    let processor = Processor::new(acme, client, journal)
        .on(AssetRequestType::Purchase, purchase::purchase)
        .migration(migration::adopt)
        .on(AssetRequestType::Change, change::change)
        .on(AssetRequestType::Suspend, suspend::suspend)
        .on(AssetRequestType::Resume, resume::resume)
        .on(AssetRequestType::Cancel, cancel::cancel)
        .on(AssetRequestType::Adjustment, adjustment::adjustment)
        .on(AssetRequestType::Renew, renew::renew)
        .on(AssetRequestType::Transfer, transfer::transfer)
        .on_revocation(AssetRequestType::Purchase, revoke::purchase)
        .on_revocation(AssetRequestType::Change, revoke::change)
        .on(TierConfigRequestType::Setup, tier_config::setup)
        .on(TierConfigRequestType::Update, tier_config::update)
        .on(TierConfigRequestType::Adjustment, tier_config::adjustment)
        .on(TierAccountRequestType::Update, tier_account::update)
        .steps::<AssetRequest>([
            purchase::CREATE_TENANT,
            "adopt_tenant",
            "set_limit",
            "disable_tenant",
            "enable_tenant",
            "extend_tenant",
            "hand_over_tenant",
            "delete_tenant",
        ])
        .steps::<TierConfigRequest>(["create_reseller"])
        .steps::<TierAccountRequest>(["set_contact.*"])
        .parameters(AssetRequestType::Purchase, [SUBSCRIPTION_ID, validation::ADMIN_EMAIL])
        .parameters(TierConfigRequestType::Setup, [RESELLER_IDS[0]])
        .validate(AssetRequestType::Purchase, validation::purchase)
        .action(console::CONSOLE, console::console);
    let processor = match limit {
        Some(limit) => {
            let reject = Deadline::reject_after(limit, "Acme could not deliver in time.");
            processor.deadline(&AssetRequestType::Purchase, reject)
        }
        None => processor,
    };
    match usage_day {
        Some(day) => processor.usage(UsageSchedule::monthly(day), usage::usage),
        None => processor,
    }
}
